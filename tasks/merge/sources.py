"""The documents that an output cites: one under the name "", or several under their own names."""

from collections.abc import Mapping
from dataclasses import replace

from tasks.core.documents import Citation, CitationStatus, Document
from tasks.merge.lookup.find import find, find_page
from tasks.merge.lookup.source import Source
from tasks.merge.references import citation_pattern, name_in, pages_in

BEST_FIRST = tuple(CitationStatus)


class Sources:
    """Documents made ready for being looked up in."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._sources = {name: Source(document) for name, document in documents.items()}
        self._names = tuple(name for name in documents if name)
        self.citation = citation_pattern(self._names)

    def read(self, reference: str) -> tuple[str, frozenset[int]]:
        """Give the document that a reference names, or "", and its pages."""
        name, pages = name_in(reference, self._names)
        return name, pages_in(pages)

    def find(self, name: str, quote: str, pages: frozenset[int]) -> Citation:
        """Look a quotation up in the document of that name; without one, wherever it is best."""
        if name in self._sources:
            return replace(find(quote, pages, self._sources[name]), document=name)
        found = (
            replace(find(quote, pages, source), document=own)
            for own, source in self._sources.items()
        )
        best = min(found, key=lambda citation: BEST_FIRST.index(citation.status))
        return replace(best, document="") if best.status is CitationStatus.NOT_FOUND else best

    def find_page(self, name: str, pages: frozenset[int]) -> Citation:
        """Check a bare reference; among several documents, one that names none is not found."""
        if name not in self._sources:
            first = min(pages, default=None)
            return Citation(quote="", status=CitationStatus.NOT_FOUND, cited_page=first)
        return replace(find_page(pages, self._sources[name]), document=name)
