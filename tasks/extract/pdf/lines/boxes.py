"""What several boxes of a page have to do with each other."""

from collections.abc import Iterable

from tasks.core.documents import Box


def around(boxes: Iterable[Box | None]) -> Box | None:
    """Give the box around all boxes that are known."""
    known = [box for box in boxes if box]
    if len(known) < 2:
        return known[0] if known else None
    lefts, tops, rights, bottoms = zip(*known, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def holds(outer: Box, inner: Box, share: float) -> bool:
    """Tell whether a share of a box, across and down, lies in another one."""
    if outer.right < inner.left or inner.right < outer.left:
        return False  # most are apart, and a page may have thousands
    across = min(outer.right, inner.right) - max(outer.left, inner.left)
    down = min(outer.bottom, inner.bottom) - max(outer.top, inner.top)
    wide, high = inner.right - inner.left, inner.bottom - inner.top
    return across >= share * wide and down >= share * high and across >= 0 and down >= 0
