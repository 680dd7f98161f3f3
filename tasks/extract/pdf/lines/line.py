"""A line of a page: its text, its place, its font."""

import re
from typing import NamedTuple

from tasks.core.documents import Box, Doubt, Link
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD, Chars

UPRIGHT = 2.5
"""Times as high as wide, and a text runs up or down the page."""

_RARE = re.compile("[\xad\ud800-\udfff]")
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


def is_upright(text: str, box: Box) -> bool:
    """Tell whether a text with such a box runs up or down the page; a lone letter does not."""
    return len(text) > 1 and box.bottom - box.top > UPRIGHT * (box.right - box.left)
