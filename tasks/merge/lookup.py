"""Finding words in a source: the very same, or nearly the same with the same numbers."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from rapidfuzz import fuzz

from tasks.core.documents import Citation, CitationStatus, Document

ALIKE_PERCENT = 90.0
FUZZY_CHARS_AT_MOST = 2_000_000
"""A fuzzy search costs time in proportion to the source; beyond this only exact quotes count."""

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
IN_NUMBER = frozenset("0123456789.,")
WORD = re.compile(r"\S+")
SAME_SHAPE = str.maketrans("“”„«»‘’‚‐‑‒–—−", '"""""\'\'\'------')


@dataclass(frozen=True, slots=True)
class Haystack:
    """A source's words with single spaces between them, and where each word came from."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, at: int) -> int:
        """Give the offset in the source of an offset in the normalised text."""
        word = bisect_right(self.starts, at) - 1
        return self.origins[word] + at - self.starts[word]


def haystack(text: str) -> Haystack:
    """Prepare a source for look-ups."""
    words: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = 0
    for match in WORD.finditer(text.translate(SAME_SHAPE)):
        words.append(match.group())
        starts.append(length)
        origins.append(match.start())
        length += len(match.group()) + 1
    return Haystack(" ".join(words), tuple(starts), tuple(origins))


def find(quote: str, pages: frozenset[int], document: Document, source: Haystack) -> Citation:
    """Look a quotation up; `pages` are those that the output names for it, if any."""
    needle = " ".join(quote.translate(SAME_SHAPE).split())
    cited_page = min(pages, default=None)
    places = _exact(needle, source.text)
    status = CitationStatus.FOUND
    if not places:
        places = _alike(needle, source.text)
        status = CitationStatus.APPROXIMATE
    if not places:
        return Citation(quote=quote, status=CitationStatus.NOT_FOUND, cited_page=cited_page)
    spans = [(source.origin(a), source.origin(b - 1) + 1) for a, b in places]
    on_page = [span for span in spans if pages.intersection(document.pages_of(*span))]
    if pages and document.pages and not on_page:
        status = CitationStatus.APPROXIMATE  # the words are there, but on another page
    start, end = (on_page or spans)[0]
    return Citation(
        quote=quote,
        status=status,
        cited_page=cited_page,
        page=next(iter(document.pages_of(start, end)), None),
        start=start,
        end=end,
    )


def find_page(pages: frozenset[int], document: Document) -> Citation:
    """Check a bare reference: all that code can say is whether its pages exist."""
    there = {page.number: page for page in document.pages}
    missing = pages - there.keys()
    if missing:
        return Citation(quote="", status=CitationStatus.NOT_FOUND, cited_page=min(missing))
    page = there[min(pages)]
    return Citation(
        quote="",
        status=CitationStatus.FOUND,
        cited_page=page.number,
        page=page.number,
        start=page.start,
        end=page.end,
    )


def _exact(needle: str, text: str) -> list[tuple[int, int]]:
    """Find all places, since the same words may stand on several pages."""
    if not needle:
        return []
    places = ((m.start(), m.end()) for m in re.finditer(re.escape(needle), text))
    return [place for place in places if not any(_cuts(text, at) for at in place)]


def _cuts(text: str, at: int) -> bool:
    """Tell whether a place lies inside a word or a number: "5,000" is not in "15,000"."""
    before, after = text[max(at - 1, 0) : at], text[at : at + 1]
    if before in {".", ","} and after.isdigit():
        return text[max(at - 2, 0) : at - 1].isdigit()
    if after in {".", ","} and before.isdigit():
        return text[at + 1 : at + 2].isdigit()
    joined = before.isalnum() and after.isalnum()
    return joined and not (_unspaced(before) or _unspaced(after))


def _unspaced(character: str) -> bool:
    """Tell whether a character is of a script that does not put spaces between words."""
    code = ord(character)
    return code >= 0x2E80 or 0x0E00 <= code <= 0x0EFF or 0x1000 <= code <= 0x109F


def _alike(needle: str, text: str) -> list[tuple[int, int]]:
    """Find the place that is nearly the same and has the very same numbers."""
    if not needle or len(text) > FUZZY_CHARS_AT_MOST:
        return []
    best = fuzz.partial_ratio_alignment(needle, text, score_cutoff=ALIKE_PERCENT)
    if best is None or best.dest_end <= best.dest_start:
        return []
    start, end = best.dest_start, best.dest_end
    while start > 0 and text[start - 1] in IN_NUMBER:  # a number counts whole or not at all
        start -= 1
    while end < len(text) and text[end] in IN_NUMBER:
        end += 1
    same_numbers = NUMBER.findall(needle) == NUMBER.findall(text[start:end])
    return [(best.dest_start, best.dest_end)] if same_numbers else []
