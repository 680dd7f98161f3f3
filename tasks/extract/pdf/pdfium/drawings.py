"""What a page draws beside its text: rules, fills, pictures and curves, from below to above.

Boxes are as shown, in points. A page may have thousands of objects, so all are asked at once, and
only what is worth a value gets one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Box
from tasks.extract.pdf.pdfium.addresses import Address, address_of, answers, by_address
from tasks.extract.pdf.pdfium.chars import Frame, Place
from tasks.extract.pdf.pdfium.inks import OPAQUE, Colour, DrawnText, ask_colours, read_texts
from tasks.extract.pdf.pdfium.objects import PATH, PICTURES, TEXT, Objects, PageObjects

_RULE_PT = 2.0  # thinner is a line, whatever the file calls it
_THICKEST_RULE_PT = 12.0  # of a border of 6 pt, with what pdfium adds for its pointed ends
_SLENDER = 8.0  # times as long as thick
_MARK_PT = 12.0
_LINE = 3  # segments; a straight line that is neither level nor upright is no frame
_FEW_SEGMENTS = 10  # a rectangle, with round corners perhaps
_MOST_PATHS = 1000  # of a page; a map has a hundred thousand
_SAMPLED = 16
_MOST_CURVES = 500  # of those that are not among the first paths
_SCAN_SHARE = 0.4  # of the page; it may have white margins about it
_HAS_TRANSPARENCY = by_address(pdfium_c.FPDFPageObj_HasTransparency)
_GET_DRAW_MODE = by_address(pdfium_c.FPDFPath_GetDrawMode)
_COUNT_SEGMENTS = by_address(pdfium_c.FPDFPath_CountSegments)


class Fill(NamedTuple):
    """A filled area; `colour` is None where it has many, as a picture has."""

    box: Box
    colour: Colour | None
    order: int
    opaque: bool


class _Area(NamedTuple):
    """A filled path that has still to be asked for its colour."""

    address: Address
    box: Box
    order: int
    curved: bool


@dataclass(frozen=True, slots=True)
class Drawings:
    """What a page draws; a curve goes with the number of its segments, marks are short strokes."""

    texts: list[DrawnText] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    curves: list[tuple[Place, int]] = field(default_factory=list)
    marks: list[Place] = field(default_factory=list)

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
    objects = PageObjects(address_of(page.raw))
    drawings = Drawings(texts=read_texts(objects.of(TEXT)))
    paths, pictures = _thinned(objects.of(PATH)), objects.of(*PICTURES)
    drawings.fills.extend(_coloured(_add_paths(drawings, paths, frame)))
    if pictures:
        _add_pictures(drawings, pictures, frame)
        drawings.fills.sort(key=lambda fill: fill.order)
    return drawings


def _thinned(paths: Objects) -> Objects:
    """Give the first paths, and of those that follow the curves and one in sixteen."""
    count = len(paths)
    if count <= _MOST_PATHS:
        return paths
    segments = enumerate(map(_COUNT_SEGMENTS, paths.addresses[_MOST_PATHS:]), start=_MOST_PATHS)
    curves = islice((at for at, parts in segments if parts > _FEW_SEGMENTS), _MOST_CURVES)
    sample = range(_MOST_PATHS, count, _SAMPLED)
    return paths.at(sorted({*range(_MOST_PATHS), *sample, *curves}))


def _add_paths(drawings: Drawings, paths: Objects, frame: Frame) -> Iterator[_Area]:
    """Sort paths into rules, marks and curves, and give those that are filled."""
    places = frame.places(paths.ends())
    drawn = answers(_GET_DRAW_MODE, len(paths), paths.addresses, written="ii")
    columns = zip(paths.addresses, paths.orders, places, drawn, strict=True)
    for raw, order, place, (filled, stroked) in columns:
        if not filled and not stroked:
            continue
        left, top, right, bottom = place
        width, height = right - left, bottom - top
        short = width < _MARK_PT and height < _MARK_PT
        thin = width <= _RULE_PT or height <= _RULE_PT
        if thin and short:
            drawings.marks.append(place)
            continue
        segments = _COUNT_SEGMENTS(raw)
        if thin or (segments <= _FEW_SEGMENTS and _is_thick_rule(width, height)):
            drawings.rules.append(_middle(*place))
            continue
        curved = short or not _LINE < segments <= _FEW_SEGMENTS
        if curved:
            drawings.curves.append((place, segments))
        elif stroked:
            drawings.rules.extend(_sides(*place))
        if filled:
            yield _Area(raw, Box(*place), order, curved)


def _is_thick_rule(width: float, height: float) -> bool:
    """Tell a border or a bar from a frame."""
    thick, long = min(width, height), max(width, height)
    return thick <= _THICKEST_RULE_PT and long >= _SLENDER * thick


def _middle(left: float, top: float, right: float, bottom: float) -> Box:
    """Give the line along the middle of a rule."""
    if right - left > bottom - top:
        return Box(left, (top + bottom) / 2, right, (top + bottom) / 2)
    return Box((left + right) / 2, top, (left + right) / 2, bottom)


def _coloured(areas: Iterator[_Area]) -> Iterator[Fill]:
    """Ask filled paths for their colours."""
    filled = list(areas)
    colours = ask_colours([area.address for area in filled])
    for (raw, box, order, curved), (red, green, blue, alpha) in zip(filled, colours, strict=True):
        opaque = alpha == OPAQUE and not curved and not _HAS_TRANSPARENCY(raw)
        yield Fill(box, None if curved else (red, green, blue), order, opaque)


def _sides(left: float, top: float, right: float, bottom: float) -> Iterator[Box]:
    """Give the four rules of a drawn frame."""
    yield Box(left, top, right, top)
    yield Box(left, bottom, right, bottom)
    yield Box(left, top, left, bottom)
    yield Box(right, top, right, bottom)


def _add_pictures(drawings: Drawings, pictures: Objects, frame: Frame) -> None:
    """Keep pictures; some files draw their rules as pictures of one pixel."""
    boxes = map(Box._make, frame.places(pictures.ends()))
    for raw, box, order in zip(pictures.addresses, boxes, pictures.orders, strict=True):
        if min(box.right - box.left, box.bottom - box.top) <= _RULE_PT:
            drawings.rules.append(box)
        else:
            drawings.pictures.append(box)
            drawings.fills.append(Fill(box, None, order, not _HAS_TRANSPARENCY(raw)))
