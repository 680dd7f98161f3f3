"""Where the pages of a Word file turn, as far as it says so.

Word marks each turn of its last layout (`w:lastRenderedPageBreak`); a typed page break, a section
that begins on a new page, and a paragraph with "page break before" turn it in any case. One turn
is often told twice, the typed break first and the mark of the layout after it.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from tasks.core.errors import LimitError

Result = TypeVar("Result")

TURN = "\f"  # stands for a page turn inside text: XML cannot hold this character itself


class PageTurns:
    """Follows a story in reading order and says which breaks are page turns of their own."""

    def __init__(self, *, max_pages: int) -> None:
        self._max_pages = max_pages
        self._count = 0
        self._just_turned = False
        self._begun = False
        self.rendered_marks = 0

    def content(self) -> None:
        """Note that something visible stands on the page."""
        self._just_turned = False
        self._begun = True

    def typed(self) -> str:
        """Take a break that a person typed: it always turns the page."""
        return "\n" + self._turn()

    def rendered(self) -> str:
        """Take a mark of the last layout, unless the same turn has just been told."""
        self.rendered_marks += 1
        return "" if self._just_turned else self._turn()

    def implied(self) -> str:
        """Take a turn by section or paragraph property, which never leaves an empty page."""
        return "" if self._just_turned or not self._begun else self._turn()

    def side_by_side(self, readers: Iterable[Callable[[], Result]]) -> list[Result]:
        """Read the cells of a row, which lie side by side: each starts where the row starts."""
        before, after, results = self._just_turned, [], []
        for read in readers:
            self._just_turned = before
            results.append(read())
            after.append(self._just_turned)
        self._just_turned = all(after)
        return results

    def _turn(self) -> str:
        self._just_turned = True
        self._count += 1
        if self._count >= self._max_pages:
            raise LimitError(f"it has more than {self._max_pages:,} pages")
        return TURN


class NoTurns(PageTurns):
    """For notes, headers and text boxes, which lie on the page of what they belong to."""

    def __init__(self) -> None:
        super().__init__(max_pages=1)

    def _turn(self) -> str:
        return ""
