"""What stands behind a citation, in words: the document, the page, the quotation, and the doubt."""

from dataclasses import dataclass

from tasks.core.outputs import Citation, CitationStatus
from tasks.write.clean import one_line
from tasks.write.source import SourceInfo

_LONGEST_WORDS = 400
_LONGEST_QUOTE = 110
"""Enough to know a quotation by that the text itself has whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A citation as a note tells it; `doubt` and `quote` are empty where there is none.

    The quote of an approximate one is in the words of the source, if these are known.
    """

    place: str
    doubt: str = ""
    quote: str = ""


def reference(citation: Citation, source: SourceInfo) -> Reference:
    """Say where a citation leads and what looking it up gave."""
    name = one_line(citation.document or source.name)
    quote = _shortened(one_line(citation.quote), _LONGEST_QUOTE)
    if citation.status is CitationStatus.NOT_FOUND:
        cited = f", {unbroken(citation.cited_place)} as cited" if citation.cited_place else ""
        return Reference(place=name + cited, doubt="not found", quote=quote)
    place = ", ".join(filter(None, (name, unbroken(citation.place or citation.cited_place))))
    if citation.status is CitationStatus.FOUND:
        return Reference(place=place, quote=quote)
    words = _shortened(one_line(words_of(citation, source)), _LONGEST_WORDS)
    doubt = "approximate, the source reads" if words else "approximate"
    return Reference(place=place, doubt=doubt, quote=words or quote)


def unbroken(place: str) -> str:
    """Keep a place such as "p. 12" on one line."""
    return place.replace(" ", "\u00a0")


def words_of(citation: Citation, source: SourceInfo) -> str:
    """Give the words that the source has where a citation leads; empty if they are not known."""
    document = source.documents.get(citation.document)
    if document is None or citation.start is None or citation.end is None:
        return ""
    return document.text[citation.start : citation.end]


def _shortened(quote: str, longest: int) -> str:
    """Leave out the middle of a quotation that is too long for a note."""
    if len(quote) <= longest:
        return quote
    begin = quote[: longest * 2 // 3].rsplit(" ", 1)[0]
    end = quote[-longest // 3 :].split(" ", 1)[-1]
    return f"{begin} \u2026 {end}"
