"""Finding running heads and feet: lines at the edge of pages that come again page after page."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from tasks.extract.pdf.headers import YEAR
from tasks.extract.pdf.lines import Line
from tasks.extract.pdf.page import PageText

_FEWEST_PAGES = 4
_SHARE = 0.4  # left and right pages may have their own
_EDGE = 0.12  # of the page's height
_LINES_AT_EDGE = 3
_NUMBER = re.compile(r"\d+")
_MOST_NUMBERS = 4


Edges = Mapping[int, tuple[str, ...]]
"""The lines at the edges of a page, by index, and what each is known by on other pages."""


def edges_of(page: PageText) -> Edges:
    """Give the edges of a page, whose number tells which numbers count pages."""
    return {index: tuple(_keys(page.lines[index], page.number)) for index in _edge_lines(page)}


def running_heads(pages: Sequence[PageText], edges: Sequence[Edges]) -> list[frozenset[int]]:
    """Give for each page, of which the edges are known, the indices of its running heads and feet.

    A line counts when it stands at the edge of the page, or outermost on it, and comes, word for
    word, on two pages of five. One number in it may count the pages; any other number must stay
    the same, so that a total at the foot of each sheet stays text. The header of a table that each
    page draws anew is no head.
    """
    if _are_few(pages):
        return [frozenset()] * len(pages)
    seen = Counter(key for lines in edges for key in set(chain.from_iterable(lines.values())))
    needed = max(_FEWEST_PAGES - 1, _SHARE * len(pages))
    found = [
        frozenset(i for i, keys in lines.items() if any(seen[key] >= needed for key in keys))
        for lines in edges
    ]
    return [heads - _table_headers(page, heads) for page, heads in zip(pages, found, strict=True)]


def _are_few(pages: Sequence[PageText]) -> bool:
    """Tell whether there are not even as many different pages as it takes."""
    different: set[str] = set()
    for page in pages:
        different.add(page.text)
        if len(different) == _FEWEST_PAGES:
            return False
    return True


def _table_headers(page: PageText, heads: frozenset[int]) -> frozenset[int]:
    """Give those of a page's heads that are in rules with rows of a table, or name its columns."""
    return frozenset(
        index
        for table in page.tables
        if not table.rest and heads & table.lines and table.lines - heads
        for index in heads & table.lines
        if table.ruled
        or (_names_columns(table.rows[0]) and _is_above(index, table.lines - heads, page))
    )


def _names_columns(header: Sequence[str]) -> bool:
    """Tell words over each column but one; a number may be that of the page, if it is no year."""
    return len(header) > 2 and all(c and not _NUMBER.search(YEAR.sub("", c)) for c in header[1:])


def _is_above(index: int, rows: frozenset[int], page: PageText) -> bool:
    box = page.lines[index].box
    return box is not None and all(
        box.top < other.bottom for at in rows if (other := page.lines[at].box)
    )


def _edge_lines(page: PageText) -> tuple[int, ...]:
    """Give the outermost lines of a page, by where they stand and not by when they are read."""
    placed = [(line.box, i) for i, line in enumerate(page.lines) if line.box and not line.apart]
    edge = _EDGE * page.height
    top = sorted((box.top, box.bottom < edge, i) for box, i in placed)
    low = sorted((-box.bottom, box.top > page.height - edge, i) for box, i in placed)
    return tuple(
        index
        for outwards in (top, low)
        for rank, (_, at_edge, index) in enumerate(outwards[:_LINES_AT_EDGE])
        if at_edge or rank == 0
    )


def _keys(line: Line, page: int) -> Iterator[str]:
    """Give what a line is known by: its words, and these with one number told from the page."""
    words = " ".join(line.text.split())
    yield words
    for match in list(_NUMBER.finditer(words))[:_MOST_NUMBERS]:
        offset = int(match[0]) - page
        yield f"{words[: match.start()]}\0{offset}\0{words[match.end() :]}"
