"""From the characters of a page to its lines, with their places and fonts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from tasks.core.documents import Box, Doubt, Link
from tasks.extract.pdf.chars import BROKEN_WORD, Chars
from tasks.extract.pdf.hidden import Runs

_LINES = re.compile("[^\n\x02]*[\n\x02]|[^\n\x02]+\\Z")
_VISIBLE = re.compile(r"[^\s\x00-\x1f]")
_RARE = re.compile("[\xad\ud800-\udfff]")
_UPRIGHT = 2.5  # times as high as wide; a lone letter is not
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)  # without slots, for what is measured once
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

    @cached_property
    def height(self) -> float:
        """Give the height of the font in points; 0 where it is not known."""
        if self.box is None:
            return 0.0
        wide, high = self.box.right - self.box.left, self.box.bottom - self.box.top
        return wide if self.upright else high

    @cached_property
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
    boxes = iter(chars.boxes([pick for stretch in found for pick in stretch.picks]))
    bold = chars.are_bold([stretch.middle for stretch in found])
    return tuple(
        Line(text, _box(islice(boxes, len(picks))), is_bold, start, end, apart)
        for (text, start, end, apart, _, picks), is_bold in zip(found, bold, strict=True)
    )


class _Stretch(NamedTuple):
    """A line that has still to be measured, at the characters that are picked."""

    text: str
    start: int
    end: int
    apart: str | None
    middle: int
    picks: set[int]


def _stretches_of_text(chars: Chars, hidden: Runs) -> Iterator[_Stretch]:
    drawn = chars.text
    for start, end, apart in _stretches(drawn, hidden):
        seen = _VISIBLE.search(drawn, start, end)
        text = readable(chars, start, end)
        if seen and text.strip():
            first = seen.start()
            last = max(first, start + len(drawn[start:end].rstrip("\r\n\x02 ")) - 1)
            middle = (_VISIBLE.search(drawn, (first + end) // 2, end) or seen).start()
            yield _Stretch(text, start, end, apart, middle, {first, middle, last})


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
    text = "".join(chars.read[start:end]).strip("\r\n")
    return _readable(text) if _RARE.search(text) else text


def _readable(text: str) -> str:
    """Join the halves of rare characters, and show soft hyphens."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if _SOFT_HYPHEN in text:
        ends_broken = text.rstrip().endswith(_SOFT_HYPHEN)
        text = text.rstrip()[:-1] + BROKEN_WORD if ends_broken else text
        text = text.replace(_SOFT_HYPHEN, "-")
    return text


def _box(picks: Iterable[Box]) -> Box:
    """Measure a line at its first, middle and last character; the middle one by height counts.

    A line may begin with a superscript or end with a subscript, and reads from right to left in
    some scripts.
    """
    boxes = sorted(picks, key=_height)
    _, top, _, bottom = boxes[len(boxes) // 2]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, right = min(lefts), max(rights)
    lowest, highest = max(bottoms), min(tops)
    if _is_upright(right - left, lowest - highest):
        return Box(left, highest, right, lowest)
    return Box(left, top, right, bottom)


def _height(box: Box) -> float:
    return box.bottom - box.top


def _is_upright(wide: float, high: float) -> bool:
    """Tell a line that runs up or down the page."""
    return high > _UPRIGHT * wide
