"""Reading tables without rules: where rows of short phrases leave the same gaps free."""

import re
import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tasks.core.documents import Box
from tasks.extract.pdf.words import Word, phrases

FEWEST_ROWS = 3
"""Of a table without rules; fewer may stand below each other by chance."""

_FURTHEST = 3.2  # times a row's height, from one row to the next
LONE_ROWS = 2
"""The most titles and continuation lines between rows of several cells."""

_LONGEST_CELL = 60  # characters of any cell but the first
_CELL_GAP = 1.0  # of a row's height
_WORD_GAP = 0.5
_FIGURE_SHARE = 0.5  # of the cells right of the first column
_COVERED = 0.6  # of a column's width
_SLIGHT_PT = 1.0
_TIGHT = 0.8  # of the usual step from row to row
_MOST_HEADERS = 6
_FIGURE = re.compile(
    r"[-\u2212\u2013\u2014+($\u20ac\u00a3\u00a5]*\s?[\d.,]*\d[\d.,]*(?: \d{3})*\s?[%)]*"
    r"|[-\u2013\u2014]|n/?a",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SIGN_BEFORE = re.compile(r"[$\u20ac\u00a3\u00a5(]+")
_SIGN_AFTER = re.compile(r"[%)]+")

Cells = tuple[str, ...]
Span = tuple[float, float]


class Row(NamedTuple):
    """The words at one height, and the lines that they come from; `phrases` if they are known."""

    words: tuple[Word, ...]
    lines: frozenset[int]
    box: Box
    phrases: tuple[Word, ...] = ()

    @property
    def height(self) -> float:
        """Give the height of its font."""
        return self.box.bottom - self.box.top


def read_columns(rows: Sequence[Row]) -> Iterator[tuple[tuple[Cells, ...], frozenset[int]]]:
    """Give the cells of each aligned table, and the lines that it is read from."""
    for run in _runs([_with_phrases(row) for row in rows]):
        columns = _columns(run)
        if len(columns) < 2:
            continue
        cells = [_cells(row, columns) for row in run]
        if _is_certain(cells):
            lines = frozenset().union(*(row.lines for row in run))
            yield tuple(_with_header(_mended(run, cells))), lines


def _with_phrases(row: Row) -> Row:
    """Join words to phrases, and signs of currency and the like to their figures."""
    if row.phrases:
        return row
    joined: list[Word] = []
    sign: Word | None = None
    for phrase in phrases(row.words, _CELL_GAP):
        if _SIGN_BEFORE.fullmatch(phrase.text):
            sign = phrase
        elif joined and _SIGN_AFTER.fullmatch(phrase.text):
            joined.append(_together(joined.pop(), phrase))
        else:
            joined.append(_together(sign, phrase) if sign else phrase)
            sign = None
    if sign:
        joined.append(sign)
    return row._replace(phrases=tuple(joined))


def _together(one: Word, other: Word) -> Word:
    box = Box(one.box.left, other.box.top, other.box.right, other.box.bottom)
    return Word(one.text + other.text, box)


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
    drop = row.box.bottom - above.box.bottom
    if not 0 < drop < _FURTHEST * max(row.height, above.height):
        return False
    lone = 0
    for other in (row, *reversed(run)):
        if _has_cells(other):
            break
        lone += 1
    return lone <= LONE_ROWS


def _trimmed(run: Sequence[Row]) -> Iterator[list[Row]]:
    """Drop what trails the last row of cells; too few rows are no table."""
    last = max((i for i, row in enumerate(run) if _has_cells(row)), default=-1)
    kept = list(run[: last + 1])
    if sum(map(_has_cells, kept)) >= FEWEST_ROWS:
        yield kept


def _columns(run: Sequence[Row]) -> list[Span]:
    """Give the columns: what the phrases of the rows with most cells cover, put together.

    Rows with fewer cells, such as headers that span several columns, do not count, nor do rows
    without a figure where enough others have one.
    """
    most = max(len(row.phrases) for row in run)
    full = [row for row in run if len(row.phrases) >= max(2, most - 1)]
    counted = [row for row in full if any(_FIGURE.fullmatch(p.text) for p in row.phrases[1:])]
    if len(counted) >= FEWEST_ROWS:
        full = counted
    spans = sorted((p.box.left, p.box.right) for row in full for p in row.phrases)
    columns: list[Span] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _cells(row: Row, columns: Sequence[Span]) -> Cells:
    """Put each phrase into the column that it overlaps most, else the nearest.

    A phrase that reaches into several columns is parted where it has a gap, or into words where it
    ends with a figure.
    """
    cells = [""] * len(columns)
    for phrase in row.phrases:
        parts = [phrase]
        if _best(phrase, columns) != _best_end(phrase, columns):
            words = [w for w in row.words if phrase.box.left <= w.centre <= phrase.box.right]
            parts = words if _ends_in_figure(phrase.text) else phrases(words, _WORD_GAP)
        for part in parts:
            at = _best(part, columns)
            cells[at] = f"{cells[at]} {part.text}".strip()
    return tuple(cells)


def _best(word: Word, columns: Sequence[Span]) -> int:
    """Choose the first column of those that a phrase covers, else the one that is nearest."""
    for index, (left, right) in enumerate(columns):
        if _overlap(word.box, (left, right)) > _COVERED * (right - left):
            return index
    return max(range(len(columns)), key=lambda i: _overlap(word.box, columns[i]))


def _best_end(word: Word, columns: Sequence[Span]) -> int:
    """Give the column that a phrase ends in."""
    end = Box(word.box.right - 1, word.box.top, word.box.right, word.box.bottom)
    return _best(Word("", end), columns)


def _overlap(box: Box, column: Span) -> float:
    """Give how far a phrase reaches into a column; below 0, how far it is from it."""
    return min(box.right, column[1]) - max(box.left, column[0])


def _ends_in_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text.rsplit(" ", 1)[-1]) is not None


