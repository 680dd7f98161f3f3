"""The links of a page, and the words that they lie on."""

import ctypes
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Box, Link
from tasks.extract.pdf.lines.line import Line, readable
from tasks.extract.pdf.pdfium.addresses import Address, address_of, by_address
from tasks.extract.pdf.pdfium.chars import Chars, Frame

_MOST_LINKS = 2000
_LONGEST_URL = 8192
_NEXT_LINK = by_address(pdfium_c.FPDFLink_Enumerate)
_GET_RECT = by_address(pdfium_c.FPDFLink_GetAnnotRect)
_GET_DEST = by_address(pdfium_c.FPDFLink_GetDest)
_GET_ACTION = by_address(pdfium_c.FPDFLink_GetAction)
_GET_TYPE = by_address(pdfium_c.FPDFAction_GetType)
_GET_ACTION_DEST = by_address(pdfium_c.FPDFAction_GetDest)
_GET_PAGE_INDEX = by_address(pdfium_c.FPDFDest_GetDestPageIndex)
_GET_URL = by_address(pdfium_c.FPDFAction_GetURIPath)


class Area(NamedTuple):
    """Where a link can be clicked, and where it leads."""

    box: Box
    target: str


def with_links(lines: Sequence[Line], chars: Chars, areas: Sequence[Area]) -> tuple[Line, ...]:
    """Mark the words of lines that links lie on."""
    marked = list(lines)
    for index, on_line in _below(areas, lines).items():
        line = lines[index]
        marks = [mark for area in on_line for mark in _mark(line, chars, area)]
        if marks:
            marked[index] = line._replace(marks=tuple(sorted(marks, key=lambda m: m.start)))
    return tuple(marked)


def _below(areas: Sequence[Area], lines: Sequence[Line]) -> dict[int, list[Area]]:
    """Give the areas that lie on each line, by its index."""
    placed = [(i, line.box) for i, line in enumerate(lines) if line.box] if areas else []
    placed.sort(key=lambda at: at[1].top + at[1].bottom)
    middles = [(box.top + box.bottom) / 2 for _, box in placed]
    found: dict[int, list[Area]] = {}
    for area in areas:
        left, top, right, bottom = area.box
        for index, box in placed[bisect_right(middles, top) : bisect_left(middles, bottom)]:
            if left < box.right and right > box.left:
                found.setdefault(index, []).append(area)
    return found


def _mark(line: Line, chars: Chars, area: Area) -> Iterator[Link]:
    """Find the characters below an area; within a line they go from left to right."""
    places = range(line.start, line.end)
    first = bisect_left(places, area.box.left, key=chars.centre)
    last = bisect_left(places, area.box.right, lo=first, key=chars.centre)
    start = len(readable(chars, line.start, line.start + first))
    end = len(readable(chars, line.start, line.start + last).rstrip())
    if start < min(end, len(line.text)):
        yield Link(start=start, end=min(end, len(line.text)), target=area.target)


def find_links(page: pdfium.PdfPage) -> dict[int, Address]:
    """Find the links of a page by their places among its annotations."""
    of_page, after, link = address_of(page.raw), ctypes.c_int(0), ctypes.c_void_p()
    found: dict[int, Address] = {}
    while _NEXT_LINK(of_page, ctypes.byref(after), ctypes.byref(link)):
        found[after.value - 1] = link.value or 0
    return found


def read_links(
    document: pdfium.PdfDocument, links: Iterable[Address], frame: Frame
) -> Iterator[Area]:
    """Read where links are and lead; one that leads nowhere is left out."""
    of_document, rect = address_of(document.raw), pdfium_c.FS_RECTF()
    for link in islice(links, _MOST_LINKS):
        target = _target(of_document, link)
        if target and _GET_RECT(link, ctypes.byref(rect)):
            yield Area(frame.box(rect.left, rect.bottom, rect.right, rect.top), target)


def _target(document: Address, link: Address) -> str:
    action = _GET_ACTION(link)
    kind = _GET_TYPE(action) if action else None
    if kind == pdfium_c.PDFACTION_URI:
        return _url(document, action)
    place = _GET_DEST(document, link)
    if not place and kind == pdfium_c.PDFACTION_GOTO:
        place = _GET_ACTION_DEST(document, action)
    index = _GET_PAGE_INDEX(document, place) if place else -1
    return f"#page={index + 1}" if index >= 0 else ""


def _url(document: Address, action: Address) -> str:
    size = min(_GET_URL(document, action, None, 0), _LONGEST_URL)
    buffer = ctypes.create_string_buffer(size)
    _GET_URL(document, action, buffer, size)
    return buffer.value.decode("utf-8", "replace").strip()
