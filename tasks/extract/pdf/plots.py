"""Finding the labels of plots: the numbers along axes and the words among curves.

Without the drawing they say nothing, and they stand in the midst of sentences that go round the
figure. Only a drawing with the numbers of an upright axis beside it and of a level one below counts
as a plot; a diagram of words in boxes stays text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from tasks.core.documents import Box
from tasks.extract.pdf.axes import find_axes
from tasks.extract.pdf.drawings import Drawings
from tasks.extract.pdf.lines import Line

PLOT_LABELS = "labels of a plot"

_CELL_PT = 12.0
_MOST_CELLS = 200  # across or down
_LEAST_WIDTH, _LEAST_HEIGHT = 60.0, 40.0
_LEAST_WEIGHT = 60  # in segments
_MOST_SEGMENTS = 40  # counted of one curve
_REACH_PT = 36.0  # how far from its drawing a label may stand
_WORDS = re.compile(r"[^\W\d_]{4,}")
_LONGEST_LABEL = 6  # words of four letters and more
_CAPTION = re.compile(r"(fig|figure|table|tab|abb|abbildung)\b", re.IGNORECASE)

_ROW = 1 << 20  # cells
_STEPS = tuple(across + down * _ROW for across, down in product(range(-2, 3), repeat=2))

Cell = int
"""A square of the page: its column and, times the cells of a row, its row."""


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
    weights = _weights(drawings)
    while weights:
        cells, weight = _taken_together(weights)
        place = _place(cells)
        wide, high = place.right - place.left, place.bottom - place.top
        if weight >= _LEAST_WEIGHT and wide >= _LEAST_WIDTH and high >= _LEAST_HEIGHT:
            yield place


def _weights(drawings: Drawings) -> dict[Cell, int]:
    """Give the cells that drawings take, with the weight of those whose corner is there."""
    weights: dict[Cell, int] = {}
    curves = [(box, min(segments, _MOST_SEGMENTS)) for box, segments in drawings.curves]
    pictures = [(box, _LEAST_WEIGHT) for box in drawings.pictures]
    marks = [(box, 1) for box in drawings.marks]
    for (left, top, right, bottom), weight in (*curves, *pictures, *marks):
        column, row = int(left // _CELL_PT), int(top // _CELL_PT)
        cell = column + row * _ROW
        weights[cell] = weights.get(cell, 0) + weight
        across, down = int(right // _CELL_PT) - column, int(bottom // _CELL_PT) - row
        if across or down:
            _mark(weights, cell, across + 1, down + 1)
    return weights


def _mark(weights: dict[Cell, int], first: Cell, wide: int, high: int) -> None:
    """Mark all cells that one drawing takes."""
    for start in range(first, first + min(high, _MOST_CELLS) * _ROW, _ROW):
        for cell in range(start, start + min(wide, _MOST_CELLS)):
            weights.setdefault(cell, 0)


def _taken_together(weights: dict[Cell, int]) -> tuple[list[Cell], int]:
    """Take one cluster of cells out, those with a gap of one cell included."""
    first = next(iter(weights))
    weight, cells, open_cells = weights.pop(first), [first], [first]
    while open_cells:
        here = open_cells.pop()
        for cell in [here + step for step in _STEPS if here + step in weights]:
            weight += weights.pop(cell)
            cells.append(cell)
            open_cells.append(cell)
    return cells, weight


def _place(cells: Sequence[Cell]) -> Box:
    rows, columns = zip(*(divmod(cell + _ROW // 2, _ROW) for cell in cells), strict=True)
    columns = tuple(column - _ROW // 2 for column in columns)
    return Box(
        min(columns) * _CELL_PT,
        min(rows) * _CELL_PT,
        (max(columns) + 1) * _CELL_PT,
        (max(rows) + 1) * _CELL_PT,
    )


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
