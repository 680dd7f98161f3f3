"""Lines that pdfium joins though they stand at different heights, as those of two columns may.

It takes words for one line whose heights overlap, whichever way they go on: from the end of a line
in one column to the start of a lower one in the other. And it goes on with a line where the page is
turned, from a caption to the words of an axis.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median_low

from tasks.core.documents import Box
from tasks.extract.pdf.lines.boxes import around
from tasks.extract.pdf.lines.line import Line, is_upright, readable
from tasks.extract.pdf.lines.words import WORD
from tasks.extract.pdf.pdfium.chars import Chars

_LONG = 250  # characters; no line of a page has so many
_FEWEST_WORDS = 2  # of each part; signs of a formula stand at many heights
_STEP = 0.2  # of a line's height, down or up: more is another line
_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
_FARTHEST = 2.5  # times the larger of two letters, from one word to the next
_GAP = 0.7  # of a line's height


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
    words = [found.span() for found in WORD.finditer(chars.text, line.start, line.end)]
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


def parted_at_jumps(line: Line, chars: Chars) -> Iterator[Line]:
    """Cut a line where its next word stands neither in its row nor in its column, and far away."""
    words = [word.span() for word in WORD.finditer(chars.text, line.start, line.end)]
    cuts = [
        start
        for (_, end), (start, _) in pairwise(words)
        if _jumps(chars.box(end - 1), chars.box(start))
    ]
    if not cuts or _BACKWARDS.search(line.text):  # which pdfium measures oddly
        yield line
        return
    for start, end in pairwise((line.start, *cuts, line.end)):
        yield _piece(line, chars, start, end)


def _jumps(one: Box, other: Box) -> bool:
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    sides = (one.right - one.left, one.bottom - one.top, other.right - other.left)
    return across > 0 and down > 0 and max(across, down) > _FARTHEST * max(sides)


def _piece(line: Line, chars: Chars, start: int, end: int) -> Line:
    text = readable(chars, start, end).strip()
    boxes = [chars.box(at) for at in range(start, end) if not chars.text[at].isspace()]
    whole = around(boxes)
    if whole is None:
        return line._replace(text=text, start=start, end=end)
    upright = is_upright(text, whole)
    top, bottom = (median_low(b.top for b in boxes), median_low(b.bottom for b in boxes))
    box = whole if upright else Box(whole.left, top, whole.right, bottom)
    return line._replace(text=text, box=box, start=start, end=end, upright=upright)
