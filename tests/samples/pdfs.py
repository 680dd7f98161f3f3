"""The sample PDFs, drawn with fpdf2; nothing in them depends on the clock or on chance."""

import io
import random
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.fonts import FontFace
from fpdf.outline import OutlineSection
from PIL import Image, ImageDraw, ImageFont

from tests.samples.contract import (
    CUSTOMER,
    NUMBER,
    SUPPLIER,
    TITLE,
    Item,
    closing,
    contract,
    recitals,
)
from tests.samples.prose_files import lines_of, pages_of

WRITTEN = datetime(2024, 3, 14, 9, 0, tzinfo=UTC)
PASSWORD = "docmill"
_DAMAGED_SHARE = 0.4
_SCAN_SIZE = (1240, 1754)  # A4 at 150 dots an inch
_MARGIN_MM = 28


class Sheet(FPDF):
    """A PDF with a fixed date and identity, and a running head from the second page on."""

    def __init__(self, title: str, *, running_head: str = "") -> None:
        super().__init__(format="A4")
        self._running_head = running_head
        self.set_title(title)
        self.set_author("docmill samples")
        self.set_creation_date(WRITTEN)
        self.set_margins(_MARGIN_MM, 26, _MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=27)

    def file_id(self) -> str:
        """Give the same identity each time; it takes part in encryption."""
        return "<646F636D696C6C2073616D706C652031><646F636D696C6C2073616D706C652031>"

    def header(self) -> None:
        """Write the running head."""
        if self._running_head and self.page_no() > 1:
            self.set_font("Helvetica", size=8)
            self.set_y(12)
            self.cell(0, 5, self._running_head, border="B", new_x="LMARGIN", new_y="NEXT")
            self.set_y(26)

    def footer(self) -> None:
        """Write the page number."""
        if self._running_head and self.page_no() > 1:
            self.set_y(-18)
            self.set_font("Helvetica", size=8)
            self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="C")

    def paragraph(self, text: str, *, size_pt: float = 12.5, indent_mm: float = 0) -> None:
        """Write a paragraph and a little space after it."""
        self.set_font("Times", size=size_pt)
        self.set_x(_MARGIN_MM + indent_mm)
        self.multi_cell(0, size_pt * 0.59, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(3.5)

    def title_line(self, text: str, *, size_pt: float, level: int) -> None:
        """Write a heading that is in the outline and does not stand alone at a page's foot."""
        if self.will_page_break(30):
            self.add_page()
        self.start_section(text, level=level)
        self.set_font("Helvetica", style="B", size=size_pt)
        self.ln(1.5)
        self.multi_cell(0, size_pt * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def grid(self, rows: tuple[tuple[str, ...], ...]) -> None:
        """Write a table with a header row."""
        self.set_font("Helvetica", size=9)
        bold = FontFace(emphasis="BOLD", fill_color=(225, 230, 235))
        widths = (5, *[2] * (len(rows[0]) - 1))
        with self.table(rows, col_widths=widths, headings_style=bold, line_height=5.5):
            pass
        self.ln(4)


def contract_pdf() -> bytes:
    """Draw the contract: cover, contents, 27 articles, 8 schedules, signatures."""
    sheet = Sheet(TITLE, running_head=f"{TITLE} {NUMBER} - {CUSTOMER} and {SUPPLIER}")
    _cover(sheet)
    sheet.add_page()
    sheet.insert_toc_placeholder(_contents, pages=1)
    for recital in recitals():
        sheet.paragraph(recital)
    for item in contract():
        _draw(sheet, item)
    sheet.add_page()
    sheet.title_line("Signatures", size_pt=15, level=0)
    for line in closing():
        sheet.paragraph(line)
    return bytes(sheet.output())


def _cover(sheet: Sheet) -> None:
    sheet.add_page()
    sheet.set_y(90)
    for text, size in ((TITLE, 26), (f"No. {NUMBER}", 13), (CUSTOMER, 16), ("and", 12)):
        _centred(sheet, text, size)
    _centred(sheet, SUPPLIER, 16)
    _centred(sheet, "14 March 2024", 13)


def _centred(sheet: Sheet, text: str, size_pt: float) -> None:
    sheet.set_font("Helvetica", style="B" if size_pt > 15 else "", size=size_pt)
    sheet.cell(0, 14, text, align="C", new_x="LMARGIN", new_y="NEXT")


def _contents(sheet: FPDF, outline: list[OutlineSection]) -> None:
    sheet.set_xy(_MARGIN_MM, 26)
    sheet.set_font("Helvetica", style="B", size=15)
    sheet.cell(0, 10, "Contents", new_x="LMARGIN", new_y="NEXT")
    sheet.set_font("Times", size=10.5)
    for section in outline:
        if section.level == 0:
            sheet.cell(140, 5.6, section.name)
            sheet.cell(0, 5.6, str(section.page_number), align="R", new_x="LMARGIN", new_y="NEXT")


def _draw(sheet: Sheet, item: Item) -> None:
    if item.style == "heading":
        if item.text.startswith("Schedule"):
            sheet.add_page()
        sheet.title_line(item.text, size_pt=15, level=0)
    elif item.style == "section":
        sheet.title_line(item.text, size_pt=11.5, level=1)
    elif item.style == "table":
        sheet.grid(item.rows)
    else:
        sheet.paragraph(item.text, indent_mm=9 if item.style == "bullet" else 0)


def two_columns_pdf() -> bytes:
    """Draw a newsletter in two columns below a title across the page."""
    title, *lines = lines_of("two-columns.txt")
    sheet = Sheet(title.removeprefix("# "))
    sheet.add_page()
    sheet.set_font("Helvetica", style="B", size=24)
    sheet.cell(0, 16, title.removeprefix("# "), align="C", new_x="LMARGIN", new_y="NEXT")
    with sheet.text_columns(
        ncols=2, balance=True, gutter=8, text_align="JUSTIFY", line_height=1.25
    ) as columns:
        for line in lines:
            heading = line.startswith("## ")
            sheet.set_font("Times", style="B" if heading else "", size=15 if heading else 12)
            with columns.paragraph(bottom_margin=3) as paragraph:
                paragraph.write(line.removeprefix("## "))
    return bytes(sheet.output())


def scan_pdf() -> bytes:
    """Draw a letter as pictures of its two pages: slightly turned, specked, without any text."""
    sheet = Sheet("Scan")
    sheet.set_auto_page_break(auto=False)
    for number, page in enumerate(pages_of("scan.txt"), start=1):
        sheet.add_page()
        sheet.image(_photographed(page, seed=number), x=0, y=0, w=210, h=297)
    return bytes(sheet.output())


def _photographed(text: str, *, seed: int) -> io.BytesIO:
    picture = Image.new("L", _SCAN_SIZE, color=255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=32)
    draw.multiline_text((150, 170), text, font=font, fill=30, spacing=16)
    picture = picture.rotate(0.5 * (-1) ** seed, fillcolor=255)
    chance = random.Random(seed)
    draw = ImageDraw.Draw(picture)
    for _ in range(120):
        x, y = chance.randrange(_SCAN_SIZE[0]), chance.randrange(_SCAN_SIZE[1])
        draw.ellipse((x, y, x + chance.randrange(1, 4), y + 2), fill=90)
    stream = io.BytesIO()
    picture.point(lambda value: 255 if value > 140 else 0).convert("1").save(stream, "PNG")
    stream.seek(0)
    return stream


def encrypted_pdf() -> bytes:
    """Draw a page that opens only with the password."""
    sheet = Sheet("Board paper")
    sheet.set_encryption(owner_password=f"{PASSWORD}-owner", user_password=PASSWORD)
    sheet.add_page()
    sheet.paragraph("The board has set the reserve price of the Fennick site at EUR 3,275,000.")
    return bytes(sheet.output())


def damaged_pdf(whole: bytes) -> bytes:
    """Cut a PDF off where its pages have come but not yet the catalogue that ties them together."""
    return whole[: int(len(whole) * _DAMAGED_SHARE)]
