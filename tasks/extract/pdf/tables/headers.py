"""The header of a table without rules: which rows it takes, and which columns they are about."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, starmap

_MOST_HEADERS = 8
YEAR = re.compile(r"(?:19|20)\d\d")
"""One that a header may have, though it is a figure."""

Cells = tuple[str, ...]
FIGURE = re.compile(
    r"[-\u2212\u2013\u2014+($\u20ac\u00a3\u00a5]*\s?[\d.,]*\d[\d.,]*(?: \d{3})*\s?[%)]*"
    r"|[-\u2013\u2014]|n/?a",
    re.IGNORECASE,
)
"""A number with its signs, or what stands for none."""


def with_header(cells: Sequence[Cells]) -> Iterator[Cells]:
    """Join the rows above the first figures to one header; it is empty where there are none."""
    count = 0
    while count < min(len(cells), _MOST_HEADERS):
        if _has_figures(cells[count]) or not any(cells[count][1:]):
            break
        count += 1
    above = _with_spanners_first(cells[:count])
    yield tuple(" ".join(filter(None, column)) for column in zip(*above, strict=True)) or (
        ("",) * len(cells[0])
    )
    yield from cells[count:]


def _has_figures(row: Cells) -> bool:
    return any(FIGURE.fullmatch(cell) and not YEAR.fullmatch(cell) for cell in row[1:])


def _with_spanners_first(above: Sequence[Cells]) -> list[Cells]:
    """Put what spans several columns over the first of them, as merged cells stand.

    Where one row begins again after some columns, as 2022, 2021, 2022, 2021 does, another one that
    has a different text for each time spans them, wherever it is set: in the middle or at the end.
    """
    lowest = tuple(next(filter(None, reversed(column)), "") for column in zip(*above, strict=True))
    size = next(filter(None, map(_period, (lowest, *above))), 0)
    if not size:
        return list(above)
    moved: list[Cells] = []
    places: list[int] = []
    for row in above:
        blocks = [row[at : at + size] for at in range(1, len(row), size)]
        filled = [next((n for n, cell in enumerate(block) if cell), -1) for block in blocks]
        if -1 not in filled and len(set(blocks)) == len(blocks):
            places = filled
        pairs = list(zip(blocks, places, strict=False))
        spans = bool(pairs) and all(block[place] for block, place in pairs)
        moved.append((row[0], *chain(*starmap(_moved, pairs))) if spans else row)
    return moved


def _period(row: Cells) -> int:
    """Give after how many columns a row begins again; 0 if it does not."""
    names = row[1:]
    for size in range(2, len(names) // 2 + 1):
        block = names[:size]
        if block * (len(names) // size) == names and all(block) and len(set(block)) == size:
            return size
    return 0


def _moved(block: Cells, place: int) -> Cells:
    """Move a text to the first cell of its block, if that is free."""
    if block[0]:
        return block
    return (block[place], *("" if n == place else cell for n, cell in enumerate(block[1:], 1)))
