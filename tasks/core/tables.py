"""Markdown tables as all stages write and read them: rows of cells between bars."""

import re
from itertools import pairwise

from tasks.core.spans import Span

_RULE = re.compile(r"\s*\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?\s*")
_BAR = re.compile(r"(?<!\\)\|")


def is_rule(line: str) -> bool:
    """Tell the line below a header, as in `| --- | ---: |`, with or without its outer bars."""
    return _RULE.fullmatch(line) is not None


def is_row(line: str) -> bool:
    """Tell a line between bars, as we write rows; others may leave the outer bars out."""
    return len(line) > 1 and line[0] == "|" and line[-1] == "|" and line[-2] != "\\"


def cell_spans(row: str) -> list[Span]:
    """Give where the cells of a row stand, white space off, with or without its outer bars.

    A bar within a cell has a backslash before it.
    """
    bars = [bar.start() for bar in _BAR.finditer(row)]
    first = bars[:1] if bars and not row[: bars[0]].strip() else [-1]
    last = [] if len(bars) > 1 and not row[bars[-1] + 1 :].strip() else [len(row)]
    spans = []
    for left, right in pairwise([*first, *(bar for bar in bars if bar not in first), *last]):
        inner = row[left + 1 : right]
        start = left + 1 + len(inner) - len(inner.lstrip())
        spans.append(Span(start, start + len(inner.strip())))
    return spans


def cells(row: str) -> list[str]:
    """Give the texts of the cells of a row."""
    return [row[start:end].replace("\\|", "|") for start, end in cell_spans(row)]


def rows_of(table: str) -> list[list[str]]:
    """Give the rows of a table as the texts of their cells, the rule left out."""
    return [cells(line) for line in table.splitlines() if not is_rule(line)]
