"""Which texts are seen: one that can be taken away and leaves the page as it was is not.

What lies on a text by its box may be clipped to a corner or be a shade that paints elsewhere, and a
pattern that fills its letters has no colour: pdfium does not tell. So where the way a page is put
together speaks against some texts, it is painted with them and without.
"""

from collections.abc import Iterable, Iterator, Mapping

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Box
from tasks.extract.pdf.addresses import Address, by_address

_CONTRAST = 48  # of 255, in one colour; less is hardly seen
_RENDERED_PT = 1500.0  # longest side of the page, in pixels
_COLOURS = 3
_SET_ACTIVE = by_address(pdfium_c.FPDFPageObj_SetIsActive)

_Painted = tuple[bytes, int]
"""Pixels of three bytes each, and the bytes of a row."""


def seen_of(page: pdfium.PdfPage, texts: Mapping[Address, Box]) -> set[Address]:
    """Give those of some text objects whose boxes change when all of them are taken away."""
    scale = min(2.0, _RENDERED_PT / max(*page.get_size(), 1.0))
    before = _painted(page, scale)
    _activate(texts, active=False)
    after = _painted(page, scale)
    _activate(texts, active=True)
    return {
        address
        for address, box in texts.items()
        if any(map(_differ, _rows(before, box, scale), _rows(after, box, scale)))
    }


def _activate(texts: Iterable[Address], *, active: bool) -> None:
    for address in texts:
        _SET_ACTIVE(address, active)


def _painted(page: pdfium.PdfPage, scale: float) -> _Painted:
    bitmap = page.render(scale=scale, may_draw_forms=False)
    try:
        return bytes(bitmap.buffer), bitmap.stride
    finally:
        bitmap.close()


def _rows(painted: _Painted, box: Box, scale: float) -> Iterator[bytes]:
    """Give the rows of pixels within a box, as far as they are on the page."""
    pixels, stride = painted
    left, right = (
        min(_COLOURS * max(0, int(x * scale)), stride) for x in (box.left, box.right + 1)
    )
    for y in range(max(0, int(box.top * scale)), int(box.bottom * scale) + 1):
        yield pixels[y * stride + left : y * stride + right]


def _differ(one: bytes, other: bytes) -> bool:
    return one != other and max(abs(a - b) for a, b in zip(one, other, strict=True)) > _CONTRAST
