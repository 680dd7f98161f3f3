"""Records as a Markdown table, with what is doubtful or disputed said in the cell."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, zip_longest
from textwrap import shorten

from pydantic import JsonValue

from tasks.core.outputs import Citation, Conflict, Passage, Record, Variant
from tasks.core.tables import cell_spans

_HEAD_LINES = 2
OTHERS_AT_MOST = 3
OTHER_CHARS = 100
"""A cell shows so many of the other values, each so long; the JSON output has them whole."""

NONE = "*No records were found.*"


def records_table(
    records: Sequence[Record],
    names: Sequence[str],
    quotes: Sequence[Citation | None] = (),
    totals: Sequence[tuple[str, str]] = (),
    *,
    quoted: str = "quote",
) -> str:
    """Show records as a table, one row each, with the totals below.

    `quotes` are those that the records show, looked up, in the field `quoted`.
    """
    if not records:
        return NONE
    rows = [
        [_cell(record, name, quote if name == quoted else None) for name in names]
        for record, quote in zip_longest(records, quotes)
    ]
    head = [_label(name) for name in names]
    lines = [head, ["---"] * len(names), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    sums = "\n".join(f"- **{_label(name)}, total:** {total}" for name, total in totals)
    return f"{table}\n\n{sums}" if sums else table


def placed(body: str, quotes: Sequence[Citation | None], column: int) -> list[Citation | None]:
    """Say of the quotes of a table, one to a row, where they stand in their column."""
    rows = body.split("\n")[_HEAD_LINES:]
    starts = accumulate((len(row) + 1 for row in rows), initial=len(body) - len("\n".join(rows)))
    return [
        quote and _at(quote, row, start, column)
        for quote, row, start in zip(quotes, rows, starts, strict=False)
    ]


def _at(quote: Citation, row: str, start: int, column: int) -> Citation:
    """Place a quote in its cell of a row."""
    words = _plain(quote.quote)
    cell = cell_spans(row)[column : column + 1]
    at = row.find(words, *cell[0]) if cell else -1
    if at < 0:
        return quote
    return replace(quote, body_start=start + at, body_end=start + at + len(words))


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _cell(record: Record, name: str, quote: Citation | None) -> str:
    """Write a value, and after it what its sources say else."""
    text = _plain(dict(record.fields).get(name))
    if name == "page":
        text = _paragraph(record) or text
    if quote is not None:
        return text + quote.doubt
    disputed = next((c for c in record.conflicts if c.field == name), None)
    return text + _others(disputed) if disputed else text


def _paragraph(record: Record) -> str:
    """Name the paragraph where the record that is shown was read, if its document has no pages."""
    first = record.sources[0] if record.sources else None
    return "" if first is None or first.paragraph is None else first.place


def _others(conflict: Conflict) -> str:
    """Say the other values of a field, of many and long ones what a cell can hold."""
    others = conflict.variants[1:]
    said = [
        f"{shorten(_plain(other.value), OTHER_CHARS, placeholder=' …')}{_where(other)}"
        for other in others[:OTHERS_AT_MOST]
    ]
    more = len(others) - OTHERS_AT_MOST
    return f" *(also: {'; '.join(said)}{f'; and {more} more' if more > 0 else ''})*"


def _where(variant: Variant) -> str:
    """Name the places of a value, as in " [p. 3]"."""
    return "".join(dict.fromkeys(_reference(source) for source in variant.sources))


def _reference(source: Passage) -> str:
    where = ", ".join(filter(None, (source.document, source.place)))
    return f" [{where}]" if where else ""


def _plain(value: JsonValue) -> str:
    """Write a value so that it cannot break its table."""
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "; ".join(map(str, value))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())
