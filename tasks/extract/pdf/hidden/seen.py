"""Which texts are seen: one that can be taken away and leaves the page as it was is not.

What lies on a text by its box may be clipped to a corner or be a shade that paints elsewhere, and a
pattern that fills its letters has no colour: pdfium does not tell. So where the way a page is put
together speaks against some texts, it is painted with them and without.
"""

from collections.abc import Iterable, Mapping

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Box
from tasks.extract.pdf.pdfium.addresses import Address, by_address
from tasks.extract.pdf.pdfium.painting import CONTRAST, paint

_SET_ACTIVE = by_address(pdfium_c.FPDFPageObj_SetIsActive)


def seen_of(page: pdfium.PdfPage, texts: Mapping[Address, Box]) -> set[Address]:
    """Give those of some text objects whose boxes change when all of them are taken away."""
    before = paint(page)
    _activate(texts, active=False)
    after = paint(page)
    _activate(texts, active=True)
    return {
        address
        for address, box in texts.items()
        if any(map(_differ, before.rows(box), after.rows(box)))
    }


def _activate(texts: Iterable[Address], *, active: bool) -> None:
    for address in texts:
        _SET_ACTIVE(address, active)


def _differ(one: bytes, other: bytes) -> bool:
    return one != other and max(abs(a - b) for a, b in zip(one, other, strict=True)) > CONTRAST
