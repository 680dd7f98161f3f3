"""The words of lines with their places, asked for only where a table may be."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tasks.core.documents import Box
from tasks.extract.pdf.lines.line import Line, readable
from tasks.extract.pdf.pdfium.chars import Chars

WORD = re.compile(r"[^\s\x02]+\x02?")
"""A word among the characters of a page, with the break at its end."""

_SIGN = re.compile(r"[$\u20ac\u00a3\u00a5]")


class Word(NamedTuple):
    """A word, or a phrase of words with no wide gap between them."""

    text: str
    box: Box

    @property
    def centre(self) -> float:
        """Give its centre, across."""
        return (self.box.left + self.box.right) / 2

    @property
    def middle(self) -> float:
        """Give its centre, down."""
        return (self.box.top + self.box.bottom) / 2


def read_words(lines: Iterable[Line], chars: Chars) -> list[Word]:
    """Give the words of lines, those of each from left to right as they are read."""
    spans = [m.span() for x in lines for m in WORD.finditer(chars.text, x.start, x.end)]
    firsts = chars.places([start for start, _ in spans])
    lasts = chars.places([end - 1 for _, end in spans])
    words = []
    for (start, end), first, last in zip(spans, firsts, lasts, strict=True):
        text = readable(chars, start, end).strip()
        if text:
            _, top, _, bottom = first
            words.append(
                Word(text, Box(min(first[0], last[0]), top, max(first[2], last[2]), bottom))
            )
    return words


def phrases(words: Sequence[Word], gap: float) -> list[Word]:
    """Join words whose distance is less than `gap` times their height.

    A sign of currency begins a phrase of its own.
    """
    joined: list[Word] = []
    for word in sorted(words, key=lambda w: w.box.left):
        last = joined[-1] if joined else None
        height = word.box.bottom - word.box.top
        begins = _SIGN.fullmatch(word.text) is not None
        if last and not begins and word.box.left - last.box.right < gap * height:
            space = "" if word.box.left - last.box.right < 0.1 * height else " "
            joined[-1] = Word(f"{last.text}{space}{word.text}", _both(last.box, word.box))
        else:
            joined.append(word)
    return joined


def _both(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )
