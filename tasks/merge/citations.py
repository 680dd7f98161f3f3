"""The citations of an output: read out of its text, looked up, and marked where doubtful.

A quotation is what stands in “…”, "…", „…“, «…», »…« or 「…」, if a reference such as `[p. 12]` or
`[pp. 3-5, 9]` follows it or it has at least `QUOTE_WORDS` words; shorter ones are taken for terms.
What stands in ‘…’ is a quotation only with a reference. When one is found, says
`tasks.merge.lookup.find`; that says nothing of the sentence around it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tasks.core.documents import Document
from tasks.core.outputs import Citation, CitationStatus
from tasks.merge.lookup.cited import NOWHERE, Cited
from tasks.merge.lookup.find import find, find_place
from tasks.merge.lookup.source import Source, is_unspaced
from tasks.merge.references import Reference, grammar

QUOTE_WORDS = 4
QUOTE_SIGNS = 8
"""As many characters, of a script without spaces, make a quotation as well."""

Sources = Mapping[str, Source]


def check_citations(
    body: str, documents: Mapping[str, Document]
) -> tuple[str, tuple[Citation, ...]]:
    """Look up every citation of a Markdown text; give the text with the doubtful ones marked.

    `documents` are by the names that references give them; the name is empty for one by itself.
    """
    sources = {name: Source(document) for name, document in documents.items()}
    speech = grammar(documents)
    citations: list[Citation] = []
    pieces: list[str] = []
    at = added = 0
    for match in speech.citation.finditer(body):
        quote = next((group for group in match.groups() if group), "")
        references = speech.references(match[0].replace(quote, "", 1) if quote else match[0])
        citation = _look_up(quote.strip(), references, sources)
        if citation is None:
            continue
        start, end = (added + place for place in match.span())
        citations.append(replace(citation, body_start=start, body_end=end))
        doubt = citation.doubt
        pieces += [body[at : match.end()], doubt]
        at, added = match.end(), added + len(doubt)
    return "".join([*pieces, body[at:]]), tuple(citations)


def check_quotes(
    quotes: Iterable[tuple[str, int | None]], document: Document
) -> tuple[Citation, ...]:
    """Look up quotations, each with the page it is said to be on."""
    source = Source(document)
    return tuple(
        find(quote, NOWHERE if page is None else Cited(pages=frozenset({page})), source)
        for quote, page in quotes
    )


def _look_up(quote: str, references: Sequence[Reference], sources: Sources) -> Citation | None:
    """Look up what is cited; None for a term in quotes."""
    if not quote:
        return _bare(references[0], sources)
    return None if not references and _is_term(quote) else _quoted(quote, references, sources)


def _bare(reference: Reference, sources: Sources) -> Citation:
    """Check a reference without a quotation: its places, or the document that it names."""
    name = reference.document if reference.document is not None else _only(sources)
    if name is None:  # of which of several documents it is a page, it does not say
        return Citation(
            quote="",
            status=CitationStatus.NOT_FOUND,
            cited_page=min(reference.cited.pages, default=None),
            cited_paragraph=min(reference.cited.paragraphs, default=None),
        )
    if reference.cited == NOWHERE:
        return Citation(quote="", status=CitationStatus.FOUND, document=name)
    return replace(find_place(reference.cited, sources[name]), document=name)


def _only(sources: Sources) -> str | None:
    return next(iter(sources)) if len(sources) == 1 else None


def _quoted(quote: str, references: Sequence[Reference], sources: Sources) -> Citation:
    """Look a quotation up where its references say, then in the other documents."""
    cited: dict[str, Cited] = {}
    for reference in references:
        for name in sources if reference.document is None else (reference.document,):
            cited[name] = cited.get(name, NOWHERE).united(reference.cited)
    best = _best(quote, cited or dict.fromkeys(sources, NOWHERE), sources)
    others = {name: NOWHERE for name in sources if cited and name not in cited}
    if others and best.status is CitationStatus.NOT_FOUND:
        elsewhere = _best(quote, others, sources)
        if elsewhere.status is CitationStatus.FOUND:
            return replace(
                elsewhere,
                status=CitationStatus.APPROXIMATE,
                cited_page=best.cited_page,
                cited_paragraph=best.cited_paragraph,
            )
    return best


def _best(quote: str, cited: Mapping[str, Cited], sources: Sources) -> Citation:
    order = list(CitationStatus)
    found = [replace(find(quote, named, sources[n]), document=n) for n, named in cited.items()]
    return min(found, key=lambda citation: order.index(citation.status))


def _is_term(quote: str) -> bool:
    """Tell whether words in quotes are too few for a quotation."""
    return len(quote.split()) < QUOTE_WORDS and sum(map(is_unspaced, quote)) < QUOTE_SIGNS
