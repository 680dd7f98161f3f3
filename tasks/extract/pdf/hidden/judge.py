"""Finding text that a person who looks at the page does not see.

Such text is how instructions to a model are planted in a document. What is drawn below a scan, or
unseen over it, is an OCR layer and read like any text: there is ink where it stands.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

import pypdfium2 as pdfium

from tasks.core.documents import Box
from tasks.extract.pdf.hidden.seen import seen_of
from tasks.extract.pdf.lines.boxes import around, holds
from tasks.extract.pdf.pdfium.addresses import Address
from tasks.extract.pdf.pdfium.chars import Chars, Frame
from tasks.extract.pdf.pdfium.drawings import Drawings, Fill
from tasks.extract.pdf.pdfium.inks import Colour, DrawnText, Ink
from tasks.extract.pdf.pdfium.painting import CONTRAST, Painted, paint

INVISIBLE = "invisible text"
TRANSPARENT = "transparent text"
BACKGROUND = "text in the colour of its background"
TINY = "text too small to read"
OFF_PAGE = "text off the page"
COVERED = "covered text"
SWITCHED_OFF = "text on a layer that is switched off"
_BY_SURROUNDINGS = frozenset({BACKGROUND, COVERED})
REASONS = (INVISIBLE, TRANSPARENT, BACKGROUND, TINY, OFF_PAGE, COVERED, SWITCHED_OFF)

_WHITE: Colour = (255, 255, 255)
_LIGHT = 225
_ALIKE = 16  # of 255, in each colour; less is not seen
_FAINT = 26  # of 255
_TINY_PT = 1.5
_LETTERS = re.compile(r"\w")
_MOSTLY = 0.9  # of a text, if it is covered
_FEWEST = 4  # fewer letters say nothing to anybody

Runs = Sequence[tuple[int, int, str]]
"""Stretches of characters that are hidden, by index, each with its reason, in order."""


def find_hidden(page: pdfium.PdfPage, chars: Chars, drawings: Drawings) -> Runs:
    """Give the stretches of a page's characters that are not seen."""
    judge = _Judge(page, chars.frame, drawings)
    doubted = judge.doubted(drawings.texts)
    reasons = {text.address: why for text in doubted if (why := judge.reason(text))}
    runs = _runs_that_matter(chars, reasons)
    if any(why in _BY_SURROUNDINGS for _, _, why in runs):
        _acquit(page, chars.frame, drawings, reasons)
        return _runs_that_matter(chars, reasons)
    return runs


def _acquit(
    page: pdfium.PdfPage, frame: Frame, drawings: Drawings, reasons: dict[Address, str]
) -> None:
    """Drop the reasons that only the surroundings gave where the painted page shows the text."""
    doubtful = (t for t in drawings.texts if reasons.get(t.address) in _BY_SURROUNDINGS)
    boxes = {text.address: frame.box(*text.ends) for text in doubtful}
    for address in seen_of(page, boxes):
        del reasons[address]


def _runs_that_matter(chars: Chars, reasons: dict[Address, str]) -> Runs:
    """Give the hidden runs that are long enough to say something."""
    runs = _runs(chars, reasons) if reasons else ()
    return tuple(run for run in runs if len(_LETTERS.findall(chars.text, *run[:2])) >= _FEWEST)


def _runs(chars: Chars, reasons: dict[int, str]) -> Iterator[tuple[int, int, str]]:
    """Gather characters of one fate; those that pdfium put in share that of what is before them."""
    start, current = 0, None
    for index, character in enumerate(chars.text):
        if character in " \r\n":
            continue
        reason = reasons.get(chars.object_of(index))
        if reason != current:
            if current is not None:
                yield start, index, current
            start, current = index, reason
    if current is not None:
        yield start, len(chars.text), current


