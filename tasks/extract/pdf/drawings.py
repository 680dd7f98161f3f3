"""What a page draws: text objects, rules, fills, pictures and curves, from below to above.

Boxes are as shown, in points. Objects inside form XObjects are put where the form shows them. A
page may have thousands of objects, so only what is worth a box gets one.
"""

import ctypes
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from struct import Struct
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Box
from tasks.extract.pdf.addresses import Address, address_of, by_address
from tasks.extract.pdf.chars import Frame

Colour = tuple[int, int, int]
Matrix = tuple[float, float, float, float, float, float]

_RULE_PT = 2.0  # thinner is a line, whatever the file calls it
_MARK_PT = 12.0
_LINE = 3  # segments; a straight line that is neither level nor upright is no frame
_FEW_SEGMENTS = 10  # a rectangle, with round corners perhaps
_MOST_PATHS = 1000  # of a page; a map has a hundred thousand
_SAMPLED = 16
_DEEPEST_FORM = 6
_BLACK: Colour = (0, 0, 0)
_OPAQUE = 255
_NAME_UNITS = 128
_LAYER = [*map(ord, "OC\0")]
_SCAN_SHARE = 0.5  # of the page
_TEXT, _PATH, _FORM = (
    pdfium_c.FPDF_PAGEOBJ_TEXT,
    pdfium_c.FPDF_PAGEOBJ_PATH,
    pdfium_c.FPDF_PAGEOBJ_FORM,
)
_GET_OBJECT = by_address(pdfium_c.FPDFPage_GetObject)
_GET_TYPE = by_address(pdfium_c.FPDFPageObj_GetType)
_GET_BOUNDS = by_address(pdfium_c.FPDFPageObj_GetBounds)
_GET_TEXT_RENDER_MODE = by_address(pdfium_c.FPDFTextObj_GetTextRenderMode)
_COUNT_MARKS = by_address(pdfium_c.FPDFPageObj_CountMarks)
_GET_MARK = by_address(pdfium_c.FPDFPageObj_GetMark)
_GET_NAME = by_address(pdfium_c.FPDFPageObjMark_GetName)
_GET_FILL_COLOR = by_address(pdfium_c.FPDFPageObj_GetFillColor)
_HAS_TRANSPARENCY = by_address(pdfium_c.FPDFPageObj_HasTransparency)
_GET_DRAW_MODE = by_address(pdfium_c.FPDFPath_GetDrawMode)
_COUNT_SEGMENTS = by_address(pdfium_c.FPDFPath_CountSegments)
_GET_MATRIX = by_address(pdfium_c.FPDFPageObj_GetMatrix)
_GET_FONT_SIZE = by_address(pdfium_c.FPDFTextObj_GetFontSize)
_COUNT_INSIDE = by_address(pdfium_c.FPDFFormObj_CountObjects)
_GET_INSIDE = by_address(pdfium_c.FPDFFormObj_GetObject)
_COUNT_OBJECTS = by_address(pdfium_c.FPDFPage_CountObjects)
_FOUR_FLOATS, _FOUR_INTEGERS, _TWO_INTEGERS = (Struct(f).unpack for f in ("4f", "4I", "2i"))
_PICTURES = {pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING}
_OUTLINED = {pdfium_c.FPDF_TEXTRENDERMODE_STROKE, pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE}
_UNSEEN_MODES = {pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP}


class DrawnText(NamedTuple):
    """A text object, its ends in the page's own coordinates; `order` grows from below to above.

    `unseen` by its render mode; `layered`: it is on a layer that may be switched off.
    """

    address: Address
    ends: tuple[float, float, float, float]
    unseen: bool
    colour: Colour
    alpha: int
    order: int
    zoom: float = 1.0
    layered: bool = False

    def is_tiny(self, limit_pt: float) -> bool:
        """Tell whether its font is smaller than that; a low box alone may be a row of dots."""
        left, bottom, right, top = self.ends
        if right - left >= limit_pt and top - bottom >= limit_pt:
            return False
        matrix, size = pdfium_c.FS_MATRIX(), ctypes.c_float()
        _GET_MATRIX(self.address, ctypes.byref(matrix))
        _GET_FONT_SIZE(self.address, ctypes.byref(size))
        scale = max(math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d))
        return size.value * scale * self.zoom < limit_pt


