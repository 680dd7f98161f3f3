"""Rows of cells as a Markdown table, and such a table as plain text again."""

from collections.abc import Sequence

from tasks.core.tables import rows_of


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as a Markdown table with the first as its header."""
    width = max(len(row) for row in rows)
    header, *others = ([*row, *[""] * (width - len(row))] for row in rows)
    return "\n".join(map(_line, (header, ["---"] * width, *others)))


def plain_table(text: str) -> str:
    """Give a Markdown table's cells in reading order, a row a line."""
    return "\n".join(" ".join(filter(None, row)) for row in rows_of(text))


def _line(row: Sequence[str]) -> str:
    written = (" ".join(cell.split()).replace("|", "\\|") for cell in row)
    return f"| {' | '.join(written)} |"
