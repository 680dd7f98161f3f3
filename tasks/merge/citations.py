"""Looking quotations and page references up in the source.

A quotation is what stands in “…” or "…", if a page reference `[p. 12]` follows it or it has at
least `QUOTE_WORDS` words; shorter ones are taken for terms. It is found when the source has the
same words, apart from spacing and the shape of quotes and dashes; approximate when the source has
nearly the same words with the same numbers; else not found. This says nothing of the sentence
around it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from tasks.core.documents import Citation, CitationStatus, Document

QUOTE_WORDS = 4
ALIKE_PERCENT = 90.0
FUZZY_CHARS_AT_MOST = 2_000_000
"""A fuzzy search costs time in proportion to the source; beyond this only exact quotes count."""

REFERENCE = r"\[pp?\. ?(\d+)(?:[-–](\d+))?\]"
CITATION = re.compile(rf"(?:“([^“”]+)”|\"([^\"\n]+)\")(?:\s*{REFERENCE})?|{REFERENCE}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"\S+")
SAME_SHAPE = str.maketrans("“”„«»‘’‚‐‑‒–—−", '"""""\'\'\'------')

MASK = "\ue000"
"""Stands for a citation while sentences are counted, so that "[p. 2]" ends none."""

SENTENCE_END = re.compile(
    rf"[.!?][\"”’)\]*_]*(?:\s*{MASK})*(?=\s|$)|[。！？][」』”’)]*(?:\s*{MASK})*"
)
NOT_PROSE = re.compile(r"^\s*(#|\||```|>|\*\[|\*Offline|-{3,}$)")


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


def check_citations(body: str, document: Document) -> tuple[str, tuple[Citation, ...]]:
    """Look up every citation of a Markdown text; give the text with the doubtful ones marked."""
    source = haystack(document.text)
    citations: list[Citation] = []
    pieces: list[str] = []
    at = 0
    for match in CITATION.finditer(body):
        citation = _look_up(match, document, source)
        if citation is None:
            continue
        citations.append(citation)
        pieces += [body[at : match.end()], mark(citation)]
        at = match.end()
    return "".join([*pieces, body[at:]]), tuple(citations)


def check_quotes(
    quotes: Iterable[tuple[str, int | None]], document: Document
) -> tuple[Citation, ...]:
    """Look up quotations, each with the page it is said to be on."""
    source = haystack(document.text)
    return tuple(_find(quote, page, document, source) for quote, page in quotes)


def count_sentences(body: str) -> tuple[int, int]:
    """Count the sentences of a Markdown text, and those with a page reference or quotation."""
    prose = "\n".join(line for line in body.splitlines() if not NOT_PROSE.match(line))
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)", CITATION.sub(MASK, prose))
    sentences = [s for block in blocks for s in _sentences(block) if WORD.search(s)]
    return len(sentences), sum(MASK in sentence for sentence in sentences)


def _sentences(block: str) -> list[str]:
    ends = [match.end() for match in SENTENCE_END.finditer(block)]
    return [block[a:b] for a, b in zip([0, *ends], [*ends, len(block)], strict=True)]


def _look_up(match: re.Match[str], document: Document, source: Haystack) -> Citation | None:
    quote = (match.group(1) or match.group(2) or "").strip()
    page = match.group(3) or match.group(5)
    if not quote:
        return _page_reference(int(page), document)
    if page is None and len(quote.split()) < QUOTE_WORDS:
        return None
    return _find(quote, int(page) if page else None, document, source)


def _page_reference(number: int, document: Document) -> Citation:
    """Check a bare reference: all that code can say is whether the page exists."""
    for page in document.pages:
        if page.number == number:
            return Citation(
                quote="",
                status=CitationStatus.FOUND,
                cited_page=number,
                page=number,
                start=page.start,
                end=page.end,
            )
    return Citation(quote="", status=CitationStatus.NOT_FOUND, cited_page=number)


def _find(quote: str, cited_page: int | None, document: Document, source: Haystack) -> Citation:
    needle = " ".join(quote.translate(SAME_SHAPE).split())
    places = _exact(needle, source)
    status = CitationStatus.FOUND
    if not places:
        places = _alike(needle, source)
        status = CitationStatus.APPROXIMATE
    if not places:
        return Citation(quote=quote, status=CitationStatus.NOT_FOUND, cited_page=cited_page)
    spans = [(source.origin(a), source.origin(b - 1) + 1) for a, b in places]
    on_page = [s for s in spans if cited_page in document.pages_of(*s)]
    if cited_page is not None and document.pages and not on_page:
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


def _exact(needle: str, source: Haystack) -> list[tuple[int, int]]:
    """Find all places, since the same words may stand on several pages."""
    if not needle:
        return []
    return [(m.start(), m.end()) for m in re.finditer(re.escape(needle), source.text)]


def _alike(needle: str, source: Haystack) -> list[tuple[int, int]]:
    """Find the place that is nearly the same and has the very same numbers."""
    if not needle or len(source.text) > FUZZY_CHARS_AT_MOST:
        return []
    best = fuzz.partial_ratio_alignment(needle, source.text, score_cutoff=ALIKE_PERCENT)
    if best is None or best.dest_end <= best.dest_start:
        return []
    place = source.text[best.dest_start : best.dest_end]
    if NUMBER.findall(needle) != NUMBER.findall(place):
        return []
    return [(best.dest_start, best.dest_end)]


def mark(citation: Citation) -> str:
    """Say in the text what is doubtful about a citation; a found one needs no mark."""
    what = "quote" if citation.quote else "page"
    if citation.status is CitationStatus.NOT_FOUND:
        return f" *({what} not found in the source)*"
    if citation.status is CitationStatus.APPROXIMATE:
        where = f", see page {citation.page}" if citation.page else ""
        return f" *(quote approximate{where})*"
    return ""
