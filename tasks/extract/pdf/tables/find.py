"""Tables of a page, where rules or alignment make them certain; elsewhere lines stay lines."""

import re
import statistics
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from tasks.core.documents import Box
from tasks.extract.pdf.lines.levels import level_rows
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.lines.words import Word, read_words
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD, Chars
from tasks.extract.pdf.pdfium.drawings import Drawings
from tasks.extract.pdf.tables.columns import (
    CELL_GAP,
    FEWEST_ROWS,
    LONE_ROWS,
    Row,
    read_columns,
    read_row,
)
from tasks.extract.pdf.tables.grids import Grid, find_grids
from tasks.extract.pdf.tables.headers import FIGURE

_FILLED_SHARE = 0.5
_SPREAD = 1.3  # of the usual width of a character
_HEADER_ROWS = 6  # may stand above the first row of figures
_FIGURES_AT_END = re.compile(r"(?:\s[-\u2212]?[$\u20ac\u00a3]?\s?\(?[\d.,]*\d\)?%?)+\s*\Z")
_LAST_GAP = re.compile(r"\S\s+(?=\S+\s*\Z)")
_FIGURE_GAP = 0.5  # of a line's height
_FEWEST_CELLS = 3
_TOP = 0.25  # of the page's height
_LONGEST_CELL = 400  # characters; longer ones are a layout, and no table
_WORD_GAP = 0.4  # of a line's height


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table, row by row, and the lines of the page that it is read from.

    `columns` are the left and right sides of its columns, of their rules where it is `ruled`.
    `rest`: it is one only if it goes on with a table of the page before, whose header it has
    not. `continues`: it does, and has been given that header.
    """

    rows: tuple[tuple[str, ...], ...]
    lines: frozenset[int]
    columns: tuple[tuple[float, float], ...] = ()
    ruled: bool = False
    rest: bool = False
    continues: bool = False


def find_tables(lines: Sequence[Line], chars: Chars, drawings: Drawings) -> tuple[Table, ...]:
    """Find the tables among a page's lines, rows at its top that may be the rest of one last.

    No line belongs to two.
    """
    tables: list[Table] = []
    taken: set[int] = set()
    for table in chain(_tables(lines, chars, drawings), _rest(lines, chars, taken)):
        if not table.lines & taken:
            tables.append(table)
            taken |= table.lines
    return tuple(tables)


def _tables(lines: Sequence[Line], chars: Chars, drawings: Drawings) -> Iterator[Table]:
    single: list[Table] = []
    for grid in find_grids(drawings.rules):
        inside = [i for i, line in enumerate(lines) if _is_inside(line, grid.box)]
        words = read_words((lines[i] for i in inside), chars)
        rows, columns = _cells(grid, words)
        if not rows or len(columns) < 2:
            continue
        table = Table(rows, frozenset(inside), columns, ruled=True, rest=len(rows) < 2)
        if table.rest:
            single.append(table)
        else:
            yield table
    yield from _aligned(lines, chars)
    yield from single


def _rest(lines: Sequence[Line], chars: Chars, taken: Container[int]) -> Iterator[Table]:
    """Give the rows at the top of a page that end in a figure, each by itself.

    Lines that are taken when it comes to this are of other tables.
    """
    low = _TOP * chars.frame.height
    top = [
        index
        for index, line in enumerate(lines)
        if line.box and line.box.top < low and not line.apart and index not in taken
    ]
    ends = [box for i in top if (box := lines[i].box) and _ends_row(lines[i], chars)]
    beside = [i for i in top if any(_is_level(lines[i].box, end) for end in ends)]
    for row, box in level_rows([lines[index] for index in beside]):
        members = [beside[at] for at in row]
        found = read_row(_row(lines, members, box, chars, promising=True))
        if found:
            yield Table(found.rows, found.lines, found.columns, rest=True)


def _ends_row(line: Line, chars: Chars) -> bool:
    return _may_end_in_figure(line) and (
        FIGURE.fullmatch(line.text.strip()) is not None or _ends_in_figures(line, chars)
    )


def _is_level(box: Box | None, other: Box) -> bool:
    return box is not None and box.top < other.bottom and other.top < box.bottom


def _is_inside(line: Line, box: Box) -> bool:
    if line.box is None or line.apart:
        return False
    middle = (line.box.top + line.box.bottom) / 2
    across = (line.box.left + line.box.right) / 2
    return box.left < across < box.right and box.top < middle < box.bottom


def _cells(
    grid: Grid, words: Sequence[Word]
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[float, float], ...]]:
    """Put words into the cells of a grid, and give these and the sides of their columns.

    Rows and columns that are empty all along are dropped.
    """
    found: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        place = grid.cell(word.centre, word.middle)
        if place is None:
            return (), ()
        found.setdefault(place, []).append(word)
    rows = sorted({row for row, _ in found})
    columns = sorted({column for _, column in found})
    fewest = _FEWEST_CELLS if len(rows) > 1 else 2
    if len(found) < max(fewest, _FILLED_SHARE * len(rows) * len(columns)):
        return (), ()
    cells = tuple(
        tuple(_cell_text(found.get((row, column), [])) for column in columns) for row in rows
    )
    is_layout = any(len(cell) > _LONGEST_CELL for row in cells for cell in row)
    if is_layout or _cuts_sentences(grid, words):
        return (), ()
    return cells, tuple((grid.columns[at], grid.columns[at + 1]) for at in columns)


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
    rows = level_rows(lines)
    may = _may_have_cells(lines, chars)
    promising = [len(row) > 1 or may[row[0]] for row, _ in rows]
    done = 0
    for stretch in _stretches(promising):
        whole = range(max(done, stretch.start - _HEADER_ROWS), stretch.stop)
        done = stretch.stop
        cut = [_row(lines, *rows[at], chars, promising=promising[at]) for at in whole]
        yield from (Table(*aligned) for aligned in read_columns(cut))


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
    if not _may_end_in_figure(line):
        return False
    figures = _FIGURES_AT_END.search(line.text)
    if figures is None or len(figures[0].split()) > 1:
        return figures is not None
    last = _LAST_GAP.search(chars.text, line.start, line.end)
    if last is None:
        return False
    gap = chars.box(last.end()).left - chars.box(last.start()).right
    return gap > _FIGURE_GAP * line.height


def _may_end_in_figure(line: Line) -> bool:
    last = line.text.rstrip()[-1:]
    return last.isdecimal() or last in {")", "%"}


def _width(line: Line) -> float:
    """Give the mean width of a line's characters, as a share of its height."""
    height = line.height
    if line.box is None or not height:
        return 0.0
    return (line.box.right - line.box.left) / height / len(line.text.strip())
