"""Tables of a page, where rules or alignment make them certain; elsewhere lines stay lines."""

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.core.documents import Box
from tasks.extract.pdf.boxes import around
from tasks.extract.pdf.chars import BROKEN_WORD, Chars
from tasks.extract.pdf.columns import CELL_GAP, FEWEST_ROWS, LONE_ROWS, Row, read_columns
from tasks.extract.pdf.drawings import Drawings
from tasks.extract.pdf.grids import Grid, find_grids
from tasks.extract.pdf.lines import Line
from tasks.extract.pdf.words import Word, read_words

_FILLED_SHARE = 0.5
_SPREAD = 1.3  # of the usual width of a character
_NEAR_ROW = 0.5  # of a line's height
_ROWS_BACK = 8
_HEADER_ROWS = 6  # may stand above the first row of figures
_FURTHEST_RISE = 6.0  # times a row's height
_FIGURES_AT_END = re.compile(r"(?:\s[-\u2212]?[$\u20ac\u00a3]?\s?\(?[\d.,]*\d\)?%?)+\s*\Z")
_LAST_GAP = re.compile(r"\S\s+(?=\S+\s*\Z)")
_FIGURE_GAP = 0.5  # of a line's height
_FEWEST_CELLS = 3
_LONGEST_CELL = 400  # characters; longer ones are a layout, and no table
_WORD_GAP = 0.4  # of a line's height


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table, row by row, and the lines of the page that it is read from."""

    rows: tuple[tuple[str, ...], ...]
    lines: frozenset[int]


def find_tables(lines: Sequence[Line], chars: Chars, drawings: Drawings) -> tuple[Table, ...]:
    """Find the tables among a page's lines; no line belongs to two."""
    tables: list[Table] = []
    taken: set[int] = set()
    for table in _tables(lines, chars, drawings):
        if not table.lines & taken:
            tables.append(table)
            taken |= table.lines
    return tuple(tables)


def _tables(lines: Sequence[Line], chars: Chars, drawings: Drawings) -> Iterator[Table]:
    for grid in find_grids(drawings.rules):
        inside = [i for i, line in enumerate(lines) if _is_inside(line, grid.box)]
        words = read_words((lines[i] for i in inside), chars)
        rows = _cells(grid, words)
        if rows and len(rows) >= 2 and len(rows[0]) >= 2:
            yield Table(rows, frozenset(inside))
    yield from _aligned(lines, chars)


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
    if len(found) < max(_FEWEST_CELLS, _FILLED_SHARE * len(rows) * len(columns)):
        return ()
    cells = tuple(
        tuple(_cell_text(found.get((row, column), [])) for column in columns) for row in rows
    )
    is_layout = any(len(cell) > _LONGEST_CELL for row in cells for cell in row)
    return () if is_layout or _cuts_sentences(grid, words) else cells


def _cuts_sentences(grid: Grid, words: Sequence[Word]) -> bool:
    """Tell frames about the words of running text from the cells of a table."""
    borders = close = 0
    for one, other in pairwise(words):
        gap = other.box.left - one.box.right
        height = other.box.bottom - other.box.top
        same_line = abs(one.middle - other.middle) < 0.2 * height and gap > 0
        if same_line and grid.cell(one.centre, one.middle) != grid.cell(other.centre, other.middle):
            borders += 1
            close += gap < _WORD_GAP * height
    return 2 * close > borders


def _cell_text(words: Sequence[Word]) -> str:
    """Join the words of a cell, which may have several lines."""
    text = " ".join(word.text for word in words)
    return re.sub(rf"{BROKEN_WORD} ?", "", text) if BROKEN_WORD in text else text


def _aligned(lines: Sequence[Line], chars: Chars) -> Iterator[Table]:
    """Find tables without rules: rows of phrases that stand below each other.

    Only the lines that may be of a table are cut to words, since that takes time.
    """
    rows = _rows(lines)
    may = _may_have_cells(lines, chars)
    promising = [len(row) > 1 or may[row[0]] for row, _ in rows]
    done = 0
    for stretch in _stretches(promising):
        whole = range(max(done, stretch.start - _HEADER_ROWS), stretch.stop)
        done = stretch.stop
        cut = [_row(lines, *rows[at], chars, promising=promising[at]) for at in whole]
        yield from (Table(cells, members) for cells, members in read_columns(cut))


