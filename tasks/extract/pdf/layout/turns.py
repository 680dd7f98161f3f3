"""Words that the turn of a page breaks: the tail is put to the head, on the page it began on."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.extract.pdf.layout.breaks import mended
from tasks.extract.pdf.layout.hyphens import Hyphens
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText


def joined_over_turns(
    pages: Sequence[PageText], heads: Sequence[frozenset[int]], hyphens: Hyphens
) -> list[PageText]:
    """Mend the words that are broken between the last line of a page and the first of the next."""
    turned = list(pages)
    for index in range(len(pages) - 1):
        here, there = turned[index], turned[index + 1]
        last = _edge(here, heads[index], last=True)
        first = _edge(there, heads[index + 1], last=False)
        if last is None or first is None:
            continue
        joined = mended(here.lines[last], there.lines[first], hyphens)
        if joined:
            turned[index] = _with_line(here, last, joined[0])
            turned[index + 1] = _with_line(there, first, joined[1])
    return turned


def _edge(page: PageText, heads: frozenset[int], *, last: bool) -> int | None:
    """Give the index of a page's first or last line of text; None where a table is in the way."""
    order = range(len(page.lines))
    for index in reversed(order) if last else order:
        if index not in heads and not page.lines[index].apart:
            in_table = any(index in table.lines for table in page.tables)
            return None if in_table else index
    return None


def _with_line(page: PageText, index: int, line: Line) -> PageText:
    return replace(page, lines=(*page.lines[:index], line, *page.lines[index + 1 :]))
