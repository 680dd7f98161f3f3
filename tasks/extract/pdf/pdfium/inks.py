"""The text objects of a page, and how each is drawn: its colour, its mode, its place."""

import ctypes
import math
from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

import pypdfium2.raw as pdfium_c

from tasks.extract.pdf.pdfium.addresses import Address, answers, by_address
from tasks.extract.pdf.pdfium.objects import Ends, Matrix, Objects, matrix_of

Colour = tuple[int, int, int]
Ink = tuple[int, int, int, int]
"""Red, green, blue, and how opaque; each from 0 to 255."""

OPAQUE = 255
_BLACK: Ink = (0, 0, 0, OPAQUE)
_NAME_UNITS = 128
_LAYER = [*map(ord, "OC\0")]
_GET_TEXT_RENDER_MODE = by_address(pdfium_c.FPDFTextObj_GetTextRenderMode)
_GET_FONT_SIZE = by_address(pdfium_c.FPDFTextObj_GetFontSize)
_GET_FILL_COLOR = by_address(pdfium_c.FPDFPageObj_GetFillColor)
_COUNT_MARKS = by_address(pdfium_c.FPDFPageObj_CountMarks)
_GET_MARK = by_address(pdfium_c.FPDFPageObj_GetMark)
_GET_NAME = by_address(pdfium_c.FPDFPageObjMark_GetName)
_OUTLINED = {pdfium_c.FPDF_TEXTRENDERMODE_STROKE, pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE}
_UNSEEN = {pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP}


class DrawnText(NamedTuple):
    """A text object; `order` grows from below to above, `matrix` leads from its form to the page.

    `layered`: it is on a layer that may be switched off.
    """

    address: Address
    ends: Ends
    mode: int
    ink: Ink
    order: int
    layered: bool | int = False
    matrix: Matrix | None = None

    @property
    def unseen(self) -> bool:
        """Tell whether its render mode leaves it out."""
        return self.mode in _UNSEEN

    @property
    def clips(self) -> bool:
        """Tell whether it draws nothing, and is what things drawn after it are cut to."""
        return bool(self.mode == pdfium_c.FPDF_TEXTRENDERMODE_CLIP)

    @property
    def colour(self) -> Colour:
        """Give the colour that is seen: an outline is taken to be black."""
        return (0, 0, 0) if self.mode in _OUTLINED else self.ink[:3]

    @property
    def alpha(self) -> int:
        """Give how opaque it is."""
        return OPAQUE if self.mode in _OUTLINED else self.ink[3]

    def is_tiny(self, limit_pt: float) -> bool:
        """Tell whether its font is smaller than that; a low box alone may be a row of dots."""
        left, bottom, right, top = self.ends
        if right - left >= limit_pt and top - bottom >= limit_pt:
            return False
        size = ctypes.c_float()
        _GET_FONT_SIZE(self.address, ctypes.byref(size))
        a, b, c, d, _, _ = matrix_of(self.address)
        zoom = math.hypot(*self.matrix[:2]) if self.matrix else 1.0
        return size.value * max(math.hypot(a, b), math.hypot(c, d)) * zoom < limit_pt


def read_texts(texts: Objects) -> list[DrawnText]:
    """Ask text objects how they are drawn."""
    raw, ends, inks = texts.addresses, texts.ends(), ask_colours(texts.addresses)
    modes, marks = map(_GET_TEXT_RENDER_MODE, raw), list(map(_COUNT_MARKS, raw))
    layered = map(_Layers().has, raw, marks) if any(marks) else repeat(0)
    columns = (raw, ends, modes, inks, texts.orders, layered, texts.matrices or repeat(None))
    return list(map(DrawnText._make, zip(*columns)))  # noqa: B905 some have no end


def ask_colours(objects: Sequence[Address]) -> list[Ink]:
    """Ask what objects are filled with; black where pdfium does not say."""
    return answers(_GET_FILL_COLOR, len(objects), objects, written="IIII", unless=_BLACK)


class _Layers:
    """Knows which marks stand for layers; many objects have one mark in common."""

    def __init__(self) -> None:
        self._known: dict[Address, bool] = {}

    def has(self, raw: Address, marks: int) -> bool:
        """Tell whether an object that has so many marks is on a layer."""
        return marks > 0 and any(map(self._is_layer, map(_GET_MARK, repeat(raw), range(marks))))

    def _is_layer(self, mark: Address) -> bool:
        known = self._known.get(mark)
        if known is None:
            name, length = (ctypes.c_ushort * _NAME_UNITS)(), ctypes.c_ulong()
            _GET_NAME(mark, name, 2 * _NAME_UNITS, ctypes.byref(length))
            known = self._known[mark] = name[: len(_LAYER)] == _LAYER
        return known
