"""Tables of a page, where rules or alignment make them certain; elsewhere lines stay lines."""

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.core.documents import Box
from tasks.extract.pdf.accents import Edits
from tasks.extract.pdf.chars import BROKEN_WORD, Chars
from tasks.extract.pdf.columns import Row, read_columns
from tasks.extract.pdf.drawings import Drawings
from tasks.extract.pdf.grids import Grid, find_grids
from tasks.extract.pdf.lines import Line
from tasks.extract.pdf.words import Word, phrases, read_words

_FILLED_SHARE = 0.4
_SPREAD = 1.3  # of the usual width of a character
_NEAR_ROW = 0.5  # of a line's height
_CELL_GAP = 1.0  # of a line's height
_WORD_GAP = 8.0


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table, row by row, and the lines of the page that it is read from."""

    rows: tuple[tuple[str, ...], ...]
    lines: frozenset[int]


def find_tables(
    lines: Sequence[Line], chars: Chars, edits: Edits, drawings: Drawings
) -> tuple[Table, ...]:
    """Find the tables among a page's lines; no line belongs to two."""
    tables: list[Table] = []
    taken: set[int] = set()
    for table in _tables(lines, chars, edits, drawings):
        if not table.lines & taken:
            tables.append(table)
            taken |= table.lines
    return tuple(tables)


def _tables(
    lines: Sequence[Line], chars: Chars, edits: Edits, drawings: Drawings
) -> Iterator[Table]:
    for grid in find_grids(drawings.rules):
        inside = [i for i, line in enumerate(lines) if _is_inside(line, grid.box)]
        words = [w for i in inside for w in read_words(lines[i], chars, edits)]
        rows = _cells(grid, words)
        if rows and len(rows) >= 2 and len(rows[0]) >= 2:
            yield Table(rows, frozenset(inside))
    yield from _aligned(lines, chars, edits)


def _is_inside(line: Line, box: Box) -> bool:
    if line.box is None or line.apart:
        return False
    middle = (line.box.top + line.box.bottom) / 2
    across = (line.box.left + line.box.right) / 2
    return box.left < across < box.right and box.top < middle < box.bottom


def _cells(grid: Grid, words: Sequence[Word]) -> tuple[tuple[str, ...], ...]:
    """Put words into the cells of a grid; rows and columns that are empty all along are dropped."""
    found: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        place = grid.cell(word.centre, word.middle)
        if place is None:
            return ()
        found.setdefault(place, []).append(word)
    rows = sorted({row for row, _ in found})
    columns = sorted({column for _, column in found})
    if len(found) < _FILLED_SHARE * len(rows) * len(columns):
        return ()
    return tuple(
        tuple(_cell_text(found.get((row, column), [])) for column in columns) for row in rows
    )


def _cell_text(words: Sequence[Word]) -> str:
    """Join the words of a cell, which may have several lines."""
    text = " ".join(word.text for word in words)
    return re.sub(rf"{BROKEN_WORD} ?", "", text) if BROKEN_WORD in text else text


def _aligned(lines: Sequence[Line], chars: Chars, edits: Edits) -> Iterator[Table]:
    """Find tables without rules: rows of phrases that stand below each other."""
    rows = list(_rows(lines, chars, edits))
    for cells, members in read_columns(rows):
        yield Table(cells, members)


def _rows(lines: Sequence[Line], chars: Chars, edits: Edits) -> Iterator[Row]:
    """Gather neighbouring lines of one height to rows; only those that gap are cut to phrases."""
    widths = [w for line in lines if (w := _width(line))]
    usual = statistics.median(widths) if widths else 0.0
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and _beside(lines[at], lines[end]):
            end += 1
        group = range(at, end)
        first = lines[at]
        at = end
        if first.box is None or first.apart:
            yield Row((), frozenset(group), None, 0.0)
            continue
        gaps = len(group) > 1 or _width(first) > _SPREAD * usual
        words = [w for i in group for w in read_words(lines[i], chars, edits)] if gaps else []
        cells = phrases(words, _CELL_GAP) if gaps else [Word(first.text.strip(), first.box)]
        yield Row(tuple(cells), frozenset(group), first.box, first.height)


def _width(line: Line) -> float:
    """Give the mean width of a line's characters, as a share of its height."""
    if line.box is None or not line.height:
        return 0.0
    return (line.box.right - line.box.left) / line.height / len(line.text.strip())


def _beside(one: Line, other: Line) -> bool:
    """Tell whether two lines are parts of one row."""
    if one.box is None or other.box is None or other.apart or one.apart:
        return False
    overlap = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    return overlap > _NEAR_ROW * min(one.height, other.height)
