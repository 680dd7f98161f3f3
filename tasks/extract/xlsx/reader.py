"""Reading Excel workbooks: each sheet a table, by openpyxl; what is drawn over it by our own walk.

A formula stands as the value that Excel last computed. Hidden sheets, rows and columns are set
apart, and so are cells whose text has the colour of their fill.
"""

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from tasks.core.documents import BlockKind
from tasks.core.errors import DamagedError, LimitError, UnsupportedFormatError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.guard import NOT_SHOWN, RUNNING_HEAD
from tasks.extract.office.embedded import embedded_facts, unpack_office
from tasks.extract.office.opc import Package, core_properties, unread_parts
from tasks.extract.reader import At, Request
from tasks.extract.rows import markdown_table
from tasks.extract.xlsx.copy import plain_copy
from tasks.extract.xlsx.formats import S
from tasks.extract.xlsx.look import folded, hidden_columns, unseen_cell
from tasks.extract.xml import A

_UNREAD = {
    "vbaProject": "set of macros",
}
_ODD = "its formats are out of order ({why}): cells and what is hidden were read all the same"
_MOST_CELLS = 5_000_000


def read_xlsx(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read a workbook; a sheet is a heading and a table, empty rows and columns left out."""
    package = Package(data, request.limits)
    if package.main.tag.rpartition("}")[2] != "workbook":
        raise UnsupportedFormatError("it is an Office file but no workbook")
    package.check_all()  # openpyxl parses without our care
    workbook, doubt = _opened(data, package)
    drawings = _drawings(package)
    for sheet in workbook.worksheets:
        yield from _sheet(sheet)
        yield from (Piece(text, set_apart=_hidden(sheet)) for text in drawings.get(sheet.title, ()))
    for chart in workbook.chartsheets:
        yield Piece(chart.title, BlockKind.HEADING, 1, set_apart=_hidden(chart))
        yield from (Piece(text, set_apart=_hidden(chart)) for text in drawings.get(chart.title, ()))
    yield from embedded_facts(package)
    yield Facts(
        metadata=core_properties(package),
        warnings=(
            *package.warnings,
            *unread_parts(package, [package.main_part], _UNREAD),
            *doubt,
        ),
        unread=(*_uncomputed(package), *package.unread),
    )


READER = reader_of_pieces(read_xlsx, unpack_office)


def _opened(data: bytes, package: Package) -> tuple[Any, tuple[str, ...]]:
    """Open a workbook, or a plain copy of one that openpyxl does not take; say so in a warning."""
    try:
        workbook = _loaded(data)
    except DamagedError as error:
        return _loaded(plain_copy(package)), (_ODD.format(why=error.__cause__),)
    known = package.main.tag == f"{S}workbook"
    if known and len(workbook.sheetnames) >= len(list(package.main.iterfind("{*}sheets/{*}sheet"))):
        return workbook, ()
    return _loaded(plain_copy(package)), ()  # ISO Strict, or older, of which openpyxl sees nothing


def _loaded(data: bytes) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on extensions that it does not keep
            return load_workbook(io.BytesIO(data), data_only=True)
    except MemoryError:
        raise
    except Exception as error:  # whatever a library raises means the file
        raise DamagedError(
            f"its sheets cannot be read ({type(error).__name__}: {error}). Save it again."
        ) from error


def _uncomputed(package: Package) -> tuple[str, ...]:
    """Say how many formulas have no value, as programs leave them that cannot compute."""
    links = package.relationships(package.main_part)
    sheets = (package.part(link.target) for link in links if link.kind == "worksheet")
    cells = (cell for sheet in sheets if sheet is not None for cell in sheet.iter("{*}c"))
    empty = sum(
        cell.find("{*}f") is not None and cell.get("t") != "str" and not cell.findtext("{*}v")
        for cell in cells
    )
    how = "open it in Excel or LibreOffice and save it there"
    return (f"{empty:,} of its formulas were not read, they have no value: {how}",) * bool(empty)


def _hidden(sheet: Any) -> str | None:
    return NOT_SHOWN if sheet.sheet_state != "visible" else None


def _sheet(sheet: Any) -> Iterator[Piece]:
    hidden = _hidden(sheet)
    yield Piece(sheet.title, BlockKind.HEADING, 1, set_apart=hidden)
    shown: dict[tuple[int, int], str] = {}
    apart: dict[str, list[str]] = {}
    comments: list[Piece] = []
    columns = hidden_columns(sheet)
    for cell in _cells(sheet):
        text = _written(cell.value)
        if text:
            unseen = unseen_cell(sheet, cell, columns)
            if unseen is None:
                shown[cell.row, cell.column] = text
            else:
                apart.setdefault(unseen, []).append(text)
        if cell.comment is not None:
            told = f"{cell.coordinate}: {cell.comment.text}"
            away = NOT_SHOWN if folded(sheet, cell, columns) else None
            comments.append(Piece(told, BlockKind.COMMENT, set_apart=away))
    if shown:
        yield Piece(markdown_table(_grid(sheet.title, shown)), BlockKind.TABLE, set_apart=hidden)
    yield from (Piece(" | ".join(texts), set_apart=why) for why, texts in apart.items())
    yield from comments
    yield from (
        Piece(text, BlockKind.HEADER_FOOTER, set_apart=RUNNING_HEAD) for text in _heads(sheet)
    )


def _cells(sheet: Any) -> Iterator[Any]:
    """Give the cells that are there: one far from the others would make a grid of millions."""
    held = sheet._cells
    return (held[place] for place in sorted(held))


def _heads(sheet: Any) -> Iterator[str]:
    """Give what is printed above and below the cells; Excel's codes stand for numbers and names."""
    for place in (
        "oddHeader",
        "oddFooter",
        "evenHeader",
        "evenFooter",
        "firstHeader",
        "firstFooter",
    ):
        parts = (getattr(getattr(sheet, place), side).text for side in ("left", "center", "right"))
        yield "\t".join(part for part in parts if part)


def _grid(title: str, cells: dict[tuple[int, int], str]) -> list[list[str]]:
    """Lay cells out without the rows and columns that hold none."""
    rows = sorted({row for row, _ in cells})
    columns = sorted({column for _, column in cells})
    if len(rows) * len(columns) > _MOST_CELLS:
        raise LimitError(f"its sheet {title} has more than {_MOST_CELLS:,} cells. Split it.")
    return [[cells.get((row, column), "") for column in columns] for row in rows]


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, datetime | date | time):
        return value.isoformat(*(" ",) if isinstance(value, datetime) else ())
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _drawings(package: Package) -> dict[str, list[str]]:
    """Give the texts of the shapes and charts on each sheet, by its title."""
    found: dict[str, list[str]] = {}
    targets = {link.id: link.target for link in package.relationships(package.main_part)}
    for sheet in package.main.iter("{*}sheet"):
        ids = [value for key, value in sheet.attrib.items() if key.endswith("}id")]
        name = targets.get(ids[0], "") if ids else ""
        for link in package.relationships(name) if name else ():
            if link.kind == "drawing":
                found.setdefault(sheet.get("name", ""), []).extend(_texts(package, link.target))
    return found


def _texts(package: Package, name: str) -> Iterator[str]:
    parts = [name]
    parts += [link.target for link in package.relationships(name) if link.kind == "chart"]
    for part in parts:
        root = package.part(part)
        for paragraph in () if root is None else root.iter(f"{A}p"):
            text = "".join(element.text or "" for element in paragraph.iter(f"{A}t"))
            if text.strip():
                yield text
