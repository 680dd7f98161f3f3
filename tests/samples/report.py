"""The sample report in Word: real styles, lists, tables with header rows, a page for each part."""

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table

from tests.samples.prose_files import pages_of

WRITTEN = datetime(2026, 2, 26, 9, 0, tzinfo=UTC).replace(tzinfo=None)  # python-docx wants none
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_STYLES = {
    "# ": "Heading 1",
    "## ": "Heading 2",
    "### ": "Heading 3",
    "- ": "List Bullet",
    "1. ": "List Number",
    "2. ": "List Number",
    "3. ": "List Number",
}


def report_docx() -> bytes:
    """Write the annual report: a title page and 24 pages, each ended by a page break."""
    file = docx.Document()
    file.styles["Normal"].font.size = Pt(12)
    file.styles["Normal"].paragraph_format.line_spacing = 1.5
    _describe(file)
    _running_heads(file)
    pages = pages_of("annual-report.txt")
    for number, page in enumerate(pages, start=1):
        _write_page(file, page.splitlines(), is_title=number == 1)
        if number < len(pages):
            file.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    return _with_fixed_times(file)


def _describe(file: WordFile) -> None:
    properties = file.core_properties
    properties.title = "Annual Report 2025"
    properties.author = "Merrowdale Water Cooperative"
    properties.subject = "Report of the board to the members"
    properties.comments = ""
    properties.created = properties.modified = WRITTEN


def _running_heads(file: WordFile) -> None:
    section = file.sections[0]
    section.header.paragraphs[0].text = "Merrowdale Water Cooperative\tAnnual Report 2025"
    footer = section.footer.paragraphs[0]
    footer.add_run("Page ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer._p.append(field)


def _write_page(file: WordFile, lines: list[str], *, is_title: bool) -> None:
    table: Table | None = None
    list_id = 0
    for line in filter(None, lines):
        if line.startswith("|"):
            table = _write_row(file, table, [cell.strip() for cell in line.split("|")[1:-1]])
            continue
        table = None
        mark, style = next(
            ((mark, style) for mark, style in _STYLES.items() if line.startswith(mark)), ("", None)
        )
        if is_title:
            style = "Title" if mark else "Subtitle"
        paragraph = file.add_paragraph(line.removeprefix(mark), style=style)
        if mark == "1. ":
            list_id = _new_list(file)
        if style == "List Number":
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = list_id
    if table is not None:
        file.add_paragraph()


def _new_list(file: WordFile) -> int:
    """Begin a numbered list that counts from 1, and give its id."""
    numbering = file.part.numbering_part.element
    style = file.styles["List Number"].element
    numbers = numbering.num_having_numId(style.pPr.numPr.numId.val)
    added = numbering.add_num(numbers.abstractNumId.val)
    added.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(added.numId)


def _write_row(file: WordFile, table: Table | None, cells: list[str]) -> Table:
    """Add a row, first the table itself with its header row."""
    if table is None:
        table = file.add_table(rows=0, cols=len(cells), style="Light Grid Accent 1")
    row = table.add_row()
    for cell, text in zip(row.cells, cells, strict=True):
        cell.text = text
    if len(table.rows) == 1:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def _with_fixed_times(file: WordFile) -> bytes:
    """Save with the same times for all entries of the zip, whenever it is saved."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    file.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
