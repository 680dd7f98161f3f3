"""Sound files to damage: the samples, one made of each further format, and the corpora if there."""

import io
from email.message import EmailMessage
from pathlib import Path

from openpyxl import Workbook
from pptx import Presentation

from tests.corpora import CORPORA
from tests.extract.containers import container, package
from tests.extract.docx.building import docx, p, zipped
from tests.samples.features import features_docx

SAMPLES = Path(__file__).parents[1] / "samples"
_SUFFIXES = {".pdf", ".docx", ".md"}


def small_sources() -> dict[str, bytes]:
    """Give one small file of each format, by name."""
    return {
        "features.docx": features_docx(),
        "slides.pptx": _slides(),
        "sheet.xlsx": _sheet(),
        "message.eml": _message(),
        "page.html": b"<html><body><h1>Head</h1><table><tr><td>a<td>b</table><p>text",
        "book.epub": _book(),
        "papers.zip": zipped({"a/note.txt": "The fee is 9.", "lease.docx": docx(p("The lease"))}),
        "package.docx": _embedding(),
        "two-columns.pdf": (SAMPLES / "two-columns.pdf").read_bytes(),
        "minutes.md": (SAMPLES / "minutes.md").read_bytes(),
    }


def all_sources() -> dict[str, bytes]:
    """Give these, the other samples, and the real documents where they are beside the checkout."""
    files = [*SAMPLES.iterdir(), *(CORPORA.rglob("*") if CORPORA.is_dir() else ())]
    found = {path.name: path.read_bytes() for path in sorted(files) if path.suffix in _SUFFIXES}
    return small_sources() | found


def _embedding() -> bytes:
    inner = container("\x01Ole10Native", package(b"fee.txt", b"The fee is 9."))
    parts = {"word/embeddings/ole1.bin": inner}
    return docx(p("The lease"), parts=parts, oleObject="embeddings/ole1.bin")


def _slides() -> bytes:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "A title"
    slide.placeholders[1].text = "One\nTwo"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _sheet() -> bytes:
    book = Workbook()
    for number in range(20):
        book.active.append([number, f"text {number}", number / 7])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _message() -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada <ada@a.example>", "The lease"
    made.set_content("Dear Bo,\n\nit is due.")
    made.add_alternative("<p>Dear Bo,</p><p>it is <b>due</b>.</p>", subtype="html")
    made.add_attachment(features_docx(), "application", "x", filename="features.docx")
    return made.as_bytes()


def _book() -> bytes:
    container = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    package = (
        '<package><manifest><item id="a" href="a.xhtml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    page = "<html><body><h1>One</h1><p>text</p></body></html>"
    return zipped({"META-INF/container.xml": container, "b.opf": package, "a.xhtml": page})
