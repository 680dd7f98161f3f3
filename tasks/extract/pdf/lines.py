"""From the characters of a page to its lines, with their places and fonts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tasks.core.documents import Box, Doubt, Link
from tasks.extract.pdf.accents import Edits
from tasks.extract.pdf.chars import BROKEN_WORD, Chars
from tasks.extract.pdf.hidden import Runs

_LINES = re.compile("[^\n\x02]*[\n\x02]|[^\n\x02]+\\Z")
_VISIBLE = re.compile(r"[^\s\x00-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
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

    @property
    def upright(self) -> bool:
        """Tell whether it runs up or down the page."""
        if self.box is None or len(self.text) < 2:
            return False
        return _is_upright(self.box.right - self.box.left, self.box.bottom - self.box.top)


def read_lines(chars: Chars, edits: Edits, hidden: Runs = ()) -> tuple[Line, ...]:
    """Cut the characters of a page into lines.

    A broken word ends a line, too, and so does the border of a hidden stretch.
    """
    return tuple(_lines(chars, edits, hidden))


def _lines(chars: Chars, edits: Edits, hidden: Runs) -> Iterator[Line]:
    for start, end, apart in _stretches(chars.text, hidden):
        seen = _VISIBLE.search(chars.text, start, end)
        text = readable(chars, edits, start, end)
        if seen and text.strip():
            first = seen.start()
            last = start + len(chars.text[start:end].rstrip("\r\n\x02 ")) - 1
            middle = _VISIBLE.search(chars.text, (first + end) // 2, end) or seen
            box = _box(chars, {first, middle.start(), max(last, first)})
            yield Line(text, box, chars.is_bold(middle.start()), start, end, apart)


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


def readable(chars: Chars, edits: Edits, start: int, end: int) -> str:
    """Give the text of a stretch of characters as a person reads it."""
    text = chars.text[start:end]
    if edits and not edits.keys().isdisjoint(range(start, end)):
        text = "".join(edits.get(start + at, character) for at, character in enumerate(text))
    return _readable(text)


def _readable(text: str) -> str:
    """Drop the line's end, join the halves of rare characters, and show soft hyphens."""
    text = text.strip("\r\n")
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if _SOFT_HYPHEN in text:
        ends_broken = text.rstrip().endswith(_SOFT_HYPHEN)
        text = text.rstrip()[:-1] + BROKEN_WORD if ends_broken else text
        text = text.replace(_SOFT_HYPHEN, "-")
    return text


def _box(chars: Chars, picks: set[int]) -> Box:
    """Measure a line at its first, middle and last character; the middle one by height counts.

    A line may begin with a superscript or end with a subscript, and reads from right to left in
    some scripts.
    """
    boxes = sorted(map(chars.box, picks), key=_height)
    usual = boxes[len(boxes) // 2]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top, right, bottom = min(lefts), min(tops), max(rights), max(bottoms)
    if _is_upright(right - left, bottom - top):
        return Box(left, top, right, bottom)
    return Box(left, usual.top, right, usual.bottom)


def _height(box: Box) -> float:
    return box.bottom - box.top


def _is_upright(wide: float, high: float) -> bool:
    """Tell a line that runs up or down the page."""
    return high > _UPRIGHT * wide
