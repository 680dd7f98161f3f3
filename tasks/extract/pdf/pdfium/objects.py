"""The objects of a page from below to above, those inside form XObjects among them."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, repeat

import pypdfium2.raw as pdfium_c

from tasks.extract.pdf.pdfium.addresses import Address, answers, by_address

Matrix = tuple[float, float, float, float, float, float]
Ends = tuple[float, float, float, float]
"""Left, bottom, right and top, in the page's own coordinates."""

TEXT, PATH = pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_PATH
PICTURES = (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING)

_FORM = pdfium_c.FPDF_PAGEOBJ_FORM
_DEEPEST_FORM = 6
_GET_OBJECT = by_address(pdfium_c.FPDFPage_GetObject)
_GET_TYPE = by_address(pdfium_c.FPDFPageObj_GetType)
_GET_BOUNDS = by_address(pdfium_c.FPDFPageObj_GetBounds)
_GET_MATRIX = by_address(pdfium_c.FPDFPageObj_GetMatrix)
_COUNT_INSIDE = by_address(pdfium_c.FPDFFormObj_CountObjects)
_GET_INSIDE = by_address(pdfium_c.FPDFFormObj_GetObject)
_COUNT_OBJECTS = by_address(pdfium_c.FPDFPage_CountObjects)


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects in columns: addresses, orders, and the matrices from their forms to the page.

    The order grows from below to above. There are no matrices where no object lies in a form.
    """

    addresses: Sequence[Address]
    orders: Sequence[int]
    matrices: Sequence[Matrix | None] = ()

    def __len__(self) -> int:
        """Count the objects."""
        return len(self.addresses)

    def ends(self) -> list[Ends]:
        """Ask where they are."""
        ends = answers(_GET_BOUNDS, len(self), self.addresses, written="ffff")
        if not self.matrices:
            return ends
        return [_moved(e, m) if m else e for e, m in zip(ends, self.matrices, strict=True)]

    def at(self, places: Sequence[int]) -> "Objects":
        """Give those at some places."""
        return Objects(
            [self.addresses[place] for place in places],
            [self.orders[place] for place in places],
            [self.matrices[place] for place in places] if self.matrices else (),
        )


class PageObjects:
    """All objects of a page, a form's own in its place."""

    def __init__(self, page: Address) -> None:
        """Go through the objects."""
        self._addresses = list(map(_GET_OBJECT, repeat(page), range(_COUNT_OBJECTS(page))))
        self._kinds = bytes(map(_GET_TYPE, self._addresses))
        self._matrices: Sequence[Matrix | None] = ()
        if _FORM in self._kinds:
            opened = list(_opened(self._addresses, self._kinds, None, 0))
            self._addresses = [raw for raw, _, _ in opened]
            self._kinds = bytes(kind for _, kind, _ in opened)
            self._matrices = [matrix for _, _, matrix in opened]

    def of(self, *kinds: int) -> Objects:
        """Give the objects of some kinds."""
        chosen = self._kinds.translate(_mask(kinds))
        if 0 not in chosen:
            return Objects(self._addresses, range(len(chosen)), self._matrices)
        columns = (self._addresses, range(len(chosen)), self._matrices)
        return Objects(*(list(compress(column, chosen)) if column else () for column in columns))


@cache
def _mask(kinds: tuple[int, ...]) -> bytes:
    """Give for each kind whether it is one of these."""
    return bytes(kind in kinds for kind in range(256))


def _opened(
    found: Sequence[Address], kinds: bytes, matrix: Matrix | None, depth: int
) -> Iterator[tuple[Address, int, Matrix | None]]:
    """Give objects with their kinds and matrices, and in place of a form what is in it."""
    for raw, kind in zip(found, kinds, strict=True):
        if kind != _FORM:
            yield raw, kind, matrix
        elif depth < _DEEPEST_FORM:
            inside = list(map(_GET_INSIDE, repeat(raw), range(_COUNT_INSIDE(raw))))
            outwards = _times(matrix_of(raw), matrix)
            yield from _opened(inside, bytes(map(_GET_TYPE, inside)), outwards, depth + 1)


def matrix_of(raw: Address) -> Matrix:
    """Ask for the matrix of an object."""
    own = pdfium_c.FS_MATRIX()
    _GET_MATRIX(raw, ctypes.byref(own))
    return own.a, own.b, own.c, own.d, own.e, own.f


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


def _moved(ends: Ends, matrix: Matrix) -> Ends:
    a, b, c, d, e, f = matrix
    left, bottom, right, top = ends
    if not b and not c and a > 0 and d > 0:  # a form is mostly shifted, if anything
        return a * left + e, d * bottom + f, a * right + e, d * top + f
    xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
    ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)
