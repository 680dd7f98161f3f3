"""Where the citations of an output stand in its body.

An anchor is a citation's number between two private characters, put right behind the citation.
It passes through the Markdown parser as text, and each format shows it in its own way. Where asked
for, another private character stands where the citation begins.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from tasks.core.outputs import Citation

OPEN, CLOSE, BEGIN = "\ue000", "\ue001", "\ue003"
ANCHOR = re.compile(f"{OPEN}([0-9]+){CLOSE}")


def anchored(
    body: str,
    citations: Sequence[Citation],
    *,
    begin: str = "",
    marks: Iterable[tuple[int, str]] = (),
) -> str:
    """Put the anchor of each citation that is shown behind it, numbered from 1.

    `begin` is put where a citation begins, and may be `BEGIN`. `marks` are further texts with the
    places where they are put, none of them within a citation.
    """
    text = without_anchors(body)
    put = [*marks]
    for number, citation in enumerate(citations, start=1):
        start, end = citation.body_start, citation.body_end
        if start is not None and end is not None:
            put += [(start, begin), (end, f"{OPEN}{number}{CLOSE}")]
    put.sort(key=lambda one: one[0])  # those at one place stay in order
    places = [at for at, _ in put]
    cut = [text[a:b] for a, b in pairwise([0, *places, len(text)])]
    return "".join(chain.from_iterable(zip(cut, [*(shown for _, shown in put), ""], strict=True)))


def without_anchors(text: str) -> str:
    """Replace the private characters of a text, which would read as an anchor of ours."""
    for ours in (OPEN, CLOSE, BEGIN):
        text = text.replace(ours, "\ufffd")
    return text


def pieces(text: str) -> Iterator[tuple[str, int]]:
    """Cut a text at its anchors, into pairs of what stands before one and its number, or 0."""
    if OPEN not in text:
        yield text, 0
        return
    cut = ANCHOR.split(text)
    yield from zip(cut[::2], [*map(int, cut[1::2]), 0], strict=True)
