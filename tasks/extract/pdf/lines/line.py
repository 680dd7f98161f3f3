"""From the characters of a page to its lines, with their places and fonts."""

import re
from collections.abc import Iterator
from itertools import pairwise, repeat
from statistics import median_low
from typing import NamedTuple

from tasks.core.documents import Box, Doubt, Link
from tasks.extract.pdf.hidden.judge import Runs
from tasks.extract.pdf.lines.boxes import around
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD, Chars, Place

_LINE = re.compile(
    r"(?:(?![\n\x02])[\s\x00-\x1f])*"
    r"([^\s\x00-\x1f](?:[^\n\x02]*[^\s\x00-\x1f])?)?"
    r"[^\n\x02]*[\n\x02]?"
)
"""A line with its end; its group goes from the first character that can be seen to the last."""

_VISIBLE = re.compile(r"[^\s\x00-\x1f]")
_RARE = re.compile("[\xad\ud800-\udfff]")
_UPRIGHT = 2.5  # times as high as wide
_LEVEL_PT = 0.1
_WORD = re.compile(r"[^\s\x00-\x1f]+")
_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
_FARTHEST = 2.5  # times the larger of two letters, from one word to the next
_SOFT_HYPHEN = "\u00ad"


class Line(NamedTuple):
    """A line of text; one from a reader that tells no places has none.

    The box is as high as the line's font. `start` and `end` are its characters' indices. `apart`
    says why it is not of the text that a person reads. `marks` have offsets into the text.
    `upright`: it runs up or down the page.
    """

    text: str
    box: Box | None = None
    bold: bool = False
    start: int = 0
    end: int = 0
    apart: str | None = None
    marks: tuple[Link | Doubt, ...] = ()
    upright: bool = False

    @property
    def height(self) -> float:
        """Give the height of the font in points; 0 where it is not known."""
        if self.box is None:
            return 0.0
        left, top, right, bottom = self.box
        return right - left if self.upright else bottom - top


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
        lines[at : at + 1] = _parted_at_jumps(lines[at], chars)
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


def readable(chars: Chars, start: int, end: int) -> str:
    """Give the text of a stretch of characters as a person reads it, without the line's end."""
    shown = chars.read[start:end]
    text = (shown if isinstance(shown, str) else "".join(shown)).strip("\r\n")
    return text if text.isascii() or not _RARE.search(text) else _readable(text)


def _readable(text: str) -> str:
    """Join the halves of rare characters, and show soft hyphens."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if _SOFT_HYPHEN in text:
        ends_broken = text.rstrip().endswith(_SOFT_HYPHEN)
        text = text.rstrip()[:-1] + BROKEN_WORD if ends_broken else text
        text = text.replace(_SOFT_HYPHEN, "-")
    return text


def _measured(chars: Chars, line: _Stretch, first: Place, last: Place) -> tuple[Box, bool]:
    """Measure a line at its first, middle and last character; the middle one by height counts.

    A line may begin with a superscript or end with a subscript, and reads from right to left in
    some scripts. Tells, too, whether it is upright.
    """
    left, top, right, bottom = first
    last_left, last_top, last_right, last_bottom = last
    left, right = min(left, last_left), max(right, last_right)
    is_level = abs(top - last_top) < _LEVEL_PT and abs(bottom - last_bottom) < _LEVEL_PT
    if is_level and bottom - top <= _UPRIGHT * (right - left):  # as most are
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


def is_upright(text: str, box: Box) -> bool:
    """Tell whether a text with such a box runs up or down the page; a lone letter does not."""
    return len(text) > 1 and box.bottom - box.top > _UPRIGHT * (box.right - box.left)


def _height(place: Place) -> float:
    return place[3] - place[1]


def _parted_at_jumps(line: Line, chars: Chars) -> Iterator[Line]:
    """Cut a line where its next word stands neither in its row nor in its column, and far away.

    pdfium goes on with a line where the page is turned: the words of an axis after a caption.
    """
    words = [word.span() for word in _WORD.finditer(chars.text, line.start, line.end)]
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
