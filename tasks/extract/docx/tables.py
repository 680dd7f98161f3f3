"""A Word table as a Markdown table: its grid, with merged cells once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.extract.rows import markdown_table as rows_as_markdown
from tasks.extract.xml import MC, Element, W, alternative, number_of

_MAX_COLUMNS = 63  # Word's own limit; a larger span is a mistake or an attack
_ROW_CHANGES = ((f"{W}trPr/{W}del", "--"), (f"{W}trPr/{W}ins", "++"))
_ROW, _CELL = f"{W}tr", f"{W}tc"
_BLOCKS = (f"{W}p", f"{W}tbl")
_DELETED = (f"{W}del", f"{W}moveFrom")
_DELETED_CELL = f"{W}tcPr/{W}cellDel"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's element, and how many columns of the grid it takes."""

    element: Element
    span: int


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, after `skipped` columns that have none.

    `change` marks a row that a tracked change added ("++") or deleted ("--").
    """

    cells: tuple[Cell, ...]
    skipped: int
    change: str = ""


@dataclass(frozen=True, slots=True)
class RowText:
    """A row as it has been read: the columns skipped, and each cell's text and span."""

    skipped: int
    cells: tuple[tuple[str, int], ...]


def rows_of(table: Element, *, deleted: bool = False) -> list[Row]:
    """Give the rows of a table, also from content controls, and those deleted if wanted."""
    rows = (_row(row, deleted=deleted) for row in _within(table, _ROW))
    if deleted:
        return list(rows)
    return [replace(row, change="") for row in rows if row.change != "--"]


def strays_of(table: Element) -> Iterator[Element]:
    """Give what stands, against the schema, between a table's rows or cells and in none."""
    return _within(table, *_BLOCKS, shut=(_CELL,))


def markdown_table(rows: Sequence[RowText]) -> str:
    """Write rows as a Markdown table with the first as its header; empty where no cell has text.

    A cell over several columns stands in the first of them.
    """
    grid = [_columns(row) for row in rows]
    if not any(text for columns in grid for text in columns):
        return ""
    return rows_as_markdown(grid)


def flat_table(rows: Sequence[RowText]) -> str:
    """Write rows on one line, for a table that stands in a cell of another one."""
    lines = (" | ".join(text for text, _ in row.cells if text) for row in rows)
    return "; ".join(line for line in lines if line)


def _row(row: Element, *, deleted: bool) -> Row:
    change = next((mark for path, mark in _ROW_CHANGES if row.find(path) is not None), "")
    skipped = number_of(row.find(f"{W}trPr"), f"{W}gridBefore") or 0
    found = _within(row, _CELL)
    cells = [_cell(cell) for cell in found if deleted or cell.find(_DELETED_CELL) is None]
    return Row(tuple(cells), min(max(skipped, 0), _MAX_COLUMNS), change)


def _cell(cell: Element) -> Cell:
    span = number_of(cell.find(f"{W}tcPr"), f"{W}gridSpan") or 1
    return Cell(cell, min(max(span, 1), _MAX_COLUMNS))


def _within(
    parent: Element, *tags: str, shut: Collection[str] = (_ROW, _CELL, *_BLOCKS)
) -> Iterator[Element]:
    """Find rows or cells, also where content controls or insertions wrap them."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            branch = alternative(child)
            yield from _within(branch, *tags, shut=shut) if branch is not None else ()
        elif child.tag not in _DELETED and child.tag not in shut:
            yield from _within(child, *tags, shut=shut)


def _columns(row: RowText) -> list[str]:
    columns = [""] * row.skipped
    for text, span in row.cells:
        columns += [text, *[""] * (span - 1)]
    return columns