class _Judge:
    """Judges the text objects of one page; the page is rendered only where that decides."""

    def __init__(self, page: pdfium.PdfPage, frame: Frame, drawings: Drawings) -> None:
        self._page = page
        self._frame = frame
        self._fills = drawings.fills
        self._colours = {fill.colour for fill in drawings.fills if fill.colour}
        self._suspects: dict[Colour, bool] = {}
        self._covers = [fill for fill in drawings.fills if fill.opaque]
        self._last_cover = self._covers[-1].order if self._covers else -1
        self._covered = around(fill.box for fill in self._covers)
        self._is_scan = drawings.are_a_scan(frame)

    def doubted(self, texts: Sequence[DrawnText]) -> Iterator[DrawnText]:
        """Give the texts that need a closer look; most need none, and are told in little time."""
        plain: dict[tuple[int, Ink], bool] = {}
        from_left, from_bottom, to_right, to_top, _ = self._frame
        for text in texts:
            _, (left, bottom, right, top), mode, ink, order, layered, _ = text
            style = mode, ink
            if style not in plain:
                plain[style] = self._is_plain(text)
            shown = left < to_right and right > from_left and bottom < to_top and top > from_bottom
            doubted = layered or not (shown and plain[style])
            if not doubted and (right - left < _TINY_PT or top - bottom < _TINY_PT):
                doubted = text.is_tiny(_TINY_PT)
            if doubted or (order < self._last_cover and self._is_covered(text)):
                yield text

    def _is_plain(self, text: DrawnText) -> bool:
        """Tell whether a text is drawn as text mostly is: seen, opaque, in no doubtful colour."""
        return not (text.unseen or text.alpha < _FAINT or self._is_suspect(text.colour))

    def reason(self, text: DrawnText) -> str | None:
        """Tell why a text object is not seen, or None when it is."""
        is_clear = text.alpha < _FAINT
        if (text.unseen or is_clear) and not (self._is_of_scan(text) or self._is_window(text)):
            return TRANSPARENT if is_clear else INVISIBLE
        if not self._frame.shows(*text.ends):
            return OFF_PAGE
        if text.is_tiny(_TINY_PT):
            return TINY
        return self._reason_by_surroundings(text)

    def _reason_by_surroundings(self, text: DrawnText) -> str | None:
        if text.layered and not self._has_ink(self._frame.box(*text.ends)):
            return SWITCHED_OFF
        if not text.unseen and self._is_suspect(text.colour) and self._melts(text):
            return BACKGROUND
        if not text.unseen and text.order < self._last_cover and self._is_covered(text):
            return COVERED
        return None

    def _is_of_scan(self, text: DrawnText) -> bool:
        """Tell the OCR layer over a scan from text that is not drawn."""
        return self._is_scan and self._has_ink(self._frame.box(*text.ends))

    def _is_window(self, text: DrawnText) -> bool:
        """Tell text through which one sees what is painted after it: letters of many colours."""
        if not text.clips:
            return False
        box = self._frame.box(*text.ends)
        after = (fill for fill in self._fills if fill.order > text.order)
        return any(holds(fill.box, box, 0.5) for fill in after) and self._has_ink(box)

    def _is_suspect(self, colour: Colour) -> bool:
        known = self._suspects.get(colour)
        if known is None:
            known = min(colour) > _LIGHT or any(_alike(colour, c) for c in self._colours)
            self._suspects[colour] = known
        return known

    def _melts(self, text: DrawnText) -> bool:
        """Tell whether a text has the colour of what is right below it."""
        box = self._frame.box(*text.ends)
        below = [f for f in self._fills if f.order < text.order and holds(f.box, box, 0.5)]
        ground: Colour | None = below[-1].colour if below else _WHITE
        return not self._has_ink(box) if ground is None else _alike(text.colour, ground)

    def _is_covered(self, text: DrawnText) -> bool:
        """Tell whether something opaque lies on a text, other than the scan that it belongs to."""
        box = self._frame.box(*text.ends)
        if self._covered is None or not holds(self._covered, box, _MOSTLY):
            return False
        above = self._covers[bisect_right(self._covers, text.order, key=_order) :]
        cover = next((fill for fill in above if holds(fill.box, box, _MOSTLY)), None)
        if cover is None:
            return False
        return not (cover.colour is None and self._is_scan and self._has_ink(box))

    def _has_ink(self, box: Box) -> bool:
        """Tell whether the painted page is of more than one shade in a box."""
        rows = list(filter(None, self._painted.rows(box)))
        return bool(rows) and max(map(max, rows)) - min(map(min, rows)) > CONTRAST

    @cached_property
    def _painted(self) -> Painted:
        return paint(self._page, grey=True)


def _order(fill: Fill) -> int:
    return fill.order


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))
