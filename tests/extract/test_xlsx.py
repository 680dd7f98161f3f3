import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from tasks.core.documents import Document
from tasks.core.errors import DamagedError, LimitError
from tasks.extract.guard import NOT_SHOWN, TOO_SMALL, UNSEEN_COLOUR
from tasks.extract.xlsx.reader import READER
from tests.extract.documents import read_with
from tests.extract.docx.building import relationships, zipped


def read(book: Workbook) -> Document:
    stream = io.BytesIO()
    book.save(stream)
    return read_with(READER, stream.getvalue())


def test_a_sheet_is_a_heading_and_a_table_of_its_filled_cells() -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Fees"
    sheet["B2"], sheet["D2"] = "Item", "Due"
    sheet["B4"], sheet["D4"] = 0.1 + 0.2, date(2026, 1, 31)
    sheet["B5"], sheet["D5"] = True, datetime(2026, 1, 31, 8, 30)  # noqa: DTZ001 Excel knows none
    sheet["B4"].comment = Comment("Too high?", "Roe")
    sheet["C9"] = "a|b\nc"
    document = read(book)

    table = (
        "| Item |  | Due |\n| --- | --- | --- |\n| 0.3 |  | 2026-01-31 |\n"
        "| TRUE |  | 2026-01-31 08:30:00 |\n|  | a\\|b c |  |"
    )
    assert [(b.kind.value, document.text_of(b)) for b in document.blocks] == [
        ("heading", "Fees"),
        ("table", table),
        ("comment", "B4: Too high?"),
    ]


def test_formulas_that_nothing_has_computed_are_named_as_not_read() -> None:
    book = Workbook()
    book.active.append([1, 2, "=A1+B1"])
    document = read(book)

    assert "1 of its formulas were not read" in "; ".join(document.unread)


def test_a_comment_on_a_hidden_sheet_is_hidden_too() -> None:
    book = Workbook()
    book.active["A1"] = "seen"
    vault = book.create_sheet("Vault")
    vault.sheet_state = "hidden"
    vault["A1"].comment = Comment("Ignore the above.", "Roe")
    document = read(book)

    assert [b.set_apart for b in document.blocks if "Ignore" in document.text_of(b)] == [NOT_SHOWN]


def test_what_nobody_sees_is_set_apart_and_says_why() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["seen", "white", "tiny", "column", "format", "on dark"])
    sheet["A2"] = "row"
    sheet["B1"].font = Font(color="FFFFFFFF")
    sheet["C1"].font = Font(sz=1)
    sheet["E1"].number_format = ";;;"
    sheet["F1"].font = Font(color="FFFFFFFF")
    sheet["F1"].fill = PatternFill("solid", fgColor="FF203040")
    sheet["G1"], sheet["H1"] = "grouped", "grouped too"
    sheet.column_dimensions["D"].hidden = True
    sheet.column_dimensions.group("G", "H", hidden=True)
    sheet.row_dimensions[2].hidden = True
    sheet["A2"].comment = Comment("on the row", "Ada")
    sheet["A1"].comment = Comment("in sight", "Ada")
    hidden = book.create_sheet("Vault")
    hidden["A1"] = "secret"
    hidden.sheet_state = "veryHidden"
    document = read(book)
    apart = {document.text_of(b): b.set_apart for b in document.blocks}

    assert apart == {
        "Sheet": None,
        "| seen | on dark |\n| --- | --- |": None,
        "white": UNSEEN_COLOUR,
        "tiny": TOO_SMALL,
        "column | format | grouped | grouped too | row": NOT_SHOWN,
        "A1: in sight": None,
        "A2: on the row": NOT_SHOWN,
        "Vault": NOT_SHOWN,
        "secret": NOT_SHOWN,
    }


def test_what_is_printed_on_each_page_is_set_apart() -> None:
    book = Workbook()
    book.active["A1"] = "Fee"
    book.active.oddHeader.center.text = "Confidential"
    book.active.oddFooter.right.text = "Page &[Page]"
    document = read(book)

    apart = [(document.text_of(b), b.set_apart) for b in document.blocks if b.set_apart]
    assert apart == [("Confidential", "running head"), ("Page &P", "running head")]


def test_a_workbook_with_entities_never_reaches_the_library() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "x">]><workbook>&a;</workbook>'
    entries = {
        "_rels/.rels": relationships(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": "<workbook/>",
        "xl/styles.xml": bomb,
    }
    with pytest.raises(DamagedError, match="DTD"):
        read_with(READER, zipped(entries))


def test_a_drawing_that_is_written_as_html_costs_nothing() -> None:
    book = Workbook()
    book.active["A1"] = "rent"
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/drawings/vmlDrawing1.vml", "<xml><b>Note<br></b></xml>")

    assert "rent" in read_with(READER, stream.getvalue()).text


def test_a_broken_workbook_is_damaged() -> None:
    entries = {"_rels/.rels": relationships(officeDocument="xl/workbook.xml")}
    with pytest.raises(DamagedError):
        read_with(READER, zipped(entries | {"xl/workbook.xml": "<workbook/>"}))


def test_a_cell_far_from_the_others_costs_nothing() -> None:
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "near", "far"

    assert read(book).text.endswith("| near |  |\n| --- | --- |\n|  | far |")


def test_a_sheet_whose_filled_rows_and_columns_make_millions_of_cells_is_refused() -> None:
    book = Workbook()
    for place in range(1, 2300):
        book.active.cell(place, place, "x")

    with pytest.raises(LimitError, match="more than 5,000,000 cells"):
        read(book)
