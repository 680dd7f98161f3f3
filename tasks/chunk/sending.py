r"""What of a span is sent: not what is set apart, and with a line `[p. 12]` before each page.

A document without pages has lines `[¶ 12]` before its numbered paragraphs in their stead.

    document.text   "…owed.\n\n" "Page 12 of 80" "\n\n" "Interest runs…"
                                  (set apart)            (first of page 12)
    sent            "…owed.\n\n\n\n[p. 12]\nInterest runs…"

White space is sent as it is, but for that at both ends and for runs longer than any layout needs,
which would cost tokens for nothing. Taking the marks away gives back what was sent, to the letter.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from tasks.core.answers import Chunk
from tasks.core.documents import Document, Page
from tasks.core.paragraphs import Paragraph
from tasks.core.spans import Span, subtract, touched

LONG_SPACE_CHARS = 32
MARK_SEARCH_CHARS = 64
"""How far a mark may move on so as not to split a word; scripts without spaces have none."""

_VISIBLE = re.compile(r"\S")
_SPACE = re.compile(r"\s")
_LONG_SPACE = re.compile(rf"\s{{{LONG_SPACE_CHARS + 1},}}")
_EVERY = 4
_SAMPLED_SPACE = re.compile(rf"\s\s{{{LONG_SPACE_CHARS // _EVERY - 1}}}")


def sent_text(document: Document, part: Chunk | Span) -> str:
    """Give the text of a chunk as it is sent, with its marks."""
    return "".join(sent_pieces(document, part))


def sent_pieces(document: Document, part: Chunk | Span) -> tuple[str, ...]:
    """Give text and marks by turns, starting with text, which may be empty."""
    spans = sent_spans(document, part.start, part.end)
    text = "".join([document.text[a:b] for a, b in spans])
    marks = _marks(document, part, spans, text)
    edges = (0, *(at for at, _ in marks), len(text))
    bodies = [text[a:b] for a, b in pairwise(edges)]
    if has_long_space(text):
        bodies = [shorten_space(body) for body in bodies]
    bodies[0] = bodies[0].lstrip()
    bodies[-1] = bodies[-1].rstrip()
    pieces = [bodies[0]]
    for (_, number), body in zip(marks, bodies[1:], strict=True):
        fresh = not pieces[-1] or pieces[-1].endswith("\n")
        pieces += (mark(document, number) if fresh else f"\n{mark(document, number)}", body)
    return tuple(pieces)


def mark(document: Document, number: int) -> str:
    """Give the line before a numbered page or paragraph."""
    return f"[p. {number}]\n" if document.pages else f"[¶ {number}]\n"


def sent_spans(document: Document, start: int, end: int) -> tuple[Span, ...]:
    """Give the spans within `[start, end)` that are not set apart, looking only at blocks there."""
    blocks = touched(document.blocks, start, end)
    apart = [Span(b.start, b.end) for b in blocks if b.set_apart is not None]
    return subtract([Span(start, end)], apart)


def visible(text: str, start: int, end: int) -> Span:
    """Take the white space off both ends of a stretch; it is empty if there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def has_long_space(text: str) -> bool:
    """Tell whether a text may have white space to shorten; a look at every fourth character."""
    return _SAMPLED_SPACE.search(text[::_EVERY]) is not None


def shorten_space(text: str) -> str:
    """Shorten each long run of white space to its first two line breaks, or to one character."""
    if not has_long_space(text):
        return text
    return _LONG_SPACE.sub(lambda run: "\n" * min(run[0].count("\n"), 2) or run[0][0], text)


def _marks(
    document: Document, part: Chunk | Span, spans: tuple[Span, ...], text: str
) -> list[tuple[int, int]]:
    """Give each mark's offset in the sent text and its number; pages without text get none."""
    offset = _offsets(spans)
    places: Sequence[Page | Paragraph] = document.places
    marks = []
    for place in touched(places, part.start, part.end):
        low, high = offset(max(place.start, part.start)), offset(min(place.end, part.end))
        found = _VISIBLE.search(text, low, high)
        if found:
            marks.append((_between_words(text, found.start(), high), place.number))
    return marks


def _offsets(spans: tuple[Span, ...]) -> Callable[[int], int]:
    """Map a place in the document to where it is in the spans' own text, one after the other."""
    if len(spans) == 1:
        (start, end) = spans[0]
        return lambda at: min(max(at - start, 0), end - start)
    starts = [span.start for span in spans]
    before = [0, *accumulate(b - a for a, b in spans)]

    def offset(at: int) -> int:
        index = bisect_right(starts, at) - 1
        return min(before[index] + at - starts[index], before[index + 1]) if index >= 0 else 0

    return offset


def _between_words(text: str, at: int, end: int) -> int:
    """Move a mark that falls into a word on to the next one, if there is one near."""
    if at == 0 or text[at - 1].isspace():
        return at
    space = _SPACE.search(text, at, min(end, at + MARK_SEARCH_CHARS))
    found = _VISIBLE.search(text, space.end(), end) if space else None
    return found.start() if found else at