class Fill(NamedTuple):
    """A filled area; `colour` is None where it has many, as a picture has."""

    box: Box
    colour: Colour | None
    order: int
    opaque: bool


@dataclass(frozen=True, slots=True)
class Drawings:
    """What a page draws; a curve goes with the number of its segments, marks are short strokes."""

    texts: list[DrawnText] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    curves: list[tuple[Box, int]] = field(default_factory=list)
    marks: list[Box] = field(default_factory=list)

    def are_a_scan(self, frame: Frame) -> bool:
        """Tell whether pictures take most of the page."""
        areas = ((box.right - box.left) * (box.bottom - box.top) for box in self.pictures)
        return sum(areas) > _SCAN_SHARE * frame.width * frame.height

    @property
    def pictured(self) -> bool:
        """Tell whether the page shows what may hold text without being text, as a scan does."""
        return bool(self.pictures) or len(self.curves) + len(self.fills) >= _FEW_SEGMENTS


def read_drawings(page: pdfium.PdfPage, frame: Frame) -> Drawings:
    """Go through the objects of a page once."""
    drawings, ask = Drawings(), _Asker()
    paths = 0
    for order, (raw, kind, matrix) in enumerate(_objects(address_of(page.raw))):
        if kind == _PATH:
            paths += 1
            if paths < _MOST_PATHS or paths % _SAMPLED == 0:
                _add_path(drawings, ask, raw, frame.box(*ask.ends(raw, matrix)), order)
        elif kind == _TEXT:
            drawings.texts.append(ask.text(raw, matrix, order))
        elif kind in _PICTURES:
            _add_picture(drawings, ask, raw, frame.box(*ask.ends(raw, matrix)), order)
    return drawings


def _objects(page: Address) -> Iterable[tuple[Address, int, Matrix | None]]:
    count, get = _COUNT_OBJECTS(page), _GET_OBJECT
    objects = list(map(get, repeat(page), range(count)))
    kinds = list(map(_GET_TYPE, objects))
    if _FORM in kinds:
        return _opened(objects, kinds)
    return zip(objects, kinds, repeat(None))


def _opened(
    objects: Sequence[Address], kinds: Sequence[int]
) -> Iterator[tuple[Address, int, Matrix | None]]:
    for raw, kind in zip(objects, kinds, strict=True):
        if kind == _FORM:
            yield from _inside(raw, None, 1)
        else:
            yield raw, kind, None


def _inside(
    form: Address, outer: Matrix | None, depth: int
) -> Iterator[tuple[Address, int, Matrix | None]]:
    """Give the objects of a form, each with the matrix from there to the page."""
    own = pdfium_c.FS_MATRIX()
    _GET_MATRIX(form, ctypes.byref(own))
    matrix = _times((own.a, own.b, own.c, own.d, own.e, own.f), outer)
    for index in range(_COUNT_INSIDE(form)):
        raw = _GET_INSIDE(form, index)
        kind = _GET_TYPE(raw)
        if kind != _FORM:
            yield raw, kind, matrix
        elif depth < _DEEPEST_FORM:
            yield from _inside(raw, matrix, depth + 1)


def _times(inner: Matrix, outer: Matrix | None) -> Matrix:
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


