"""Rows of cells as a Markdown table, and such a table as plain text again."""

import re
from collections.abc import Sequence

_RULE = re.compile(r"\|(?: ?:?-+:? ?\|)+")
_BAR = re.compile(r"(?<!\\)\|")


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as a Markdown table with the first as its header."""
    width = max(len(row) for row in rows)
    header, *others = ([*row, *[""] * (width - len(row))] for row in rows)
    return "\n".join(_line(cells) for cells in (header, ["---"] * width, *others))


def plain_table(text: str) -> str:
    """Give a Markdown table's cells in reading order, a row a line."""
    return "\n".join(" ".join(filter(None, cells)) for cells in cells_of(text))


def cells_of(text: str) -> list[list[str]]:
    """Read back the rows of a Markdown table."""
    rows = (line for line in text.splitlines() if not _RULE.fullmatch(line.strip()))
    return [_cells(row.strip()) for row in rows]


def _line(cells: Sequence[str]) -> str:
    written = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(written)} |"


def _cells(row: str) -> list[str]:
    inner = row.removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(inner)]
