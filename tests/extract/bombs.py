"""Files that would cost whoever reads them: each is made here, none is kept."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator

from tests.extract.docx.building import docx, part, relationships, zipped

MIB = 1 << 20


def zip_bomb() -> bytes:
    """Give a Word file whose body unpacks to a thousand times its size."""
    return _streamed(b"\0" * MIB for _ in range(200))


def three_million_paragraphs() -> bytes:
    """Give a Word file of paragraphs that differ enough not to look like a bomb when packed."""
    head, tail = _around()
    chance = random.Random(3)
    forms = (b"<w:p/>", b"<w:p></w:p>", b"<w:p />", b"<w:p> </w:p>")
    paragraphs = b"".join(chance.choices(forms, k=100_000))
    return _streamed(_pieces(head, paragraphs, 30, tail))


def text_node_of_400_mb() -> bytes:
    head, tail = _around()
    open_text, close_text = b"<w:p><w:r><w:t>", b"</w:t></w:r></w:p>"
    return _streamed(_pieces(head + open_text, b"x" * MIB, 400, close_text + tail))


def billion_laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    return _with_doctype(f"<!DOCTYPE d [{entities}]>", "&a9;")


def external_entity() -> bytes:
    return _with_doctype('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;")


def deep_nesting() -> bytes:
    return docx("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000)


def many_entries() -> bytes:
    return zipped({f"word/{n}.xml": "" for n in range(60_000)})


def zip_in_its_own_directory() -> bytes:
    """Give a zip whose hundred entries all name the same packed bytes."""
    inner = bytearray(_streamed(b"\0" * MIB for _ in range(16)))
    start = inner.rindex(b"PK\x01\x02")
    end = inner.rindex(b"PK\x05\x06")
    entry, trailer = bytes(inner[start:end]), bytearray(inner[end:])
    count = 100
    entries = b"".join(
        entry.replace(b"word/document.xml", b"word/document%03d" % n) for n in range(count)
    )
    trailer[8:12] = count.to_bytes(2, "little") * 2
    trailer[12:16] = len(entries).to_bytes(4, "little")
    trailer[16:20] = start.to_bytes(4, "little")
    return bytes(inner[:start]) + entries + bytes(trailer)


def recursive_pages() -> bytes:
    """Give a PDF whose page tree has itself as a child."""
    return _pdf("<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>")


def recursive_form(calls: int = 1) -> bytes:
    """Give a PDF whose page draws a form that draws itself; pdfium follows forty times."""
    content = "/F Do " * calls
    form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 4 0 R>>>>"
    return _pdf(
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R"
        "/Resources<</XObject<</F 4 0 R>>>>>>",
        f"<<{form}/Length {len(content)}>>\nstream\n{content}\nendstream",
        "<</Length 6>>\nstream\n/F Do \nendstream",
    )


def multiplying_form() -> bytes:
    """Give a PDF with a form that draws itself twice, and so has a tree of 2^40."""
    return recursive_form(calls=2)


def deep_array() -> bytes:
    return _pdf("[" * 500_000)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb": ("bomb.docx", zip_bomb),
    "3 M paragraphs": ("many.docx", three_million_paragraphs),
    "400 MB text node": ("text.docx", text_node_of_400_mb),
    "billion laughs": ("laughs.docx", billion_laughs),
    "XXE": ("xxe.docx", external_entity),
    "nesting 100,000 deep": ("deep.docx", deep_nesting),
    "60,000 entries": ("entries.docx", many_entries),
    "overlapping entries": ("overlap.docx", zip_in_its_own_directory),
    "recursive page tree": ("pages.pdf", recursive_pages),
    "recursive form": ("form.pdf", recursive_form),
    "multiplying form": ("forms.pdf", multiplying_form),
    "array 500,000 deep": ("array.pdf", deep_array),
}


def _around() -> tuple[bytes, bytes]:
    whole = part("w:document", "<w:body>|</w:body>").encode()
    head, _, tail = whole.partition(b"|")
    return head, tail


def _pieces(head: bytes, piece: bytes, count: int, tail: bytes) -> Iterator[bytes]:
    yield head
    for _ in range(count):
        yield piece
    yield tail


def _streamed(pieces: Iterator[bytes]) -> bytes:
    """Write a Word file whose body comes in pieces, which are never together in memory."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relationships(officeDocument="word/document.xml"))
        with archive.open("word/document.xml", "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
    return stream.getvalue()


def _with_doctype(doctype: str, text: str) -> bytes:
    body = part("w:document", f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>")
    rels = relationships(officeDocument="word/document.xml")
    return zipped({"_rels/.rels": rels, "word/document.xml": doctype + body})


def _pdf(*objects: str) -> bytes:
    """Write a PDF of a catalogue, and of objects that are numbered from 2."""
    numbered = enumerate(("<</Type/Catalog/Pages 2 0 R>>", *objects), start=1)
    body = "".join(f"{number} 0 obj\n{content}\nendobj\n" for number, content in numbered)
    return f"%PDF-1.7\n{body}trailer\n<</Root 1 0 R>>\n%%EOF".encode()