def _stretches(promising: Sequence[bool]) -> Iterator[range]:
    """Give the stretches of rows that begin with a promising one and have few others between."""
    starts = [at for at, is_promising in enumerate(promising) if is_promising]
    while starts:
        count = 1
        while count < len(starts) and starts[count] - starts[count - 1] <= LONE_ROWS + 1:
            count += 1
        if count >= FEWEST_ROWS:
            yield range(starts[0], starts[count - 1] + 1)
        starts = starts[count:]


def _row(
    lines: Sequence[Line], members: Sequence[int], box: Box, chars: Chars, *, promising: bool
) -> Row:
    """Make a row of lines at one height; one that does not promise cells is parted at wide gaps."""
    words = tuple(read_words((lines[index] for index in members), chars))
    if len(words) < 2 or not (promising or _has_gap(words)):
        words = (Word(" ".join(lines[index].text.strip() for index in members), box),)
        return Row(words, frozenset(members), box, words)
    return Row(words, frozenset(members), box)


def _has_gap(words: Sequence[Word]) -> bool:
    return any(
        right.box.left - left.box.right > CELL_GAP * (left.box.bottom - left.box.top)
        for left, right in pairwise(words)
    )


def _rows(lines: Sequence[Line]) -> list[tuple[list[int], Box]]:
    """Gather lines of one height to rows; a file may draw a table cell by cell."""
    rows: list[tuple[list[int], Box]] = []
    for index, line in enumerate(lines):
        box = line.box
        if box is None or line.apart:
            continue
        _, top, _, bottom = box
        for members, first in rows[-_ROWS_BACK:]:
            near = first.bottom > top and bottom > first.top  # most rows are not
            if near and _is_beside(members, lines, box):
                members.append(index)
                break
        else:
            rows.append(([index], box))
    whole = [(row, _around(lines, row) if len(row) > 1 else box) for row, box in rows]
    _settle(whole)
    return whole


def _around(lines: Sequence[Line], members: Sequence[int]) -> Box:
    return around(lines[index].box for index in members) or Box(0, 0, 0, 0)


def _settle(rows: list[tuple[list[int], Box]]) -> None:
    """Put rows that the file draws a little out of order from above to below, in place."""
    for index in range(1, len(rows)):
        at = index
        while at and _is_just_above(rows[at][1], rows[at - 1][1]):
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
            at -= 1


def _is_just_above(one: Box, other: Box) -> bool:
    rise, height = other.top - one.top, one.bottom - one.top
    across = one.left < other.right and other.left < one.right
    return 0 < rise < (_FURTHEST_RISE if across else 1) * height


def _may_have_cells(lines: Sequence[Line], chars: Chars) -> list[bool]:
    """Tell which lines may be a row of cells: one set wide, or with figures at its end."""
    widths = [_width(line) for line in lines]
    known = [width for width in widths if width]
    widest = _SPREAD * statistics.median(known) if known else 0.0
    return [
        width > widest or _ends_in_figures(line, chars)
        for width, line in zip(widths, lines, strict=True)
    ]


def _ends_in_figures(line: Line, chars: Chars) -> bool:
    """Tell a line with a wide gap before a figure at its end from one of prose."""
    last_character = line.text.rstrip()[-1:]
    if not (last_character.isdecimal() or last_character in ")%"):
        return False
    figures = _FIGURES_AT_END.search(line.text)
    if figures is None or len(figures[0].split()) > 1:
        return figures is not None
    last = _LAST_GAP.search(chars.text, line.start, line.end)
    if last is None:
        return False
    gap = chars.box(last.end()).left - chars.box(last.start()).right
    return gap > _FIGURE_GAP * line.height


def _width(line: Line) -> float:
    """Give the mean width of a line's characters, as a share of its height."""
    height = line.height
    if line.box is None or not height:
        return 0.0
    return (line.box.right - line.box.left) / height / len(line.text.strip())


def _is_beside(row: Sequence[int], lines: Sequence[Line], box: Box) -> bool:
    """Tell whether a line goes on with a row, to the right or left of all that it has."""
    return all(_are_beside(one, box) for index in row if (one := lines[index].box))


def _are_beside(one: Box, other: Box) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = one.right <= other.left + 1 or other.right <= one.left + 1
    height = min(one.bottom - one.top, other.bottom - other.top)
    return apart and overlap > _NEAR_ROW * height
