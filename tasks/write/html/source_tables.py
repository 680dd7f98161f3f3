"""The tables of a source: from lines of cells between bars to rows that a browser draws."""

import re
from collections.abc import Iterator
from itertools import pairwise

CELL = "cell"
"""The manner of a cell's text, in which a bar is written with a backslash before it."""

_RULE = re.compile(r"\|(?: *:?-+:? *\|)+")
_BAR = re.compile(r"(?<!\\)\|")

Cut = tuple[int, str]
"""An offset and the manner of what follows; the manner of what is drawn is the markup itself."""


def table_cuts(text: str, at: int) -> list[Cut]:
    """Give the manners within a Markdown table that begins at an offset; none if it is no table.

    Cells have the manner `CELL`; all between two of them is one cut, whose manner is markup.
    """
    rows = list(_rows(text, at))
    if not rows or None in rows:
        return []
    cuts: list[Cut] = []
    began, markup, kind = at, "<table>", "th"
    for row in filter(None, rows):
        markup += "<tr>"
        for start, end in row:
            markup += f"<{kind}>"
            if start < end:
                cuts += [(began, markup), (start, CELL)]
                began, markup = end, ""
            markup += f"</{kind}>"
        markup += "</tr>"
        kind = "td"
    return [*cuts, (began, f"{markup}</table>")]


def _rows(text: str, at: int) -> Iterator[list[tuple[int, int]] | None]:
    """Give the spans of the cells of each row; None for a line that is no row. The rule is left."""
    for line in text.split("\n"):
        if not _RULE.fullmatch(line):
            yield _cells(line, at)
        at += len(line) + 1


def _cells(line: str, at: int) -> list[tuple[int, int]] | None:
    bars = [bar.start() for bar in _BAR.finditer(line)]
    if len(bars) < 2 or bars[0] != 0 or bars[-1] != len(line) - 1:
        return None
    cells = []
    for left, right in pairwise(bars):
        inner = line[left + 1 : right]
        start = left + 1 + len(inner) - len(inner.lstrip())
        cells.append((at + start, at + start + len(inner.strip())))
    return cells