class _Asker:
    """Asks pdfium for the facts of objects, with buffers that are made once."""

    def __init__(self) -> None:
        self._ends, self._colour, self._drawn = bytearray(16), bytearray(16), bytearray(8)
        self._to_ends, self._to_colour, self._to_drawn = (
            [ctypes.byref(ctypes.c_int.from_buffer(found, at)) for at in range(0, len(found), 4)]
            for found in (self._ends, self._colour, self._drawn)
        )
        self._name, self._length = (ctypes.c_ushort * _NAME_UNITS)(), ctypes.c_ulong()
        self._to_length = ctypes.byref(self._length)
        self._layers: dict[Address, bool] = {}

    def ends(self, raw: Address, matrix: Matrix | None) -> tuple[float, float, float, float]:
        """Give left, bottom, right and top in the page's own coordinates."""
        _GET_BOUNDS(raw, *self._to_ends)
        ends = _FOUR_FLOATS(self._ends)
        return ends if matrix is None else _moved(ends, matrix)

    def text(self, raw: Address, matrix: Matrix | None, order: int) -> DrawnText:
        """Give the facts of a text object."""
        mode = _GET_TEXT_RENDER_MODE(raw)
        colour, alpha = (_BLACK, _OPAQUE) if mode in _OUTLINED else self.colour(raw)
        unseen, zoom = mode in _UNSEEN_MODES, 1.0 if matrix is None else math.hypot(*matrix[:2])
        layered = self._is_layered(raw)
        return DrawnText(raw, self.ends(raw, matrix), unseen, colour, alpha, order, zoom, layered)

    def _is_layered(self, raw: Address) -> bool:
        """Tell whether an object belongs to a layer, which may be switched off."""
        return any(map(self._is_layer, map(_GET_MARK, repeat(raw), range(_COUNT_MARKS(raw)))))

    def _is_layer(self, mark: Address) -> bool:
        """Tell a layer from other marks; many objects have one mark in common."""
        known = self._layers.get(mark)
        if known is None:
            _GET_NAME(mark, self._name, 2 * _NAME_UNITS, self._to_length)
            known = self._layers[mark] = self._name[: len(_LAYER)] == _LAYER
        return known

    def colour(self, raw: Address) -> tuple[Colour, int]:
        """Give the colour that an object is filled with, and how opaque it is, 0 to 255."""
        if not _GET_FILL_COLOR(raw, *self._to_colour):
            return _BLACK, _OPAQUE
        red, green, blue, alpha = _FOUR_INTEGERS(self._colour)
        return (red, green, blue), alpha

    def is_opaque(self, raw: Address) -> bool:
        """Tell whether nothing below an object shines through."""
        return not _HAS_TRANSPARENCY(raw)

    def drawn(self, raw: Address) -> tuple[bool, bool]:
        """Tell whether a path is filled, and whether it is stroked."""
        _GET_DRAW_MODE(raw, *self._to_drawn)
        filled, stroked = _TWO_INTEGERS(self._drawn)
        return bool(filled), bool(stroked)


def _moved(
    ends: tuple[float, float, float, float], matrix: Matrix
) -> tuple[float, float, float, float]:
    a, b, c, d, e, f = matrix
    left, bottom, right, top = ends
    xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
    ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)


def _add_path(drawings: Drawings, ask: _Asker, raw: Address, box: Box, order: int) -> None:
    filled, stroked = ask.drawn(raw)
    if not filled and not stroked:
        return
    width, height = box.right - box.left, box.bottom - box.top
    if min(width, height) <= _RULE_PT:
        (drawings.marks if max(width, height) < _MARK_PT else drawings.rules).append(box)
        return
    segments = _COUNT_SEGMENTS(raw)
    curved = not _LINE < segments <= _FEW_SEGMENTS or max(width, height) < _MARK_PT
    if curved:
        drawings.curves.append((box, segments))
    elif stroked:
        drawings.rules.extend(_sides(box))
    if filled:
        colour, alpha = ask.colour(raw)
        opaque = alpha == _OPAQUE and not curved and ask.is_opaque(raw)
        drawings.fills.append(Fill(box, None if curved else colour, order, opaque))


def _sides(box: Box) -> Iterator[Box]:
    """Give the four rules of a drawn frame."""
    yield Box(box.left, box.top, box.right, box.top)
    yield Box(box.left, box.bottom, box.right, box.bottom)
    yield Box(box.left, box.top, box.left, box.bottom)
    yield Box(box.right, box.top, box.right, box.bottom)


def _add_picture(drawings: Drawings, ask: _Asker, raw: Address, box: Box, order: int) -> None:
    """Keep a picture; some files draw their rules as pictures of one pixel."""
    if min(box.right - box.left, box.bottom - box.top) <= _RULE_PT:
        drawings.rules.append(box)
    else:
        drawings.pictures.append(box)
        drawings.fills.append(Fill(box, None, order, ask.is_opaque(raw)))
