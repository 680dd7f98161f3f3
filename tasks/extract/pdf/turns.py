"""Words that the turn of a page breaks: the tail is put to the head, on the page it began on."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.core.documents import Doubt, Link
from tasks.extract.pdf.chars import BROKEN_WORD
from tasks.extract.pdf.hyphens import Hyphens
from tasks.extract.pdf.lines import Line
from tasks.extract.pdf.page import PageText

_TAIL = re.compile(r"\s*([^\W\d_]+\S*)\s*")


def joined_over_turns(
    pages: Sequence[PageText], heads: Sequence[frozenset[int]], hyphens: Hyphens
) -> list[PageText]:
    """Mend the words that are broken between the last line of a page and the first of the next."""
    mended = list(pages)
    for index in range(len(pages) - 1):
        here, there = mended[index], mended[index + 1]
        last = _edge(here, heads[index], last=True)
        first = _edge(there, heads[index + 1], last=False)
        if last is None or first is None:
            continue
        tail = _tail(here.lines[last], there.lines[first])
        if tail:
            whole = hyphens.mend(here.lines[last].text.removesuffix(BROKEN_WORD), tail[1])
            mended[index] = _with_line(here, last, replace(here.lines[last], text=whole))
            rest = _without_start(there.lines[first], len(tail[0]))
            mended[index + 1] = _with_line(there, first, rest)
    return mended


def _edge(page: PageText, heads: frozenset[int], *, last: bool) -> int | None:
    """Give the index of a page's first or last line of text; None where a table is in the way."""
    order = range(len(page.lines))
    for index in reversed(order) if last else order:
        if index not in heads and not page.lines[index].apart:
            in_table = any(index in table.lines for table in page.tables)
            return None if in_table else index
    return None


def _tail(last: Line, first: Line) -> re.Match[str] | None:
    """Give what of the next page's first line goes on with a broken word."""
    alike = not (last.height and first.height) or abs(last.height - first.height) < 1
    if not last.text.endswith(BROKEN_WORD) or not alike or not first.text.strip()[:1].islower():
        return None
    return _TAIL.match(first.text)


def _with_line(page: PageText, index: int, line: Line) -> PageText:
    return replace(page, lines=(*page.lines[:index], line, *page.lines[index + 1 :]))


def _without_start(line: Line, cut: int) -> Line:
    marks = tuple(_shifted(mark, cut) for mark in line.marks if mark.start >= cut)
    return replace(line, text=line.text[cut:], marks=marks)


def _shifted(mark: Link | Doubt, cut: int) -> Link | Doubt:
    return replace(mark, start=mark.start - cut, end=mark.end - cut)
