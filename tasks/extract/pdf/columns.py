"""Reading tables without rules: where rows of short phrases leave the same gaps free."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tasks.core.documents import Box
from tasks.extract.pdf.words import Word

_FEWEST_ROWS = 3
_FURTHEST = 3.2  # times a row's height, from one row to the next
_LONE_ROWS = 2  # titles and continuation lines between rows of several cells
_LONGEST_CELL = 60  # characters of any cell but the first
_FIGURE_SHARE = 0.5  # of the cells right of the first column
_FIGURE = re.compile(
    r"[-\u2212\u2013\u2014+($\u20ac\u00a3\u00a5]*\s?[\d.,]*\d[\d.,]*\s?[%)]*|[-\u2013\u2014]|n/?a",
    re.I,
)
_SIGN_BEFORE = re.compile(r"[$\u20ac\u00a3\u00a5(]+")
_SIGN_AFTER = re.compile(r"[%)]+")

Rows = tuple[tuple[str, ...], ...]


class Row(NamedTuple):
    """What stands at one height, and the lines that it comes from; None for no place."""

    phrases: tuple[Word, ...]
    lines: frozenset[int]
    box: Box | None
    height: float


def read_columns(rows: Sequence[Row]) -> Iterator[tuple[Rows, frozenset[int]]]:
    """Give the cells of each aligned table, and the lines that it is read from."""
    for run in _runs([_signed(row) for row in rows]):
        columns = _columns(run)
        if len(columns) < 2:
            continue
        cells = [_cells(row, columns) for row in run]
        if _is_certain(cells):
            yield tuple(_with_header(cells)), frozenset().union(*(row.lines for row in run))


def _signed(row: Row) -> Row:
    """Put signs of currency and the like to the figures that they belong to."""
    joined: list[Word] = []
    sign: Word | None = None
    for phrase in row.phrases:
        if _SIGN_BEFORE.fullmatch(phrase.text):
            sign = phrase
            continue
        if sign:
            box = Box(sign.box.left, phrase.box.top, phrase.box.right, phrase.box.bottom)
            phrase = Word(sign.text + phrase.text, box)  # noqa: PLW2901 a new word for the same
            sign = None
        if joined and _SIGN_AFTER.fullmatch(phrase.text):
            last = joined.pop()
            box = Box(last.box.left, last.box.top, phrase.box.right, last.box.bottom)
            phrase = Word(last.text + phrase.text, box)  # noqa: PLW2901
        joined.append(phrase)
    if sign:
        joined.append(sign)
    return row._replace(phrases=tuple(joined))


def _runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Give stretches of rows that may be a table: several cells each, and few others between."""
    run: list[Row] = []
    for row in rows:
        if run and not _goes_on(run, row):
            yield from _trimmed(run)
            run = []
        if run or _has_cells(row):
            run.append(row)
    yield from _trimmed(run)


def _has_cells(row: Row) -> bool:
    return len(row.phrases) >= 2 and all(len(p.text) <= _LONGEST_CELL for p in row.phrases[1:])


def _goes_on(run: Sequence[Row], row: Row) -> bool:
    above = run[-1]
    if row.box is None or above.box is None or not row.height:
        return False
    drop = row.box.bottom - above.box.bottom
    if not 0 < drop < _FURTHEST * max(row.height, above.height):
        return False
    lone = 0
    for other in (row, *reversed(run)):
        if _has_cells(other):
            break
        lone += 1
    return lone <= _LONE_ROWS


def _trimmed(run: Sequence[Row]) -> Iterator[list[Row]]:
    """Drop what trails the last row of cells; too few rows are no table."""
    last = max((i for i, row in enumerate(run) if _has_cells(row)), default=-1)
    kept = list(run[: last + 1])
    if sum(map(_has_cells, kept)) >= _FEWEST_ROWS:
        yield kept


def _columns(run: Sequence[Row]) -> list[tuple[float, float]]:
    """Give the columns: what the phrases of the rows with most cells cover, put together.

    Rows with fewer cells, such as headers that span several columns, do not count.
    """
    most = max(len(row.phrases) for row in run)
    full = [row for row in run if len(row.phrases) >= max(2, most - 1)]
    spans = sorted((p.box.left, p.box.right) for row in full for p in row.phrases)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _cells(row: Row, columns: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    """Put each phrase into the column that it overlaps most, else the nearest."""
    cells = [""] * len(columns)
    for phrase in row.phrases:
        best = max(range(len(columns)), key=lambda i: _overlap(phrase.box, columns[i]))
        cells[best] = f"{cells[best]} {phrase.text}".strip()
    return tuple(cells)


def _overlap(box: Box, column: tuple[float, float]) -> float:
    """Give how far a phrase reaches into a column; below 0, how far it is from it."""
    return min(box.right, column[1]) - max(box.left, column[0])


def _is_certain(cells: Sequence[tuple[str, ...]]) -> bool:
    """Tell a table by its figures; columns of prose are none."""
    inner = [cell for row in cells for cell in row[1:] if cell]
    figures = sum(bool(_FIGURE.fullmatch(cell)) for cell in inner)
    return len(inner) >= _FEWEST_ROWS and figures >= _FIGURE_SHARE * len(inner)


def _with_header(cells: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Give the rows, with an empty header where the first row is one of figures already."""
    if any(_FIGURE.fullmatch(cell) for cell in cells[0][1:] if cell and not _is_year(cell)):
        yield ("",) * len(cells[0])
    yield from cells


def _is_year(cell: str) -> bool:
    return cell.isdigit() and len(cell) == 4 and cell[:2] in {"19", "20"}
