"""The tables of a source: from lines of cells between bars to rows that a browser draws."""

from collections.abc import Iterator

from tasks.core.spans import Span
from tasks.core.tables import cell_spans, is_row, is_rule

CELL = "cell"
"""The manner of a cell's text, in which a bar is written with a backslash before it."""

Cut = tuple[int, str]
"""An offset and the manner of what follows; the manner of what is drawn is the markup itself."""


def table_cuts(text: str, at: int) -> list[Cut]:
    """Give the manners within a Markdown table that begins at an offset; none if it is no table.

    Cells have the manner `CELL`; all between two of them is one cut, whose manner is markup.
    """
    rows = list(_rows(text, at))
    if not all(rows) or not rows:
        return []
    cuts: list[Cut] = []
    began, markup, kind = at, "<table>", "th"
    for row in rows:
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


def _rows(text: str, at: int) -> Iterator[list[Span]]:
    """Give the spans of the cells of each row; none for a line that is no row. The rule is left."""
    for line in text.split("\n"):
        if not is_rule(line):
            spans = cell_spans(line) if is_row(line) else []
            yield [Span(at + start, at + end) for start, end in spans]
        at += len(line) + 1
