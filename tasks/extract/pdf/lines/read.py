"""From the characters of a page to its lines, with their places and fonts."""

import re
from collections.abc import Iterator
from itertools import repeat
from typing import NamedTuple

from tasks.core.documents import Box
from tasks.extract.pdf.hidden.judge import Runs
from tasks.extract.pdf.lines.line import UPRIGHT, Line, is_upright, readable
from tasks.extract.pdf.lines.winding import parted_at_jumps
from tasks.extract.pdf.pdfium.chars import Chars, Place

_LINE = re.compile(
    r"(?:(?![\n\x02])[\s\x00-\x1f])*"
    r"([^\s\x00-\x1f](?:[^\n\x02]*[^\s\x00-\x1f])?)?"
    r"[^\n\x02]*[\n\x02]?"
)
"""A line with its end; its group goes from the first character that can be seen to the last."""

_VISIBLE = re.compile(r"[^\s\x00-\x1f]")
_LEVEL_PT = 0.1


def read_lines(chars: Chars, hidden: Runs = ()) -> tuple[Line, ...]:
    """Cut the characters of a page into lines.

    A broken word ends a line, too, and so does the border of a hidden stretch.
    """
    found = list(_stretches(chars, hidden))
    firsts = chars.places([stretch.first for stretch in found])
    lasts = chars.places([stretch.last for stretch in found])
    bold = chars.are_bold([stretch.middle for stretch in found])
    measured = map(_measured, repeat(chars), found, firsts, lasts)
    lines = [
        Line(one.text, box, is_bold, one.start, one.end, one.apart, (), upright)
        for one, (box, upright), is_bold in zip(found, measured, bold, strict=True)
    ]
    ends = enumerate(zip(firsts, lasts, strict=True))
    crooked = [at for at, (one, other) in ends if one[3] < other[1] or other[3] < one[1]]
    for at in reversed(crooked):
        lines[at : at + 1] = parted_at_jumps(lines[at], chars)
    return tuple(lines)


class _Stretch(NamedTuple):
    """A line that has still to be measured; `first`, `middle` and `last` can be seen."""

    text: str
    start: int
    end: int
    apart: str | None
    first: int
    middle: int
    last: int


def _stretches(chars: Chars, hidden: Runs) -> Iterator[_Stretch]:
    """Give the lines that hold anything that can be seen."""
    drawn = chars.text
    for line, apart in _cut(drawn, hidden):
        first, end = line.span(1)
        if first < 0:
            continue
        text = readable(chars, line.start(), line.end())
        if text.strip():
            middle = _VISIBLE.search(drawn, (first + line.end()) // 2, end)
            at = middle.start() if middle else first
            yield _Stretch(text, line.start(), line.end(), apart, first, at, end - 1)


def _cut(text: str, hidden: Runs) -> Iterator[tuple[re.Match[str], str | None]]:
    """Cut a text into lines, and these where hidden stretches begin and end."""
    seen_from = 0
    for start, end, why in hidden:
        yield from zip(_LINE.finditer(text, seen_from, start), repeat(None))
        yield from zip(_LINE.finditer(text, start, end), repeat(why))
        seen_from = end
    yield from zip(_LINE.finditer(text, seen_from), repeat(None))


def _measured(chars: Chars, line: _Stretch, first: Place, last: Place) -> tuple[Box, bool]:
    """Measure a line at its first, middle and last character; the middle one by height counts.

    A line may begin with a superscript or end with a subscript, and reads from right to left in
    some scripts. Tells, too, whether it is upright.
    """
    left, top, right, bottom = first
    last_left, last_top, last_right, last_bottom = last
    left, right = min(left, last_left), max(right, last_right)
    is_level = abs(top - last_top) < _LEVEL_PT and abs(bottom - last_bottom) < _LEVEL_PT
    if is_level and bottom - top <= UPRIGHT * (right - left):  # as most are
        return Box(left, top, right, bottom), False
    places = {line.first: first, line.last: last}
    if line.middle not in places:
        places[line.middle] = chars.box(line.middle)
    lefts, tops, rights, bottoms = zip(*sorted(places.values(), key=_height), strict=True)
    whole = Box(min(lefts), min(tops), max(rights), max(bottoms))
    if is_upright(line.text, whole):
        return whole, True
    middle = len(places) // 2
    return Box(whole.left, tops[middle], whole.right, bottoms[middle]), False


def _height(place: Place) -> float:
    return place[3] - place[1]
