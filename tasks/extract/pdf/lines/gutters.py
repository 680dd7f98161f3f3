"""Columns that a file draws line by line: left, right, left, right; they are read one by one.

pdfium gives the lines of both columns at one height as one line. They are taken apart only where
the gutter is certain: a strip that many lines in sequence leave free, with prose on both sides that
fills its column and goes on from line to line.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, zip_longest
from typing import NamedTuple

from tasks.core.documents import Box
from tasks.extract.pdf.lines.line import Line, readable
from tasks.extract.pdf.lines.winding import unwound
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD, Chars

_SAMPLES = 6
_WIDE = 0.5  # of what the page's lines cover
_GAP = 0.7  # of a line's height; between words it is some 0.3
_FEWEST_ROWS = 6
_FREE = 0.5  # of a line's height, free all along
_AT_ONE_PLACE_PT = 2.0
_ALIGNED = 0.6  # of the lines of a column begin at one place
_FILLED = 0.7  # of a column's width, by its usual line
_GO_ON = 0.4  # of the lines of a column go on with a small letter
_GO_ON_AT_LEAST = 0.25  # of the wide lines of a page with columns, headings and all
_FEWEST_WORDS = 3.0  # a line
_LETTERS = 0.6  # of what is visible
_LEVEL = 1.7  # times a line's height; the lines of one column may stand between those of the other
_STEP = 2.2  # times a line's height, to the next one of its column
_MOST_COLUMNS = 4
_SPACE = re.compile(r"(?<=\S)\s+(?=[^\s\x02])")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\Z")


class _Gap(NamedTuple):
    """A wide gap in a line, and the index of the first character behind it."""

    left: float
    right: float
    after: int


class _Row(NamedTuple):
    """A line as the gutter parts it; one that crosses the gutter has neither side."""

    whole: Line
    left: Line | None = None
    right: Line | None = None


def in_columns(lines: Sequence[Line], chars: Chars) -> Sequence[Line]:
    """Give lines in the order of their columns where the file draws these line by line."""
    return _in_columns(unwound(lines, chars), chars, _MOST_COLUMNS)


def _in_columns(lines: Sequence[Line], chars: Chars, columns: int) -> Sequence[Line]:
    if columns < 2 or len(lines) < _FEWEST_ROWS:
        return lines
    wide = _wide(lines)
    gaps = _gaps(_worth_a_look(wide, lines, chars), lines, chars)
    known = [*_between(lines), *(gap for found in gaps.values() for gap in found)]
    gutter = _gutter(known, _FEWEST_ROWS)
    if gutter is None:
        return lines
    rows = [_row(line, gaps.get(index, ()), gutter, chars) for index, line in enumerate(lines)]
    ordered: list[Line] = []
    for crosses, run in groupby(rows, key=lambda row: not (row.left or row.right)):
        stretch = list(run)
        ordered += [r.whole for r in stretch] if crosses else _by_column(stretch, chars, columns)
    return ordered


def _worth_a_look(wide: Sequence[int], lines: Sequence[Line], chars: Chars) -> Sequence[int]:
    """Give the wide lines of a page of which a few, looked at first, share a gap; none of others.

    Most pages have one column, or rows of cells, which seldom go on with a small letter, and asking
    for the places of all their words takes time.
    """
    if sum(lines[index].text[:1].islower() for index in wide) < _GO_ON_AT_LEAST * len(wide):
        return ()
    sample = _gaps(wide[:: len(wide) // _SAMPLES + 1], lines, chars)
    shared = _gutter([gap for gaps in sample.values() for gap in gaps], 2)
    return () if shared is None else wide


def _between(lines: Sequence[Line]) -> Iterator[_Gap]:
    """Give the gaps between lines that stand side by side."""
    for one, other in pairwise(lines):
        if one.box and other.box and other.box.left > one.box.right and _are_level(one, other):
            yield _Gap(one.box.right, other.box.left, 0)


def _are_level(one: Line, other: Line) -> bool:
    if one.box is None or other.box is None:
        return False
    return abs(one.box.bottom - other.box.bottom) < _LEVEL * one.height


def _wide(lines: Sequence[Line]) -> list[int]:
    """Give the lines that may be of two columns."""
    boxes = [(index, line.box) for index, line in enumerate(lines) if line.box and not line.apart]
    if not boxes:
        return []
    widths = [(index, box.right - box.left) for index, box in boxes]
    least = _WIDE * (max(b.right for _, b in boxes) - min(b.left for _, b in boxes))
    return [index for index, width in widths if width > least]


def _gaps(indices: Sequence[int], lines: Sequence[Line], chars: Chars) -> dict[int, list[_Gap]]:
    """Give the wide gaps in lines, by the indices of these."""
    spaces = [
        (index, found.start() - 1, found.end())
        for index in indices
        for found in _SPACE.finditer(chars.text, lines[index].start, lines[index].end)
    ]
    places = chars.places([at for _, before, after in spaces for at in (before, after)])
    gaps: dict[int, list[_Gap]] = {}
    for (index, _, after), one, other in zip(spaces, places[::2], places[1::2], strict=True):
        if other[0] - one[2] > _GAP * lines[index].height > 0:
            gaps.setdefault(index, []).append(_Gap(one[2], other[0], after))
    return gaps


def _gutter(gaps: Sequence[_Gap], fewest: int) -> float | None:
    """Give the place that most gaps have in common, if enough have."""
    turns = sorted([(gap.left, 1) for gap in gaps] + [(gap.right, -1) for gap in gaps])
    most = depth = 0
    place = None
    for (at, turn), (following, _) in pairwise(turns):
        depth += turn
        if depth > most and following > at:
            most, place = depth, (at + following) / 2
    return place if most >= fewest else None


def _row(line: Line, gaps: Sequence[_Gap], gutter: float, chars: Chars) -> _Row:
    if line.box is None or line.apart or line.upright:
        return _Row(line)
    if line.box.right <= gutter:
        return _Row(line, left=line)
    if line.box.left >= gutter:
        return _Row(line, right=line)
    gap = next((gap for gap in gaps if gap.left < gutter < gap.right), None)
    return _Row(line, *_cut(line, line.box, gap, chars)) if gap else _Row(line)


def _cut(line: Line, box: Box, gap: _Gap, chars: Chars) -> tuple[Line, Line]:
    """Cut a line at a gap; a hyphen there breaks a word, as one at a line's end does."""
    text = _HYPHEN.sub(BROKEN_WORD, readable(chars, line.start, gap.after).rstrip())
    left_bold, right_bold = chars.are_bold([line.start, gap.after])
    left = Box(box.left, box.top, gap.left, box.bottom)
    right = Box(gap.right, box.top, box.right, box.bottom)
    return (
        line._replace(text=text, box=left, end=gap.after, bold=left_bold),
        line._replace(
            text=readable(chars, gap.after, line.end),
            box=right,
            start=gap.after,
            bold=right_bold,
        ),
    )


