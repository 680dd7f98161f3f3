"""Workbooks that openpyxl does not take are read as those that it takes."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from tasks.core.documents import Document
from tasks.core.errors import DamagedError
from tasks.extract.xlsx.reader import READER
from tests.extract.documents import read_with

STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def workbook() -> bytes:
    """Write a workbook with all that a reader asks of one."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Fees"
    sheet.append(["Item", "Due", "white", "tiny", "column", "on dark"])
    sheet.append(["Rent", date(2026, 1, 31), True, 0.5, "x", "hidden row"])
    sheet["C1"].font = Font(color="FFFFFFFF")
    sheet["D1"].font = Font(sz=1)
    sheet["F1"].font = Font(color="FFFFFFFF")
    sheet["F1"].fill = PatternFill("solid", fgColor="FF203040")
    sheet.column_dimensions["E"].hidden = True
    sheet["A4"], sheet["A5"] = "away", "merged"
    sheet.row_dimensions[4].hidden = True
    sheet.merge_cells("A5:B5")
    sheet["A1"].comment = Comment("Too high?", "Roe")
    sheet.oddHeader.center.text = "Confidential"
    hidden = book.create_sheet("Vault")
    hidden["A1"] = "secret"
    hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Change the parts of a package."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return stream.getvalue()


def replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    def change(name: str, content: bytes) -> bytes:
        assert name != part or old in content
        return content.replace(old, new) if name == part else content

    return changed(data, change)


def strict(_: str, content: bytes) -> bytes:
    for old, new in STRICT.items():
        content = content.replace(old, new)
    return content


def told(document: Document) -> list[tuple[str, str, str | None]]:
    return [(b.kind.value, document.text_of(b), b.set_apart) for b in document.blocks]


RULES = b'</sheetData><dataValidations><dataValidation type="odd"/></dataValidations>'


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", b"<cellStyle ", b'<cellStyle odd="1" '),
        ("xl/styles.xml", b"<patternFill/>", b'<patternFill patternType="odd"/>'),
        ("xl/styles.xml", b"<diagonal/>", b'<diagonal style="odd"/>'),
        ("xl/worksheets/sheet1.xml", b"<sheetView ", b'<sheetView view="odd" '),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", RULES),
        ("xl/workbook.xml", b"<calcPr ", b'<calcPr calcMode="odd" '),
    ],
)
def test_what_is_out_of_order_costs_neither_cells_nor_what_is_hidden(
    part: str, old: bytes, new: bytes
) -> None:
    sound = read_with(READER, workbook())
    odd = read_with(READER, replaced(workbook(), part, old, new))

    assert told(odd) == told(sound)
    assert "out of order" in " ".join(odd.warnings)
    assert "out of order" not in " ".join(sound.warnings)


def test_a_workbook_of_iso_strict_is_read_whole() -> None:
    document = read_with(READER, changed(workbook(), strict))

    assert told(document) == told(read_with(READER, workbook()))


def test_a_workbook_of_the_year_before_the_standard_is_read_whole() -> None:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def beta(name: str, content: bytes) -> bytes:
        if name == "xl/sharedStrings.xml":
            content = content.replace(b"<si>", b"<sstItem>").replace(b"</si>", b"</sstItem>")
        return content.replace(main, b"http://schemas.microsoft.com/office/excel/2006/2")

    document = read_with(READER, changed(workbook(), beta))

    assert told(document) == told(read_with(READER, workbook()))


def test_a_number_that_is_none_is_text() -> None:
    data = replaced(workbook(), "xl/worksheets/sheet1.xml", b"<v>0.5</v>", b"<v>half</v>")

    assert "| half |" in read_with(READER, data).text


def test_what_no_copy_mends_is_damaged() -> None:
    data = replaced(workbook(), "xl/workbook.xml", b'name="Fees"', b'name="Fees [x]"')

    with pytest.raises(DamagedError, match="sheets cannot be read"):
        read_with(READER, data)
