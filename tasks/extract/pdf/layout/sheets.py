"""Laying out the pages of a document, some of them by helpers where there are any.

A page's passages come of the page and of a few things that are known of the whole document, in
whichever process.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from tasks.core.codec import from_json, to_json
from tasks.extract.pdf.layout.hyphens import Hyphens
from tasks.extract.pdf.layout.paragraphs import Outline, Passage
from tasks.extract.pdf.layout.passages import passages_of
from tasks.extract.pdf.page import PageText
from tasks.extract.reader import Ask

_OWN_SHARE = 1.35  # times a helper's, which it takes a while to hand over

Passages = tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to lay out, its running heads, and what the outline has for it."""

    page: PageText
    heads: frozenset[int]
    outline: Outline


@dataclass(frozen=True, slots=True)
class Sheets:
    """Pages to lay out, and the words of the whole document."""

    sheets: tuple[Sheet, ...]
    hyphens: Hyphens

    def laid_out(self) -> Iterator[Passages]:
        """Give the passages of each page."""
        for sheet in self.sheets:
            yield tuple(passages_of(sheet.page, sheet.heads, sheet.outline, self.hyphens))


@dataclass(frozen=True, slots=True)
class Laid:
    """The passages of each page."""

    pages: tuple[Passages, ...]


def lay_out_for_another(question: bytes) -> bytes:
    """Lay out `Sheets` and give them as `Laid`, both in JSON."""
    sheets = from_json(Sheets, question)
    return to_json(Laid(tuple(sheets.laid_out())))


def laid_out(sheets: Sheets, helpers: Sequence[Ask] = ()) -> Iterator[Passages]:
    """Give the passages of each page; what a helper that is lost should have given is done here."""
    own, *others = _shares(sheets, len(helpers))
    asked = [_asked(ask, share) for ask, share in zip(helpers, others, strict=True)]
    yield from own.laid_out()
    for share, answer in zip(others, asked, strict=True):
        yield from _answered(answer) or share.laid_out()


def _shares(sheets: Sheets, helpers: int) -> Iterator[Sheets]:
    """Cut sheets for oneself and the helpers."""
    step = len(sheets.sheets) / (_OWN_SHARE + helpers)
    ends = [round((_OWN_SHARE + helper) * step) for helper in range(helpers + 1)]
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        yield replace(sheets, sheets=sheets.sheets[start:end])


def _asked(ask: Ask, sheets: Sheets) -> Callable[[], bytes] | None:
    with suppress(OSError):
        return ask(to_json(sheets))
    return None


def _answered(answer: Callable[[], bytes] | None) -> tuple[Passages, ...]:
    with suppress(OSError, ValueError):
        return from_json(Laid, answer()).pages if answer else ()
    return ()
