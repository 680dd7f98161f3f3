"""Where the citations of an output stand in its body.

An anchor is a citation's number between two private characters, put right behind the citation.
It passes through the Markdown parser as text, and each format shows it in its own way. Where asked
for, another private character stands where the citation begins.
"""

import re
from collections.abc import Iterator, Sequence

from tasks.core.outputs import Citation

OPEN, CLOSE, BEGIN = "\ue000", "\ue001", "\ue003"
ANCHOR = re.compile(f"{OPEN}([0-9]+){CLOSE}")


def anchored(body: str, citations: Sequence[Citation], *, begin: str = "") -> str:
    """Put the anchor of each citation that is shown behind it, numbered from 1.

    `begin` is put where a citation begins, and may be `BEGIN`.
    """
    text = without_anchors(body)
    parts: list[str] = []
    at = 0
    for number, citation in enumerate(citations, start=1):
        start, end = citation.body_start, citation.body_end
        if start is not None and end is not None:
            parts += [text[at:start], begin, text[start:end], f"{OPEN}{number}{CLOSE}"]
            at = end
    return "".join([*parts, text[at:]])


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