def _by_column(rows: Sequence[_Row], chars: Chars, columns: int) -> Sequence[Line]:
    """Give the lines of rows that no line crosses: column by column where these are certain."""
    both = [
        index
        for index, (row, below) in enumerate(zip_longest(rows, rows[1:]))
        if row.left
        and (row.right or (below and below.right and _are_level(row.whole, below.whole)))
    ]
    if len(both) < _FEWEST_ROWS:
        return [row.whole for row in rows]
    first, end = _stretch(rows, both)
    inner = rows[first:end]
    lefts = [row.left for row in inner if row.left]
    rights = [row.right for row in inner if row.right]
    if not (_are_prose(lefts) and _are_prose(rights) and _is_free(lefts, rights)):
        return [row.whole for row in rows]
    return [
        *(row.whole for row in rows[:first]),
        *_in_columns(lefts, chars, columns - 1),
        *_in_columns(rights, chars, columns - 1),
        *(row.whole for row in rows[end:]),
    ]


def _stretch(rows: Sequence[_Row], both: Sequence[int]) -> tuple[int, int]:
    """Give the stretch of rows that the columns take: those of two sides, and what follows close.

    One column may begin above the other one, and end below it.
    """
    first, end = both[0], both[-1] + 1
    while first > 0 and _is_close(rows[first - 1].whole, rows[first].whole):
        first -= 1
    while end < len(rows) and _is_close(rows[end - 1].whole, rows[end].whole):
        end += 1
    return first, end


def _is_close(above: Line, below: Line) -> bool:
    if above.box is None or below.box is None:
        return False
    return -below.height < below.box.bottom - above.box.bottom < _STEP * below.height


def _are_prose(lines: Sequence[Line]) -> bool:
    """Tell a column of prose: lines from edge to edge, of words, that go on in the next one."""
    texts = [line.text for line in lines]
    boxes = [line.box for line in lines if line.box]
    visible = [character for text in texts for character in text if not character.isspace()]
    places = Counter(round(box.left / _AT_ONE_PLACE_PT) for box in boxes)
    edge = max(places, key=places.__getitem__) * _AT_ONE_PLACE_PT
    aligned = sum(abs(box.left - edge) <= _AT_ONE_PLACE_PT for box in boxes)
    width = max(box.right for box in boxes) - min(box.left for box in boxes)
    return (
        sum(map(str.isalpha, visible)) >= _LETTERS * len(visible)
        and sum(len(text.split()) for text in texts) >= _FEWEST_WORDS * len(texts)
        and sum(text[:1].islower() for text in texts) >= _GO_ON * len(texts)
        and aligned >= _ALIGNED * len(boxes)
        and statistics.median(box.right - box.left for box in boxes) >= _FILLED * width
    )


def _is_free(lefts: Sequence[Line], rights: Sequence[Line]) -> bool:
    """Tell whether a strip between two columns is free all along."""
    last = max(line.box.right for line in lefts if line.box)
    first = min(line.box.left for line in rights if line.box)
    return first - last >= _FREE * statistics.median(line.height for line in lefts)
