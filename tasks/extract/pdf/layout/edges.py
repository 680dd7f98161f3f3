"""What a page's text begins and ends with, running heads and the like aside."""

import re
from collections.abc import Callable, Iterable, Iterator

from tasks.core.documents import Box
from tasks.extract.pdf.lines.boxes import around
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText

_EDGE = 0.12  # of the page's height
_MOST_TITLES = 2  # lines that say that a table goes on
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\b(?:cont(?:inue[sd]|['\u2019]?d|\.)|fortsetzung|fortgesetzt|suite|continuaci[oó]n|segue)"
    r"(?!\w)",
    re.IGNORECASE,
)


class Body:
    """The lines of a page's text; what stands at the edge of a page near, too, is none of it.

    Two pages do not make a running head, but they do show that a line belongs to no table.
    """

    def __init__(self, page: PageText, heads: frozenset[int], near: Iterable[PageText]) -> None:
        """Take a page, the indices of its running heads, and the pages before and after it."""
        self.page = page
        self._boxes = {
            index: line.box
            for index, line in enumerate(page.lines)
            if line.box and not line.apart and index not in heads
        }
        self.downwards = sorted(self._boxes, key=lambda index: self._boxes[index].top)
        again = {known for other in near for line in other.lines for known in _known(line, other)}
        self._heads = {i for i in self._boxes if not again.isdisjoint(_known(page.lines[i], page))}

    def box(self, lines: Iterable[int]) -> Box:
        """Give the place of lines."""
        return around(self.page.lines[index].box for index in lines) or Box(0, 0, 0, 0)

    def begins_with(self, lines: frozenset[int]) -> bool:
        """Tell whether no text stands above these lines, but what says that a table goes on."""
        top = self.box(lines).top
        return self._is_free(lines, lambda box: box.top < top)

    def ends_with(self, lines: frozenset[int]) -> bool:
        """Tell whether no text stands below these lines, but what says that a table goes on."""
        bottom = self.box(lines).bottom
        return self._is_free(lines, lambda box: box.bottom > bottom)

    def is_bold(self, lines: frozenset[int], *, last: bool = False) -> bool:
        """Tell whether the first or last row of these lines is bold."""
        boxes = {index: box for index in lines if (box := self.page.lines[index].box)}
        if not boxes:
            return False
        edge = max(boxes.values(), key=lambda box: box.top if last else -box.top)
        row = (i for i, box in boxes.items() if edge.top < (box.top + box.bottom) / 2 < edge.bottom)
        return all(self.page.lines[index].bold for index in row)

    def _is_free(self, lines: frozenset[int], where: Callable[[Box], bool]) -> bool:
        aside = lines | self._heads
        others = [i for i, box in self._boxes.items() if i not in aside and where(box)]
        said = any(_GOES_ON.search(self.page.lines[index].text) for index in others)
        return not others or (said and len(others) <= _MOST_TITLES)


def _known(line: Line, page: PageText) -> Iterator[tuple[str, bool]]:
    """Give what a line at the edge of a page is known by: its words, and whether it is the foot."""
    if line.box is None or line.apart:
        return
    edge = _EDGE * page.height
    at_foot = line.box.top > page.height - edge
    if at_foot or line.box.bottom < edge:
        yield _NUMBER.sub("0", " ".join(line.text.split())), at_foot
