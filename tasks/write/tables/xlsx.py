"""Write an output's tables as an Excel workbook: typed cells, frozen headers, no formula."""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from xlsxwriter import Workbook

from tasks.core.errors import OutputError
from tasks.core.outputs import Output
from tasks.write.about import ABOUT_TITLE, NOT_COVERED, about_facts, gap_lines, warnings_of
from tasks.write.clean import clean, one_line
from tasks.write.package import MOMENT, pinned
from tasks.write.source import SourceInfo
from tasks.write.tables.grid import Grid, Value, citations_grid, conflicts_grid, records_grid

_MOST_ROWS = 1_048_575
_MOST_CHARACTERS = 32_767
_CUT = " \u2026 [cut: the JSON output has it whole]"
_LARGEST_EXACT = 10**15  # a larger whole number loses figures in Excel
_DATE = re.compile(r"(19|20)\d\d-[01]\d-[0-3]\d")
_NARROWEST, _WIDEST = 9, 58
_LINE_PT, _HIGHEST_PT = 14.2, 409
_FACE = {"font_name": "Calibri", "font_size": 10.5, "valign": "top"}
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render_xlsx(output: Output, source: SourceInfo) -> bytes:
    """Give an output as a workbook: records, conflicts, citations, and what is to be known of it.

    OutputError where a sheet cannot hold all rows.
    """
    saved = io.BytesIO()
    book = Workbook(saved, _OPTIONS)
    title = one_line(output.title)[:255]
    book.set_properties({"title": title, "author": "docmill", "created": MOMENT})
    faces = _faces(book)
    for grid in _grids(output, source):
        _add(book, grid, faces)
    _add_about(book, output, source, faces)
    book.close()
    return pinned(saved.getvalue())


def _grids(output: Output, source: SourceInfo) -> Iterator[Grid]:
    """Give the sheets; those of evidence only if there is any."""
    citations = citations_grid(output, source)
    if output.records is None:
        yield citations
        return
    yield records_grid(output)
    conflicts = conflicts_grid(output)
    yield from (grid for grid in (conflicts, citations) if grid.rows)


def _faces(book: Workbook) -> dict[str, Any]:
    """Give the formats; a text keeps its apostrophe even when a person edits its cell."""
    head = _FACE | {"bold": True, "text_wrap": True, "bg_color": "#F2F2F2", "bottom": 1}
    return {
        "head": book.add_format(head | {"bottom_color": "#BFBFBF", "font_color": "#1F2A44"}),
        "text": book.add_format(_FACE | {"text_wrap": True, "quote_prefix": True}),
        "number": book.add_format(_FACE | {"align": "right", "indent": 1}),
        "date": book.add_format(_FACE | {"num_format": "yyyy-mm-dd", "align": "left"}),
        "label": book.add_format(_FACE | {"bold": True}),
    }


def _add(book: Workbook, grid: Grid, faces: dict[str, Any]) -> None:
    """Add a sheet whose header stays in sight, on the screen and on paper."""
    if len(grid.rows) > _MOST_ROWS:
        raise OutputError(f"{len(grid.rows):,} rows do not fit an Excel sheet: use csv or jsonl")
    sheet = book.add_worksheet(grid.name)
    widths = list(_widths(grid))
    for column, (name, width) in enumerate(zip(grid.columns, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, _fitting(name), faces["head"])
    for line, row in enumerate(grid.rows, start=1):
        sheet.set_row(line, _height(row, widths))
        for column, value in enumerate(row):
            _write(sheet, (line, column), value, faces)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(grid.rows), 1), len(grid.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&F&R&P / &N")


def _write(sheet: Any, place: tuple[int, int], value: Value, faces: dict[str, Any]) -> None:
    """Write a cell as what it is: number, date, yes or no, or text; never a formula."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(*place, value, faces["number"])
    elif isinstance(value, str):
        day = _day(value)
        if day is None:
            sheet.write_string(*place, _fitting(value), faces["text"])
        else:
            sheet.write_datetime(*place, day, faces["date"])
    elif abs(value) < _LARGEST_EXACT:
        sheet.write_number(*place, value, faces["number"])
    else:  # infinite, no number, or too long to be exact
        sheet.write_string(*place, str(value), faces["text"])


def _day(text: str) -> datetime | None:
    """Read a date as models write them; nothing for what only looks like one."""
    try:
        return datetime.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _fitting(text: str) -> str:
    """Cut a text that no cell can hold, and say so."""
    if len(text) <= _MOST_CHARACTERS:
        return text
    return text[: _MOST_CHARACTERS - len(_CUT)] + _CUT


def _widths(grid: Grid) -> Iterator[int]:
    """Give each column the width of its longest line, within reason."""
    for column, name in enumerate(grid.columns):
        lines = (line for row in grid.rows for line in str(row[column] or "").split("\n"))
        longest = max(map(len, lines), default=0)
        yield min(max(longest + 2, len(name) + 4, _NARROWEST), _WIDEST)


def _height(row: Sequence[Value], widths: Sequence[int]) -> float:
    """Give a row the height of its longest cell; not every program finds it by itself."""
    most = max(
        sum(max(1, ceil(len(line) / width)) for line in str(value or "").split("\n"))
        for value, width in zip(row, widths, strict=True)
    )
    return min(most * _LINE_PT + 2, _HIGHEST_PT)


def _add_about(book: Workbook, output: Output, source: SourceInfo, faces: dict[str, Any]) -> None:
    """Add the sheet on the output itself: what is amiss, how it was made, what it lacks."""
    sheet = book.add_worksheet("About")
    widths = (26, 70)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    lines = [
        ("Title", output.title),
        *(("Note", warning) for warning in warnings_of(output)),
        *about_facts(output, source),
        *((NOT_COVERED, line) for line in gap_lines(output)),
    ]
    sheet.write_string(0, 0, ABOUT_TITLE, faces["head"])
    sheet.write_string(0, 1, "", faces["head"])
    for line, (label, fact) in enumerate(lines, start=1):
        sheet.set_row(line, _height((label, fact), widths))
        sheet.write_string(line, 0, label, faces["label"])
        sheet.write_string(line, 1, _fitting(clean(fact)), faces["text"])
