"""Small PDFs for the tests, drawn with fpdf2 or spelt out byte by byte."""

from collections.abc import Sequence

from fpdf import FPDF
from fpdf.enums import AccessPermission
from PIL import Image


def text_pdf(
    pages: Sequence[str],
    *,
    head: str = "",
    foot: str = "",
    titles: Sequence[str] = (),
) -> bytes:
    """Draw pages of text; `{n}` in head and foot is the page's number, titles start the pages."""
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    for number, text in enumerate(pages, start=1):
        pdf.add_page()
        pdf.set_font("Helvetica", size=9)
        _text_at(pdf, 8, head.format(n=number))
        _text_at(pdf, 285, foot.format(n=number))
        pdf.set_xy(10, 30)
        if titles:
            pdf.set_font("Helvetica", style="B", size=14)
            pdf.start_section(titles[number - 1])
            pdf.cell(text=titles[number - 1], new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Helvetica", size=11)
        pdf.multi_cell(w=120, text=text, align="L")
    return bytes(pdf.output())


def _text_at(pdf: FPDF, y: float, text: str) -> None:
    if text:
        pdf.set_xy(10, y)
        pdf.cell(text=text)


def locked_pdf(text: str, *, user_password: str) -> bytes:
    """Draw one page under a password; an empty one locks copying alone."""
    pdf = FPDF()
    pdf.set_encryption(
        owner_password="owner", user_password=user_password, permissions=AccessPermission.none()
    )
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.multi_cell(w=120, text=text)
    return bytes(pdf.output())


def picture_pdf(*, stamps: Sequence[str] = ("",)) -> bytes:
    """Draw a page for each stamp that holds one picture, and the stamp at its foot."""
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    for stamp in stamps:
        pdf.add_page()
        pdf.image(Image.new("L", (40, 40), color=128), x=20, y=30, w=150)
        pdf.set_font("Helvetica", size=9)
        _text_at(pdf, 285, stamp)
    return bytes(pdf.output())


def blank_pdf() -> bytes:
    """Draw a page with nothing on it."""
    pdf = FPDF()
    pdf.add_page()
    return bytes(pdf.output())


def written_pdf(content: str, font: bytes, *, page: str = "", more: Sequence[bytes] = ()) -> bytes:
    """Write one page with this content and font (/F1); `more` are objects from number 6 on."""
    drawn = content.encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> " + page.encode() + b" >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        font,
        *more,
    ]
    numbered = (b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer << /Root 1 0 R >>\n%%EOF\n"
