"""The numbered paragraphs by which a document without pages is cited, as in `[¶ 12]`.

A mark costs five or six tokens, so that a number stands for as many blocks as keep the marks below
3 % of the text. A heading stays with what follows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

LEAST_CHARS = 800
LEAST_CHARS_BEFORE_HEADING = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A numbered run of blocks; numbers count from 1."""

    number: int
    start: int
    end: int


def numbered(blocks: Iterable[tuple[int, bool]], end: int) -> tuple[Paragraph, ...]:
    """Give the numbered paragraphs of a text by its blocks: their starts, and which are headings.

    A text too short for two numbers has none.
    """
    starts: list[int] = []
    below_heading = False
    for start, is_heading in blocks:
        least = LEAST_CHARS_BEFORE_HEADING if is_heading else LEAST_CHARS
        if not starts or (start - starts[-1] >= least and not below_heading):
            starts.append(start)
        below_heading = is_heading
    if len(starts) < 2:
        return ()
    edges = enumerate(pairwise((*starts, end)), start=1)
    return tuple(Paragraph(number=number, start=a, end=b) for number, (a, b) in edges)
