"""Counting stretches of a document as they are sent, each line only once."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.chunk.sending import shorten_space
from tasks.core.documents import Document
from tasks.core.spans import Span, subtract
from tasks.core.tokens import TokenCounts

MARK_TOKENS = 10
"""What a mark costs at most, with what it parts."""

_VISIBLE = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of a document's lines, the spans that are set apart, and where its marks stand."""

    text: str
    hidden: tuple[Span, ...]
    marks: tuple[int, ...]
    counts: TokenCounts = field(default_factory=TokenCounts)

    def cost(self, start: int, end: int) -> int:
        """Count a stretch with the marks that fall into it; it is 1 at least."""
        marks = bisect_left(self.marks, end) - bisect_left(self.marks, start) if self.marks else 0
        return max(self.tokens(start, end) + MARK_TOKENS * marks, 1)

    def tokens(self, start: int, end: int) -> int:
        """Count a stretch as it counts inside the text, where a space belongs to the next word."""
        text = self.text
        hidden = self._hidden(start, end) if self.hidden else ()
        if hidden:
            shown = "".join(text[a:b] for a, b in subtract([Span(start, end)], hidden))
        else:
            first = start - 1 if start and text[start - 1] == " " else start
            last = end - 1 if end < len(text) and text[end - 1] == " " else end
            shown = text[first:last]
        return self.counts.of(shorten_space(shown))

    def _hidden(self, start: int, end: int) -> tuple[Span, ...]:
        first = bisect_right(self.hidden, start, key=_end)
        return self.hidden[first : bisect_left(self.hidden, end, lo=first, key=_start)]


def tally(document: Document) -> Tally:
    """Make the tally of a document, with nothing counted yet."""
    hidden = document.set_apart()
    return Tally(document.text, hidden, tuple(_marks(document, hidden)))


def _marks(document: Document, hidden: tuple[Span, ...]) -> Iterator[int]:
    """Find the first visible character that is sent of each page or numbered paragraph."""
    for place in document.places:
        at = place.start
        while found := _VISIBLE.search(document.text, at, place.end):
            at = found.start()
            index = bisect_right(hidden, at, key=_end)
            if index == len(hidden) or at < hidden[index].start:
                yield at
                break
            at = hidden[index].end


def _start(span: Span) -> int:
    return span.start


def _end(span: Span) -> int:
    return span.end
