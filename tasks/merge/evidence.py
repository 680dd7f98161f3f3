"""Evidence on its way up: the quotations of the answers that their sources have, to the letter.

What a merge loses of them is shown to the next one, and what the last one loses is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tasks.core.answers import Answer
from tasks.core.documents import Document
from tasks.core.outputs import Citation, CitationStatus
from tasks.merge.citations import check_citations
from tasks.merge.concat import in_order, said
from tasks.merge.lookup.folding import fold
from tasks.merge.partials import Partial, joined


@dataclass(frozen=True, slots=True)
class Evidence:
    """The quotations that were found in their sources, each once, by their words."""

    quotes: Mapping[str, Citation]

    def of(self, text: str) -> tuple[str, ...]:
        """Name those of the quotations whose words a text has."""
        words = _words(text)
        return tuple(key for key in self.quotes if key in words)

    def carried(self, group: Sequence[Partial], text: str) -> Partial:
        """Give the answer to a group's request, with what it lost of the group's evidence."""
        had = self.of("\n".join((p.text + "\n" + "\n".join(p.evidence)) for p in group))
        kept = set(self.of(text))
        lost = tuple(_line(self.quotes[key]) for key in had if key not in kept)
        return joined(tuple(group), text, lost)

    def uncarried(self, body: str) -> tuple[Citation, ...]:
        """Give the quotations that the merged text does not have."""
        kept = set(self.of(body))
        return tuple(citation for key, citation in self.quotes.items() if key not in kept)


def gather(answers: Iterable[Answer], documents: Mapping[str, Document]) -> Evidence:
    """Collect the quotations of the answers that are in their documents, in order."""
    texts: dict[str, list[str]] = {}
    for answer in in_order(answers):
        texts.setdefault(answer.chunk.document, []).append(said(answer) or "")
    quotes: dict[str, Citation] = {}
    for name, spoken in texts.items():
        _, citations = check_citations("\n\n".join(spoken), {name: documents[name]})
        for citation in citations:
            if citation.quote and citation.status is CitationStatus.FOUND:
                quotes.setdefault(_words(citation.quote), replace(citation, document=name))
    return Evidence(quotes)


def _line(citation: Citation) -> str:
    where = ", ".join(filter(None, (citation.document, citation.place)))
    return f"“{citation.quote}”{f' [{where}]' if where else ''}"


def _words(text: str) -> str:
    return fold(text).text
