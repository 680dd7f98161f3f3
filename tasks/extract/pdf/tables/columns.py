"""Reading tables without rules: where rows of short phrases leave the same gaps free."""

import re
import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from tasks.core.documents import Box
from tasks.extract.pdf.lines.words import Word, phrases
from tasks.extract.pdf.tables.headers import FIGURE, Cells, with_header

FEWEST_ROWS = 3
"""Of a table without rules; fewer may stand below each other by chance."""

_FURTHEST = 3.2  # times a row's height, from one row to the next
CELL_GAP = 1.0
"""Parts cells; times a row's height."""

LONE_ROWS = 3
"""The most titles and continuation lines between rows of several cells."""

_WIDE = 0.6  # of the table's width
_DENSE = 1.6  # times a row's height, from one row to the next
_LONGEST_CELL = 60  # characters of any cell but the first
_WORD_GAP = 0.5
_FIGURE_SHARE = 0.5  # of the cells right of the first column
_COVERED = 0.6  # of a column's width
_SLIGHT_PT = 1.0
_TIGHT = 0.8  # of the usual step from row to row
_MOST_IN_CONTENTS = 3  # columns
_PAGE = re.compile(r"\d{1,4}")
_PAGE_WORD = re.compile(r"(pages?|pp?\.|seite|p[aá]gina|sida|strona)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_SIGN_BEFORE = re.compile(r"[$\u20ac\u00a3\u00a5(]+")
_SIGN_AFTER = re.compile(r"[%)]+")

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


class Aligned(NamedTuple):
    """A table without rules: its cells, the lines that it is read from, and its columns' sides."""

    rows: tuple[Cells, ...]
    lines: frozenset[int]
    columns: tuple[Span, ...]


def read_columns(rows: Sequence[Row]) -> Iterator[Aligned]:
    """Give each aligned table."""
    for run in _runs([_with_phrases(row) for row in rows]):
        columns = _columns(run)
        if len(columns) < 2:
            continue
        cells = [_cells(row, columns) for row in run]
        table = tuple(with_header(_mended(run, cells)))
        if _is_certain(table[1:]) and not _are_contents(table[1:]):
            yield Aligned(table, _lines(run), tuple(columns))


def read_row(row: Row) -> Aligned | None:
    """Give a row that may be of a table which another page begins: phrases, and a figure last."""
    row = _with_phrases(row)
    found = row.phrases
    if not _has_cells(row) or not FIGURE.fullmatch(found[-1].text):
        return None
    sides = tuple((phrase.box.left, phrase.box.right) for phrase in found)
    return Aligned((tuple(phrase.text for phrase in found),), row.lines, sides)


def _lines(run: Sequence[Row]) -> frozenset[int]:
    return frozenset().union(*(row.lines for row in run))


def _with_phrases(row: Row) -> Row:
    """Join words to phrases, and signs of currency and the like to their figures."""
    if row.phrases:
        return row
    joined: list[Word] = []
    sign: Word | None = None
    for phrase in phrases(row.words, CELL_GAP):
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
    for index, row in enumerate(rows):
        if run and not _goes_on(run, row):
            yield from _trimmed(run)
            run = []
        if run:
            run.append(row)
        elif _has_cells(row):
            run = [*_first_lines(rows[:index], row), row]
    yield from _trimmed(run)


def _first_lines(above: Sequence[Row], row: Row) -> list[Row]:
    """Give the first lines of a header's cells, which stand alone over the others."""
    first: list[Row] = []
    for other in reversed(above):
        beneath = first[0] if first else row
        drop = beneath.box.bottom - other.box.bottom
        over = [_overlap(other.box, (p.box.left, p.box.right)) > 0 for p in row.phrases]
        if not 0 < drop < _DENSE * row.height or over[0] or sum(over) != 1:
            break
        first.insert(0, other)
    return first


def _has_cells(row: Row) -> bool:
    return len(row.phrases) >= 2 and all(len(p.text) <= _LONGEST_CELL for p in row.phrases[1:])


def _has_figure(row: Row) -> bool:
    return any(FIGURE.fullmatch(phrase.text) for phrase in row.phrases[1:])


def _goes_on(run: Sequence[Row], row: Row) -> bool:
    above = run[-1]
    drop = row.box.bottom - above.box.bottom
    if not 0 < drop < _FURTHEST * max(row.height, above.height):
        return False
    lone = list(takewhile(lambda other: not _has_cells(other), (row, *reversed(run))))
    return len(lone) < LONE_ROWS or (len(lone) == LONE_ROWS and _are_one_title(lone, run))


def _are_one_title(lone: Sequence[Row], run: Sequence[Row]) -> bool:
    """Tell the lines of a title within a table, from below to above, from prose below it."""
    wide = _WIDE * max(row.box.right - row.box.left for row in run)
    drops = [below.box.bottom - above.box.bottom for below, above in pairwise(lone)]
    dense = all(drop < _DENSE * row.height for drop, row in zip(drops, lone, strict=False))
    return dense and all(row.box.right - row.box.left < wide for row in lone)


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
    counted = [row for row in full if _has_figure(row)]
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
    return FIGURE.fullmatch(text.rsplit(" ", 1)[-1]) is not None


def _is_certain(cells: Sequence[Cells]) -> bool:
    """Tell a table by its figures; columns of prose are none."""
    inner = [cell for row in cells for cell in row[1:] if cell]
    figures = sum(bool(FIGURE.fullmatch(cell)) for cell in inner)
    return len(inner) >= FEWEST_ROWS and figures >= _FIGURE_SHARE * len(inner)


def _are_contents(cells: Sequence[Cells]) -> bool:
    """Tell a table of contents: numbers perhaps, titles, and pages that never go back."""
    if len(cells[0]) > _MOST_IN_CONTENTS or any(
        FIGURE.fullmatch(c) for r in cells for c in r[1:-1]
    ):
        return False
    pages = [row for row in cells if row[-1] and not _PAGE_WORD.fullmatch(row[-1])]
    if not all(_PAGE.fullmatch(row[-1]) and _LETTERS.search(" ".join(row[:-1])) for row in pages):
        return False
    numbers = [int(row[-1]) for row in pages]
    return numbers == sorted(numbers) and len(set(numbers)) > 1


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
