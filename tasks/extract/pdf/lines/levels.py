"""Gathering the lines of a page that stand at one height, in the order from above to below."""

from collections.abc import Sequence

from tasks.core.documents import Box
from tasks.extract.pdf.lines.boxes import around
from tasks.extract.pdf.lines.line import Line

_NEAR_ROW = 0.5  # of a line's height
_ROWS_BACK = 8
_FURTHEST_RISE = 6.0  # times a row's height


def level_rows(lines: Sequence[Line]) -> list[tuple[list[int], Box]]:
    """Gather lines of one height to rows; a file may draw a table cell by cell."""
    rows: list[tuple[list[int], Box]] = []
    for index, line in enumerate(lines):
        box = line.box
        if box is None or line.apart:
            continue
        _, top, _, bottom = box
        for members, first in rows[-_ROWS_BACK:]:
            near = first.bottom > top and bottom > first.top  # most rows are not
            if near and _is_beside(members, lines, box):
                members.append(index)
                break
        else:
            rows.append(([index], box))
    whole = [(row, _around(lines, row) if len(row) > 1 else box) for row, box in rows]
    _settle(whole)
    return whole


def _around(lines: Sequence[Line], members: Sequence[int]) -> Box:
    return around(lines[index].box for index in members) or Box(0, 0, 0, 0)


def _settle(rows: list[tuple[list[int], Box]]) -> None:
    """Put rows that the file draws a little out of order from above to below, in place."""
    for index in range(1, len(rows)):
        at = index
        while at and _is_just_above(rows[at][1], rows[at - 1][1]):
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
            at -= 1


def _is_just_above(one: Box, other: Box) -> bool:
    rise, height = other.top - one.top, one.bottom - one.top
    across = one.left < other.right and other.left < one.right
    return 0 < rise < (_FURTHEST_RISE if across else 1) * height


def _is_beside(row: Sequence[int], lines: Sequence[Line], box: Box) -> bool:
    """Tell whether a line goes on with a row, to the right or left of all that it has."""
    return all(_are_beside(one, box) for index in row if (one := lines[index].box))


def _are_beside(one: Box, other: Box) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = one.right <= other.left + 1 or other.right <= one.left + 1
    height = min(one.bottom - one.top, other.bottom - other.top)
    return apart and overlap > _NEAR_ROW * height
