"""Looking a quotation or a bare reference up in a source.

A quotation is found when the source has the same words, apart from what layout does to them
(`folding`). It is approximate when it has nearly the same words with the same numbers, names and
negations, or has them in other capitals, on another page, in part of a word, or with a stretch left
out that an ellipsis admits. Else it is not found.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from tasks.core.documents import Document
from tasks.core.outputs import Citation, CitationStatus
from tasks.merge.lookup.cited import Cited
from tasks.merge.lookup.differences import differ, same_words
from tasks.merge.lookup.folding import fold
from tasks.merge.lookup.source import Place, Source

OMITTED_CHARS_AT_MOST = 2000
"""An ellipsis may stand for so much of the source."""


class Needle(NamedTuple):
    """A folded quotation, in lower case and not."""

    text: str
    cased: str


_MARK = re.compile(r"\[(?:p\.|¶) \d+\]")
_ELLIPSIS = re.compile(r"\s*[\[(]?(?:\.\.\.+|…)[\])]?\s*")
_END = ".,;:'…。，、；："  # noqa: RUF001 # the full-width ones are meant


def find(quote: str, cited: Cited, source: Source) -> Citation:
    """Look a quotation up; `cited` is where the output says that it stands, if it does."""
    words = _MARK.sub(" ", quote)
    needle = _needle(words)
    status = CitationStatus.FOUND
    spans = _exact(needle, words, source) if needle else []
    if needle and not spans:
        status = CitationStatus.APPROXIMATE
        spans = _inexact(needle, words, source)
    citation = named(quote, status, cited)
    if not spans:
        return replace(citation, status=CitationStatus.NOT_FOUND)
    document, numbers = source.document, cited.of(source.document)
    there = [span for span in spans if numbers.intersection(document.places_of(*span))]
    if numbers and document.places and not there:
        status = CitationStatus.APPROXIMATE  # the words are there, but in another place
    return at_place(replace(citation, status=status), (there or spans)[0], document)


def find_place(cited: Cited, source: Source) -> Citation:
    """Check a bare reference: all that code can say is whether its pages or paragraphs exist."""
    document = source.document
    there = {place.number: place for place in document.places}
    numbers = cited.of(document)
    missing = (cited.pages | cited.paragraphs) - (numbers & there.keys())
    if missing:
        return named("", CitationStatus.NOT_FOUND, cited.only(missing))
    place, found = there[min(numbers)], named("", CitationStatus.FOUND, cited)
    return replace(
        found,
        page=found.cited_page,
        paragraph=found.cited_paragraph,
        start=place.start,
        end=place.end,
    )


def named(quote: str, status: CitationStatus, cited: Cited) -> Citation:
    """Give a citation with what the output names for it."""
    return Citation(
        quote=quote,
        status=status,
        cited_page=min(cited.pages, default=None),
        cited_paragraph=min(cited.paragraphs, default=None),
    )


def at_place(citation: Citation, span: Place, document: Document) -> Citation:
    """Say of a citation where the source has it."""
    start, end = span
    return replace(
        citation,
        page=next(iter(document.pages_of(start, end)), None),
        paragraph=next(iter(document.paragraphs_of(start, end)), None),
        start=start,
        end=end,
    )


def _exact(needle: Needle, words: str, source: Source) -> list[Place]:
    """Give the spans that have the same words in the same capitals, the first one aside."""
    cased = source.folded.cased
    places = (
        (start, end)
        for start, end in source.exact(needle.text)
        if cased[start + 1 : end] == needle.cased[1:] and not source.cuts_word((start, end))
    )
    return _same_words(places, words, source)


def _inexact(needle: Needle, words: str, source: Source) -> list[Place]:
    """Give the spans that have nearly the same words, and differ in nothing that decides."""
    places = list(source.exact(needle.text))
    if places:
        return _same_words(places, words, source)
    with_omissions = _with_omissions(words, source)
    if with_omissions:
        return [source.span(with_omissions)]
    alike = source.alike(needle.text)
    if alike is None or differ(words, source.around(alike)):
        return []
    return [source.whole_words(alike)]


def _same_words(places: Iterable[Place], words: str, source: Source) -> list[Place]:
    spans = map(source.span, places)
    return [span for span in spans if same_words(words, source.text[slice(*span)])]


def _with_omissions(words: str, source: Source) -> Place | None:
    """Give the place of parts that an ellipsis joins, each exact, in order and near the last."""
    needles = [needle for part in _ELLIPSIS.split(words) if (needle := _needle(part))]
    if len(needles) < 2:
        return None
    for start, end in source.exact(needles[0].text):
        last = _follow(needles[1:], end, source)
        if last is not None:
            return start, last
    return None


def _follow(needles: Iterable[Needle], at: int, source: Source) -> int | None:
    """Give where the last of some parts ends, if all follow."""
    for needle in needles:
        places = source.exact(needle.text, start=at, end=at + OMITTED_CHARS_AT_MOST)
        place = next(places, None)
        if place is None:
            return None
        at = place[1]
    return at


def _needle(words: str) -> Needle | None:
    """Fold a quotation, without the punctuation and quotes at its ends; None if nothing is left."""
    folded = fold(words)
    end = len(folded.text.rstrip(_END))
    start = len(folded.text) - len(folded.text.lstrip("'"))
    return Needle(folded.text[start:end], folded.cased[start:end]) if end > start else None
