"""The inner form of an output: Markdown as we read it, and which link targets we let through."""

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tasks.write.anchors import ANCHOR

# The parser drops in silence what is nested deeper than its limit (20 unless told).
NESTING_LIMIT = 100
BREAKS = {"softbreak": " ", "hardbreak": "\n"}
_LONGEST_TARGET = 2000  # Word refuses a file with much longer ones
_WEB = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)
_HOST = re.compile(r"[\w.:-]+")
_MAIL = re.compile(r"mailto:[^\s\\@]+@[^\s\\@]+", re.IGNORECASE)


class _Parser(MarkdownIt):
    """A parser that reports every link; what is done with its target is decided later."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the name is the library's
        """Accept any target."""
        return True


def parse(markdown: str) -> list[Token]:
    """Parse CommonMark with tables, HTML taken as text; nothing of the text is dropped.

    Text nested deeper than any person writes comes back as plain paragraphs.
    """
    with _without_collecting():
        tokens = parser(with_html=False).parse(markdown)
    if any(token.level >= NESTING_LIMIT - 1 for token in tokens):
        return MarkdownIt("zero").parse(markdown)
    return tokens


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no garbage while a million tokens are made, which saves a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def plain(tokens: Sequence[Token]) -> str:
    """Give the text of inline tokens as it is read."""
    return ANCHOR.sub("", "".join(BREAKS.get(t.type, t.content) for t in tokens))


@cache
def parser(*, with_html: bool) -> MarkdownIt:
    """Give the parser that lets every link through."""
    options: dict[str, Any] = {"html": with_html, "maxNesting": NESTING_LIMIT}
    return _Parser("commonmark", options).enable("table")


def is_safe_target(target: str) -> bool:
    """Say whether a link may lead there: the web or an address, in a form that opens anywhere."""
    if len(target) > _LONGEST_TARGET or not (_WEB.fullmatch(target) or _MAIL.fullmatch(target)):
        return False
    try:
        parts = urlsplit(target)
        _ = parts.port  # reading it raises where it is no number
    except ValueError:
        return False
    return parts.scheme.lower() == "mailto" or bool(_HOST.fullmatch(parts.hostname or ""))
