"""Finding the labels of plots: the numbers along axes and the words among curves.

Without the drawing they say nothing, and they stand in the midst of sentences that go round the
figure. Only a drawing with the numbers of an upright axis beside it and of a level one below counts
as a plot; a diagram of words in boxes stays text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from tasks.core.documents import Box
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.pdfium.drawings import Drawings
from tasks.extract.pdf.plots.axes import find_axes

PLOT_LABELS = "labels of a plot"

_CELL_PT = 12.0
_MOST_CELLS = 250  # across or down; what lies further off is taken to lie at the edge
_LEAST_WIDTH, _LEAST_HEIGHT = 60.0, 40.0
_LEAST_WEIGHT = 60  # in segments
_MOST_SEGMENTS = 40  # counted of one curve
_REACH_PT = 36.0  # how far from its drawing a label may stand
_WORDS = re.compile(r"[^\W\d_]{4,}")
_LONGEST_LABEL = 6  # words of four letters and more
_CAPTION = re.compile(r"(fig|figure|table|tab|abb|abbildung)\b", re.IGNORECASE)

_MARGIN = 2  # cells about the page, so that growing does not come out at the other side
_ROW = _MOST_CELLS + 2 * _MARGIN
_ALL_COLUMNS = (1 << _ROW) - 1

Cells = int
"""Squares of the page, a bit for each: rows of `_ROW` bits one after the other."""


def plot_labels(lines: Sequence[Line], drawings: Drawings) -> frozenset[int]:
    """Give the indices of the lines that are labels of plots."""
    found: set[int] = set()
    axes = list(find_axes(lines))
    for drawing in _drawings(drawings) if axes else ():
        if any(_is_near(axis, drawing) for axis in axes):
            near = (i for i, line in enumerate(lines) if line.box and _is_near(line.box, drawing))
            found.update(i for i in near if _is_label(lines[i].text))
    return frozenset(found)


def _drawings(drawings: Drawings) -> Iterator[Box]:
    """Give the places of drawings: curves and pictures that touch, when there are many."""
    weights, taken = _weights(drawings)
    for cells in _clusters(taken):
        place = _place(cells)
        wide, high = place.right - place.left, place.bottom - place.top
        if wide >= _LEAST_WIDTH and high >= _LEAST_HEIGHT and _is_heavy(cells, weights):
            yield place


def _weights(drawings: Drawings) -> tuple[dict[int, int], Cells]:
    """Give the weight of the drawings whose corner is in a cell, and all cells that they take."""
    weights: dict[int, int] = {}
    taken: set[tuple[int, int, int]] = set()
    curves = [(box, min(segments, _MOST_SEGMENTS)) for box, segments in drawings.curves]
    pictures = [(box, _LEAST_WEIGHT) for box in drawings.pictures]
    marks = [(box, 1) for box in drawings.marks]
    for (left, top, right, bottom), weight in (*curves, *pictures, *marks):
        column, row = _cell(left), _cell(top)
        cell = column + row * _ROW
        weights[cell] = weights.get(cell, 0) + weight
        taken.add((cell, _cell(right) - column + 1, _cell(bottom) - row + 1))
    cells = 0
    for cell, wide, high in taken:
        cells |= _rectangle(wide, high) << cell
    return weights, cells


def _cell(at: float) -> int:
    """Give the row or column of a place, in points."""
    cell = int(at // _CELL_PT)
    return _MARGIN + (cell if 0 <= cell < _MOST_CELLS else 0 if cell < 0 else _MOST_CELLS - 1)


@lru_cache(maxsize=1024)
def _rectangle(wide: int, high: int) -> Cells:
    """Give the cells of a rectangle whose first one is the first of all."""
    return sum(((1 << wide) - 1) << (row * _ROW) for row in range(high))


def _clusters(taken: Cells) -> Iterator[Cells]:
    """Part cells into those that hang together, over a gap of one cell, too."""
    while taken:
        cells, grown = 0, taken & -taken
        while grown != cells:
            cells = grown
            across = cells | cells << 1 | cells << 2 | cells >> 1 | cells >> 2
            down = across | across << _ROW | across << 2 * _ROW
            grown = (down | across >> _ROW | across >> 2 * _ROW) & taken
        yield cells
        taken ^= cells


def _is_heavy(cells: Cells, weights: Mapping[int, int]) -> bool:
    """Tell whether the drawings in some cells are many; one curve may be of many parts."""
    inside = (weight for cell, weight in weights.items() if cells >> cell & 1)
    return any(weight >= _LEAST_WEIGHT for weight in accumulate(inside))


def _place(cells: Cells) -> Box:
    """Give the rectangle about cells, in points."""
    top, bottom = _first(cells) // _ROW, cells.bit_length() // _ROW
    columns = 0
    for row in range(top, bottom + 1):
        columns |= cells >> (row * _ROW) & _ALL_COLUMNS
    ends = _first(columns), top, columns.bit_length(), bottom + 1
    return Box(*((end - _MARGIN) * _CELL_PT for end in ends))


def _first(cells: Cells) -> int:
    """Give the index of the first of some cells."""
    return (cells & -cells).bit_length() - 1


def _is_near(box: Box, drawing: Box) -> bool:
    across = drawing.left - _REACH_PT < box.left and box.right < drawing.right + _REACH_PT
    return across and drawing.top - _REACH_PT < box.top and box.bottom < drawing.bottom + _REACH_PT


def _is_label(text: str) -> bool:
    """Tell a label from a line of prose: few words, or numbers above all."""
    if _CAPTION.match(text.strip()):
        return False
    parts = text.split()
    words = [part for part in parts if _WORDS.search(part)]
    return len(words) <= 2 or (len(words) <= _LONGEST_LABEL and 2 * len(words) <= len(parts))
