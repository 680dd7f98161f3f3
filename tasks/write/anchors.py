"""Where the citations of an output stand in its body.

An anchor is a citation's number between two private characters, put right behind the citation.
It passes through the Markdown parser as text, and each format shows it in its own way.
"""

import re
from collections.abc import Sequence

from tasks.core.documents import Citation

OPEN, CLOSE = "\ue000", "\ue001"
ANCHOR = re.compile(f"{OPEN}([0-9]+){CLOSE}")

_PAGES = re.compile(r"\[(?:pp?\.|[Pp]ages?)\s*[0-9][0-9\s,;\u2013-]*\]")
_AFTER_QUOTE = re.compile(rf"\s*[\"\u201c\u201d\u2019\u00bb\u300d]?[*_]*(?:\s*{_PAGES.pattern})?")


def anchored(body: str, citations: Sequence[Citation]) -> str:
    """Put the anchor of each citation behind it, numbered from 1; one that is not met has none."""
    text = without_anchors(body)
    pieces: list[str] = []
    at = 0
    for number, citation in enumerate(citations, start=1):
        end = _end_of(citation, text, at)
        if end is not None:
            pieces += [text[at:end], f"{OPEN}{number}{CLOSE}"]
            at = end
    return "".join([*pieces, text[at:]])


def without_anchors(text: str) -> str:
    """Replace the private characters of a text, which would read as an anchor of ours."""
    return text.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd")


def _end_of(citation: Citation, text: str, at: int) -> int | None:
    """Find where a citation ends that stands behind a place in the text."""
    if not citation.quote:
        found = _PAGES.search(text, at)
        return found.end() if found else None
    start = text.find(citation.quote, at)
    if start < 0:
        return None
    after = _AFTER_QUOTE.match(text, start + len(citation.quote))
    return after.end() if after and after[0].strip() else start + len(citation.quote)
