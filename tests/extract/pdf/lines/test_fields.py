"""What was filled into a form stands where it does on the page, wherever the file keeps it."""

import pytest

from tasks.core.documents import BlockKind
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.pdfium.notes import Note
from tests.extract.documents import read_pdf
from tests.extract.pdf.files import written_pdf

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
LABELS = (("Name:", 72, 690), ("Date:", 300, 690), ("I agree", 90, 630), ("Country:", 72, 580))
DRAWN = "".join(f"BT /F1 12 Tf {x} {y} Td ({text}) Tj ET\n" for text, x, y in LABELS)


def widget(rect: str, entries: str) -> bytes:
    return f"<< /Type /Annot /Subtype /Widget /F 4 /Rect [{rect}] {entries} >>".encode()


def read(*objects: bytes, fields: str, shown: str) -> list[str]:
    """Read a page whose form has these objects, from number 6 on."""
    data = written_pdf(DRAWN, FONT, page=f"/Annots [{shown}]", more=objects)
    form = f"/AcroForm << /Fields [{fields}] >>".encode()
    document = read_pdf(data.replace(b"/Type /Catalog", b"/Type /Catalog " + form))
    return "\n".join(document.text_of(block) for block in document.blocks).split("\n")


def test_a_value_that_several_widgets_share_stands_in_each_beside_its_label() -> None:
    field = b"<< /FT /Tx /T (name) /V (Ada Lovelace) /Kids [7 0 R 8 0 R] >>"
    kids = [
        widget("110 686 290 704", "/Parent 6 0 R"),
        widget("130 576 290 594", "/Parent 6 0 R"),
    ]
    date = widget("340 686 450 704", "/FT /Tx /T (date) /V (12 May)")
    lines = read(field, *kids, date, fields="6 0 R 9 0 R", shown="7 0 R 8 0 R 9 0 R")

    assert lines == ["Name: Ada Lovelace Date: 12 May", "I agree", "Country: Ada Lovelace"]


@pytest.mark.parametrize(("state", "shown"), [("Yes", "☒"), ("Off", "☐")])
def test_a_tick_stands_before_what_it_says(state: str, shown: str) -> None:
    looks = "/AP << /N << /Yes 7 0 R /Off 7 0 R >> >>"
    box = widget("72 628 86 642", f"/FT /Btn /T (ok) /V /{state} /AS /{state} {looks}")
    look = b"<< /Subtype /Form /BBox [0 0 9 9] /Length 0 >>\nstream\n\nendstream"

    assert f"{shown} I agree" in read(box, look, fields="6 0 R", shown="6 0 R")


def test_a_choice_is_shown_as_its_label_and_a_secret_not_at_all() -> None:
    options = "/Opt [[(fr) (France)] [(es) (Spain)]]"
    choice = widget("130 576 290 594", f"/FT /Ch /Ff 131072 /T (c) /V (es) {options}")
    secret = widget("110 686 290 704", "/FT /Tx /Ff 8192 /T (p) /V (sesame)")
    lines = read(choice, secret, fields="6 0 R 7 0 R", shown="6 0 R 7 0 R")

    assert lines == ["Name: Date:", "I agree", "Country: Spain"]


def test_a_value_is_kept_where_another_reader_reads_the_lines_anew() -> None:
    page = PageText(notes=(Note(BlockKind.PARAGRAPH, "Ada", placed=True),))

    assert [note.placed for note in page.reread((Line("Name:"),), "other").notes] == [False]


def test_a_form_that_only_adobe_draws_is_not_taken_for_its_notice() -> None:
    data = written_pdf(DRAWN, FONT, more=[b"<< /Length 5 >>\nstream\n<xdp>\nendstream"])
    form = b"/Type /Catalog /NeedsRendering true /AcroForm << /Fields [] /XFA 6 0 R >>"
    document = read_pdf(data.replace(b"/Type /Catalog", form))

    (lack,) = document.unread
    assert "XFA" in lack
