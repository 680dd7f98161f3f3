"""The pages of a PDF as they come, and what each tells of the document before all are there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.extract.pdf.layout.heads import Edges, edges_of
from tasks.extract.pdf.layout.hyphens import words_of
from tasks.extract.pdf.layout.titles import Style, letters_of
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.quality import with_problem

_LEFT = "was not come to"


@dataclass(frozen=True, slots=True)
class Known:
    """A page, what it is by itself, its edges, and how many letters it has of each style."""

    page: PageText
    judged: PageText
    edges: Edges = field(default_factory=dict)
    letters: Counter[Style] = field(default_factory=Counter)


class Pages:
    """Takes pages in any order; `words` counts those of all that are there.

    What is learned here is no work left for the end, when all processes but one are done.
    """

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        self._known: dict[int, Known] = {}

    def __getitem__(self, number: int) -> PageText:
        return self._known[number].page

    def put(self, page: PageText) -> None:
        """Take a page, in the stead of the one that had its number."""
        before = self._known.get(page.number)
        if before is not None:
            self.words.subtract(_words(before.page))
        lines = _shown(page)
        self._known[page.number] = Known(
            page, with_problem(page), edges_of(page), letters_of(lines)
        )
        self.words.update(_words(page))

    def in_order(self) -> tuple[Known, ...]:
        """Give the pages; for one that did not come, one that says so."""
        numbers = range(1, max(self._known, default=0) + 1)
        return tuple(self._known.get(number) or _left(number) for number in numbers)


def _left(number: int) -> Known:
    page = PageText(number=number, problem=_LEFT)
    return Known(page, page)


def _words(page: PageText) -> list[str]:
    return words_of(line.text for line in _shown(page))


def _shown(page: PageText) -> Sequence[Line]:
    return [line for line in page.lines if not line.apart]
