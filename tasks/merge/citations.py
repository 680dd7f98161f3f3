"""The citations of an output: read out of its text, looked up, and marked where doubtful.

A quotation is what stands in “…”, "…", „…“, «…», »…« or 「…」, if a page reference such as
`[p. 12]` or `[pp. 3-5, 9]` follows it or it has at least `QUOTE_WORDS` words; shorter ones are
taken for terms. What stands in ‘…’ is a quotation only with a reference. When one is found, says
`tasks.merge.lookup.find`; that says nothing of the sentence around it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tasks.core.documents import Citation, CitationStatus, Document
from tasks.merge.lookup.find import find
from tasks.merge.lookup.source import Source, is_unspaced
from tasks.merge.references import citation_pattern
from tasks.merge.sources import Sources

QUOTE_WORDS = 4
QUOTE_SIGNS = 8
"""As many characters, of a script without spaces, make a quotation as well."""

MASK = "\ue000"
"""Stands for a citation while sentences are counted, so that "[p. 2]" ends none."""

SENTENCE_END = re.compile(
    rf"[.!?][\"”’)\]*_]*(?:\s*{MASK})*(?=\s|$)|[。！？][」』”’)]*(?:\s*{MASK})*"
)
NOT_PROSE = re.compile(r"^\s*(#|\||```|>|\*\[|\*Offline|-{3,}$)")


def check_citations(body: str, document: Document) -> tuple[str, tuple[Citation, ...]]:
    """Look up every citation of a Markdown text; give the text with the doubtful ones marked."""
    return check_among(body, {"": document})


def check_among(body: str, documents: Mapping[str, Document]) -> tuple[str, tuple[Citation, ...]]:
    """Look up the citations of a text that speaks of several documents, each by its name."""
    sources = Sources(documents)
    citations: list[Citation] = []
    pieces: list[str] = []
    at = added = 0
    for match in sources.citation.finditer(body):
        citation = _look_up(match, sources)
        if citation is None:
            continue
        start, end = (added + place for place in match.span())
        citations.append(replace(citation, body_start=start, body_end=end))
        doubt = mark(citation)
        pieces += [body[at : match.end()], doubt]
        at, added = match.end(), added + len(doubt)
    return "".join([*pieces, body[at:]]), tuple(citations)


def check_quotes(
    quotes: Iterable[tuple[str, int | None]], document: Document
) -> tuple[Citation, ...]:
    """Look up quotations, each with the page it is said to be on."""
    source = Source(document)
    return tuple(
        find(quote, frozenset() if page is None else frozenset({page}), source)
        for quote, page in quotes
    )


def count_sentences(body: str, names: Iterable[str] = ()) -> tuple[int, int]:
    """Count the sentences of a Markdown text, and those with a page reference or quotation.

    `names` are those of the documents, where it speaks of several.
    """
    prose = "\n".join(line for line in body.splitlines() if not NOT_PROSE.match(line))
    blocks = re.split(
        r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)", citation_pattern(names).sub(MASK, prose)
    )
    sentences = [s for block in blocks for s in _sentences(block) if s.strip()]
    return len(sentences), sum(MASK in sentence for sentence in sentences)


def _sentences(block: str) -> list[str]:
    ends = [match.end() for match in SENTENCE_END.finditer(block)]
    return [block[a:b] for a, b in zip([0, *ends], [*ends, len(block)], strict=True)]


def _look_up(match: re.Match[str], sources: Sources) -> Citation | None:
    """Look up what a match cites; None for a term in quotes."""
    quote = next((group for group in match.groups() if group), "").strip()
    name, pages = sources.read(match.group().replace(quote, "", 1) if quote else match.group())
    if not quote:
        return sources.find_page(name, pages)
    return None if not pages and _is_term(quote) else sources.find(name, quote, pages)


def _is_term(quote: str) -> bool:
    """Tell whether words in quotes are too few for a quotation."""
    return len(quote.split()) < QUOTE_WORDS and sum(map(is_unspaced, quote)) < QUOTE_SIGNS


def mark(citation: Citation) -> str:
    """Say in the text what is doubtful about a citation; a found one needs no mark."""
    what = "quote" if citation.quote else "page"
    if citation.status is CitationStatus.NOT_FOUND:
        return f" *({what} not found in the source)*"
    if citation.status is CitationStatus.APPROXIMATE:
        where = f", see page {citation.page}" if citation.page else ""
        return f" *(quote approximate{where})*"
    return ""
