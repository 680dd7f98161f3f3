"""Stamps and signatures that say their words by their looks alone."""

from tests.extract.documents import read_pdf
from tests.extract.pdf.files import written_pdf

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PROSE = "BT /F1 12 Tf 72 700 Td (The fee is due on signing, and no later.) Tj ET"


def look(words: str) -> bytes:
    drawn = f"BT /F1 10 Tf 2 4 Td ({words}) Tj ET".encode()
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] " + fonts
    return head + b" /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)


def note(entries: str, at: int, number: int, flags: int = 4) -> bytes:
    rest = f"/Rect [72 {at} 272 {at + 20}] /F {flags} /AP << /N {number} 0 R >>"
    return f"<< /Type /Annot {entries} {rest} >>".encode()


def read(*objects: bytes, notes: str, fields: str = "") -> list[tuple[str, str]]:
    data = written_pdf(PROSE, FONT, page=f"/Annots [{notes}]", more=objects)
    form = f"/Type /Catalog /AcroForm << /Fields [{fields}] >>".encode()
    document = read_pdf(data.replace(b"/Type /Catalog", form))
    return [(b.kind.value, document.text_of(b)) for b in document.blocks]


def test_the_words_of_a_stamp_and_of_a_signature_are_read() -> None:
    objects = (
        note("/Subtype /Stamp", 600, 8),
        note("/Subtype /Widget /FT /Sig /T (s) /V << /Type /Sig >>", 500, 9),
        look("RECEIVED 12 May"),
        look("Digitally signed by Ada"),
    )

    assert read(*objects, notes="6 0 R 7 0 R", fields="7 0 R") == [
        ("paragraph", "The fee is due on signing, and no later."),
        ("comment", "RECEIVED 12 May"),
        ("paragraph", "Digitally signed by Ada"),
    ]


def test_a_look_is_not_read_beside_words_nor_where_nobody_sees_it() -> None:
    objects = (
        note("/Subtype /Stamp /Contents (Paid)", 600, 8),
        note("/Subtype /Stamp", 500, 8, flags=2),
        look("PAID IN FULL"),
    )

    assert read(*objects, notes="6 0 R 7 0 R") == [
        ("paragraph", "The fee is due on signing, and no later."),
        ("comment", "Paid"),
    ]
