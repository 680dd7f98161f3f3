"""What a reference names of a document: pages, or numbered paragraphs where there are no pages."""

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from tasks.core.documents import Document


class Cited(NamedTuple):
    """The numbers of the pages and paragraphs that an output names for a statement."""

    pages: frozenset[int] = frozenset()
    paragraphs: frozenset[int] = frozenset()

    def of(self, document: Document) -> frozenset[int]:
        """Give the numbers of the kind that a document has."""
        return self.pages if document.pages else self.paragraphs

    def only(self, numbers: AbstractSet[int]) -> "Cited":
        """Keep some of the numbers."""
        return Cited(self.pages & numbers, self.paragraphs & numbers)

    def united(self, other: "Cited") -> "Cited":
        """Put what two references name together."""
        return Cited(self.pages | other.pages, self.paragraphs | other.paragraphs)


NOWHERE = Cited()
