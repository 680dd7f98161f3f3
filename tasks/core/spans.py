"""Arithmetic on spans: `[start, end)` offsets into a document's text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple, Protocol, TypeVar


class Located(Protocol):
    """What has a place in a text."""

    @property
    def start(self) -> int:
        """Give the offset of its first character."""

    @property
    def end(self) -> int:
        """Give the offset after its last character."""


Part = TypeVar("Part", bound=Located)


class Span(NamedTuple):
    """The characters `text[start:end]`."""

    start: int
    end: int


def touched(parts: Sequence[Part], start: int, end: int) -> Sequence[Part]:
    """Give those of parts in order, none over another, that `[start, end)` touches."""
    first = bisect_right(parts, start, key=attrgetter("end"))
    return parts[first : bisect_left(parts, end, lo=first, key=attrgetter("start"))]


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Merge spans that overlap or touch; the result is sorted and without empty spans."""
    merged: list[Span] = []
    for span in sorted(s for s in spans if s.end > s.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> tuple[Span, ...]:
    """Give what is left of `spans` when all `holes` are cut out of them."""
    left: list[Span] = []
    cuts = union(holes)
    first = 0
    for part in union(spans):
        start, end = part
        while first < len(cuts) and cuts[first].end <= start:
            first += 1
        at = first
        while at < len(cuts) and cuts[at].start < end:
            if cuts[at].start > start:
                left.append(Span(start, cuts[at].start))
            start = cuts[at].end
            at += 1
        if start < end:
            left.append(Span(start, end))
    return tuple(left)


def length(spans: Iterable[Span]) -> int:
    """Count the characters that the spans cover, each once."""
    return sum(span.end - span.start for span in union(spans))
