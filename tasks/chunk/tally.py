"""Counting stretches of a document as they are sent, so that the counts add up to a chunk's."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tasks.chunk.sending import has_long_space, mark, shorten_space
from tasks.core.documents import Document
from tasks.core.spans import Span, subtract
from tasks.core.tokens import count_tokens

MARK_PARTS_TOKENS = 4
"""What a mark costs at most beside its own tokens where it parts a line or a word."""

_VISIBLE = re.compile(r"\S")


class Cost(NamedTuple):
    """The tokens of a stretch with its marks, 1 at least.

    `adds` says that these and those of what is before it add up to what both have as one text.
    """

    tokens: int
    adds: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """A document's text, the spans of it that are set apart, and where its marks stand.

    `mark` is what a mark costs at the start of a line, 0 where there is none.
    """

    text: str
    hidden: tuple[Span, ...]
    hidden_ends: tuple[int, ...]
    marks: tuple[int, ...]
    mark: int
    long_space: bool

    def cost(self, start: int, end: int) -> Cost:
        """Count a stretch that starts with a visible character, with the marks that fall into it.

        It adds up at the start of a line, and after a space that parts nothing but words.
        """
        tokens, marks = self.tokens(start, end), self.marks
        first = bisect_left(marks, start)
        if first == len(marks) or marks[first] >= end:
            return Cost(tokens or 1, self._adds(start))
        fallen = bisect_left(marks, end, first) - first
        tokens += fallen * self.mark
        if fallen == 1 and marks[first] == start and self.text[start - 1 : start] != " ":
            return Cost(tokens, self._adds(start))
        return Cost(tokens + fallen * MARK_PARTS_TOKENS, adds=False)

    def _adds(self, start: int) -> bool:
        before = self.text[start - 1 : start]
        if before == " ":
            return not self.long_space
        if before not in "\n" or self.text[start] == "/":
            return False
        return not (self.hidden and self._hidden(start - 1, start))

    def lead(self, start: int, end: int) -> int:
        """Count what a stretch costs more at the start of a chunk: a mark, if it is within a page.

        Where a space is before it, its first word is counted without.
        """
        at = bisect_left(self.marks, start)
        mark = 0 if self.marks[at : at + 1] == (start,) else self.mark
        if self.text[start - 1 : start] != " ":
            return mark
        return mark + count_tokens(self.text[start:end]) - count_tokens(self.text[start - 1 : end])

    def tokens(self, start: int, end: int) -> int:
        """Count a stretch as it counts inside the text, where a space belongs to the next word."""
        text = self.text
        if self.hidden and (hidden := self._hidden(start, end)):
            shown = "".join(text[a:b] for a, b in subtract([Span(start, end)], hidden))
        else:
            first = start - 1 if start and text[start - 1] == " " else start
            last = end - 1 if end < len(text) and text[end - 1] == " " else end
            shown = text[first:last]
        return count_tokens(shorten_space(shown) if self.long_space else shown)

    def _hidden(self, start: int, end: int) -> tuple[Span, ...]:
        hidden = self.hidden
        first = stop = bisect_right(self.hidden_ends, start)
        while stop < len(hidden) and hidden[stop].start < end:
            stop += 1
        return hidden[first:stop]


def tally(document: Document) -> Tally:
    """Make the tally of a document, with nothing counted yet."""
    hidden = document.set_apart()
    ends = tuple(span.end for span in hidden)
    places = document.places
    return Tally(
        text=document.text,
        hidden=hidden,
        hidden_ends=ends,
        marks=tuple(_marks(document, hidden, ends)),
        mark=count_tokens(mark(document, max(place.number for place in places))) if places else 0,
        # What is set apart may part white space that is long without it.
        long_space=bool(hidden) or has_long_space(document.text),
    )


def _marks(
    document: Document, hidden: tuple[Span, ...], hidden_ends: tuple[int, ...]
) -> Iterator[int]:
    """Find the first visible character that is sent of each page or numbered paragraph."""
    for place in document.places:
        at = place.start
        while found := _VISIBLE.search(document.text, at, place.end):
            at = found.start()
            index = bisect_right(hidden_ends, at)
            if index == len(hidden) or at < hidden[index].start:
                yield at
                break
            at = hidden[index].end