def _is_certain(cells: Sequence[Cells]) -> bool:
    """Tell a table by its figures; columns of prose are none."""
    inner = [cell for row in cells for cell in row[1:] if cell]
    figures = sum(bool(_FIGURE.fullmatch(cell)) for cell in inner)
    return len(inner) >= FEWEST_ROWS and figures >= _FIGURE_SHARE * len(inner)


def _mended(run: Sequence[Row], cells: Sequence[Cells]) -> list[Cells]:
    """Put the second line of a label to its first one, above or below the figures."""
    drops = [below.box.bottom - above.box.bottom for above, below in pairwise(run)]
    usual = statistics.median(drops) if drops else 0.0
    mended: list[Cells] = []
    for index, row in enumerate(cells):
        tight = index > 0 and drops[index - 1] < _TIGHT * usual
        above = mended[-1] if mended else ()
        tight = tight or _lies_within(run[index], run[index - 1])
        follows = tight and bool(above) and _is_label(row) and any(above[1:])
        overlaps = index > 0 and run[index].box.top < run[index - 1].box.bottom - _SLIGHT_PT
        follows = follows or (overlaps and _is_label(row))
        leads = bool(above) and _is_label(above)
        leads = leads and (row[0][:1].islower() or (overlaps and not row[0]))
        if follows or leads:
            label = f"{above[0]} {row[0]}".strip()
            mended[-1] = (label, *(above if follows else row)[1:])
        else:
            mended.append(row)
    return mended


def _lies_within(row: Row, above: Row) -> bool:
    """Tell whether a file draws a row amid the one above it: its label's second line."""
    return min(above.lines) < min(row.lines) and max(row.lines) < max(above.lines)


def _is_label(row: Cells) -> bool:
    """Tell a row that has a label alone, and is no title of the rows below."""
    return bool(row[0]) and not any(row[1:]) and not row[0].endswith(":")


def _has_figures(row: Cells) -> bool:
    return any(_FIGURE.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in row[1:])


def _with_header(cells: Sequence[Cells]) -> Iterator[Cells]:
    """Join the rows above the first figures to one header; it is empty where there are none."""
    count = 0
    while count < min(len(cells), _MOST_HEADERS):
        if _has_figures(cells[count]) or not any(cells[count][1:]):
            break
        count += 1
    above = cells[:count]
    yield tuple(" ".join(filter(None, column)) for column in zip(*above, strict=True)) or (
        ("",) * len(cells[0])
    )
    yield from cells[count:]
