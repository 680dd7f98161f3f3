"""From the characters of a page to its lines, with their places and fonts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tasks.core.documents import Box, Doubt, Link
from tasks.extract.pdf.chars import BROKEN_WORD, Chars
from tasks.extract.pdf.hidden import Runs

_LINES = re.compile("[^\n\x02]*[\n\x02]|[^\n\x02]+\\Z")
_VISIBLE = re.compile(r"[^\s\x00-\x1f]")
_RARE = re.compile("[\xad\ud800-\udfff]")
_UPRIGHT = 2.5  # times as high as wide; a lone letter is not
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; one from a reader that tells no places has none.

    The box is as high as the line's font. `start` and `end` are its characters' indices. `apart`
    says why it is not of the text that a person reads. `marks` have offsets into the text.
    """

    text: str
    box: Box | None = None
    bold: bool = False
    start: int = 0
    end: int = 0
    apart: str | None = None
    marks: tuple[Link | Doubt, ...] = ()

    @property
    def height(self) -> float:
        """Give the height of the font in points; 0 where it is not known."""
        if self.box is None:
            return 0.0
        left, top, right, bottom = self.box
        wide, high = right - left, bottom - top
        return wide if high > _UPRIGHT * wide and self.upright else high

    @property
    def upright(self) -> bool:
        """Tell whether it runs up or down the page."""
        if self.box is None or len(self.text) < 2:
            return False
        return _is_upright(self.box.right - self.box.left, self.box.bottom - self.box.top)


def read_lines(chars: Chars, hidden: Runs = ()) -> tuple[Line, ...]:
    """Cut the characters of a page into lines.

    A broken word ends a line, too, and so does the border of a hidden stretch.
    """
    found = list(_stretches_of_text(chars, hidden))
    firsts = chars.boxes([stretch.first for stretch in found])
    lasts = chars.boxes([stretch.last for stretch in found])
    bold = chars.are_bold([stretch.middle for stretch in found])
    return tuple(
        Line(one.text, _box(chars, one, first, last), is_bold, one.start, one.end, one.apart)
        for one, first, last, is_bold in zip(found, firsts, lasts, bold, strict=True)
    )


class _Stretch(NamedTuple):
    """A line that has still to be measured; `first`, `middle` and `last` can be seen."""

    text: str
    start: int
    end: int
    apart: str | None
    first: int
    middle: int
    last: int


def _stretches_of_text(chars: Chars, hidden: Runs) -> Iterator[_Stretch]:
    drawn = chars.text
    for start, end, apart in _stretches(drawn, hidden):
        seen = _VISIBLE.search(drawn, start, end)
        text = readable(chars, start, end)
        if seen and text.strip():
            first = seen.start()
            last = max(first, start + len(drawn[start:end].rstrip("\r\n\x02 ")) - 1)
            middle = (_VISIBLE.search(drawn, (first + end) // 2, end) or seen).start()
            yield _Stretch(text, start, end, apart, first, middle, last)


def _stretches(text: str, hidden: Runs) -> Iterator[tuple[int, int, str | None]]:
    """Cut lines where hidden stretches begin and end."""
    runs, at = list(hidden), 0
    for match in _LINES.finditer(text):
        start, end = match.span()
        while start < end:
            while at < len(runs) and runs[at][1] <= start:
                at += 1
            begin, stop, why = runs[at] if at < len(runs) else (end, end, "")
            if begin <= start:
                yield start, min(end, stop), why
                start = min(end, stop)
            else:
                yield start, min(end, begin), None
                start = min(end, begin)


def readable(chars: Chars, start: int, end: int) -> str:
    """Give the text of a stretch of characters as a person reads it, without the line's end."""
    shown = chars.read[start:end]
    text = (shown if isinstance(shown, str) else "".join(shown)).strip("\r\n")
    return _readable(text) if _RARE.search(text) else text


def _readable(text: str) -> str:
    """Join the halves of rare characters, and show soft hyphens."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if _SOFT_HYPHEN in text:
        ends_broken = text.rstrip().endswith(_SOFT_HYPHEN)
        text = text.rstrip()[:-1] + BROKEN_WORD if ends_broken else text
        text = text.replace(_SOFT_HYPHEN, "-")
    return text


def _box(chars: Chars, line: _Stretch, first: Box, last: Box) -> Box:
    """Measure a line at its first, middle and last character; the middle one by height counts.

    A line may begin with a superscript or end with a subscript, and reads from right to left in
    some scripts.
    """
    left, right = min(first.left, last.left), max(first.right, last.right)
    _, top, _, bottom = first
    if top == last.top and bottom == last.bottom and not _is_upright(right - left, bottom - top):
        return Box(left, top, right, bottom)  # as most are
    boxes = sorted(map(chars.box, {line.first, line.middle, line.last}), key=_height)
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, right, middle = min(lefts), max(rights), len(boxes) // 2
    top, bottom = min(tops), max(bottoms)
    if _is_upright(right - left, bottom - top):
        return Box(left, top, right, bottom)
    return Box(left, tops[middle], right, bottoms[middle])


def _height(box: Box) -> float:
    return box.bottom - box.top


def _is_upright(wide: float, high: float) -> bool:
    """Tell a line that runs up or down the page."""
    return high > _UPRIGHT * wide
