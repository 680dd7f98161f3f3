"""Lines that pdfium joins though they stand at different heights, as those of two columns may.

It takes words for one line whose heights overlap, whichever way they go on: from the end of a line
in one column to the start of a lower one in the other.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tasks.core.documents import Box
from tasks.extract.pdf.lines.line import Line, readable
from tasks.extract.pdf.pdfium.chars import Chars

_LONG = 250  # characters; no line of a page has so many
_FEWEST_WORDS = 2  # of each part; signs of a formula stand at many heights
_STEP = 0.2  # of a line's height, down or up: more is another line
_GAP = 0.7  # of a line's height
_WORD = re.compile(r"[^\s\x02]+\x02?")


def unwound(lines: Sequence[Line], chars: Chars) -> Sequence[Line]:
    """Take lines apart where they go on elsewhere, at another height."""
    winding = _winding(lines, chars)
    if not winding:
        return lines
    return [
        part
        for index, line in enumerate(lines)
        for part in (_parts(line, chars) if index in winding else (line,))
    ]


def _winding(lines: Sequence[Line], chars: Chars) -> set[int]:
    """Give the lines that may wind: those of many words, or that do not begin at their left."""
    starts = chars.places([line.start for line in lines])
    return {
        index
        for index, (line, start) in enumerate(zip(lines, starts, strict=True))
        if line.box and not line.upright
        if len(line.text) > _LONG or start[0] > line.box.left + line.height
    }


def _parts(line: Line, chars: Chars) -> Iterator[Line]:
    words = [found.span() for found in _WORD.finditer(chars.text, line.start, line.end)]
    places = chars.places([at for first, end in words for at in (first, end - 1)])
    ends = [*zip(places[::2], places[1::2], strict=True)]
    cuts = [
        at
        for at, (one, other) in enumerate(pairwise(ends), start=1)
        if _goes_elsewhere(one[1], other[0], line.height)
    ]
    parts = [*pairwise([0, *cuts, len(words)])]
    if len(parts) < 2 or any(end - first < _FEWEST_WORDS for first, end in parts):
        yield line
        return
    for first, end in parts:
        start, stop = words[first][0], words[end - 1][1]
        (left, top, _, bottom), (_, _, right, _) = ends[first][0], ends[end - 1][1]
        text = readable(chars, start, stop)
        yield line._replace(text=text, start=start, end=stop, box=Box(left, top, right, bottom))


def _goes_elsewhere(one: Sequence[float], other: Sequence[float], height: float) -> bool:
    """Tell whether a word follows another at another height, and not right behind it."""
    rise, gap = abs(other[3] - one[3]), other[0] - one[2]
    return rise > _STEP * height and (gap > _GAP * height or gap < -height)
