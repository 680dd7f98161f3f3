"""Tables that are ruled: cells between lines, level and upright."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.core.documents import Box

_TOUCH_PT = 3.0
_SHORTEST_PT = 8.0
_MOST_RULES = 1200
_MOST_LINES = 200  # across or down, of one grid


@dataclass(frozen=True, slots=True)
class Grid:
    """The places of a table's level and upright lines, and which sides of cells are drawn."""

    rows: tuple[float, ...]
    columns: tuple[float, ...]
    level: tuple[Box, ...]
    upright: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """Give the place of the grid."""
        return Box(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])

    def cell(self, across: float, down: float) -> tuple[int, int] | None:
        """Give row and column of a point; of merged cells, those of the first one."""
        row, column = bisect_right(self.rows, down) - 1, bisect_right(self.columns, across) - 1
        if not (0 <= row < len(self.rows) - 1 and 0 <= column < len(self.columns) - 1):
            return None
        while column > 0 and not self._has_side(self.upright, self.columns[column], row):
            column -= 1
        while row > 0 and not self._has_top(self.rows[row], column):
            row -= 1
        return row, column

    def _has_side(self, sides: Sequence[Box], at: float, row: int) -> bool:
        middle = (self.rows[row] + self.rows[row + 1]) / 2
        return any(abs(s.left - at) < _TOUCH_PT and s.top < middle < s.bottom for s in sides)

    def _has_top(self, at: float, column: int) -> bool:
        middle = (self.columns[column] + self.columns[column + 1]) / 2
        return any(abs(s.top - at) < _TOUCH_PT and s.left < middle < s.right for s in self.level)


def find_grids(rules: Sequence[Box]) -> Iterator[Grid]:
    """Give the grids of a page: rules that touch, and enclose a row and two columns at least."""
    level = [r for r in rules if r.right - r.left >= max(_SHORTEST_PT, r.bottom - r.top)]
    upright = [r for r in rules if r.bottom - r.top >= max(_SHORTEST_PT, r.right - r.left)]
    if len(level) + len(upright) > _MOST_RULES or len(level) < 2 or len(upright) < 2:
        return
    for cluster in _clusters([*level, *upright]):
        lines = tuple(r for r in cluster if r.right - r.left > r.bottom - r.top)
        sides = tuple(r for r in cluster if r.right - r.left <= r.bottom - r.top)
        rows = _places([(r.top + r.bottom) / 2 for r in lines])
        columns = _places([(r.left + r.right) / 2 for r in sides])
        if 2 <= len(rows) <= _MOST_LINES and 3 <= len(columns) <= _MOST_LINES:
            yield Grid(rows, columns, lines, sides)


def _clusters(rules: Sequence[Box]) -> Iterable[list[Box]]:
    """Part rules into those that touch each other, directly or through others."""
    ordered = sorted(rules, key=lambda r: r.left)
    lefts, tops, _, bottoms = zip(*ordered, strict=True)
    cluster_of = list(range(len(ordered)))
    for index, rule in enumerate(ordered):
        end = bisect_right(lefts, rule.right + _TOUCH_PT)
        top, bottom = rule.top - _TOUCH_PT, rule.bottom + _TOUCH_PT
        near = range(index + 1, end)
        for other in [at for at in near if tops[at] <= bottom and bottoms[at] >= top]:
            _unite(cluster_of, index, other)
    clusters: dict[int, list[Box]] = {}
    for index, rule in enumerate(ordered):
        clusters.setdefault(_root(cluster_of, index), []).append(rule)
    return clusters.values()


def _unite(cluster_of: list[int], one: int, other: int) -> None:
    cluster_of[_root(cluster_of, other)] = _root(cluster_of, one)


def _root(cluster_of: list[int], index: int) -> int:
    """Follow a rule to the first of its cluster, and shorten the way for the next time."""
    while cluster_of[index] != index:
        cluster_of[index] = index = cluster_of[cluster_of[index]]
    return index


def _places(values: Sequence[float]) -> tuple[float, ...]:
    """Give the different places, those nearer than a touch taken as one."""
    ordered = sorted(values)
    if not ordered:
        return ()
    return (ordered[0], *(b for a, b in pairwise(ordered) if b - a > _TOUCH_PT))
