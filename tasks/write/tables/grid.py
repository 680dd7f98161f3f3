"""An output as tables: its records, one row each, or else the citations that it makes."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from tasks.core.outputs import Citation, Conflict, Output, Passage, Record
from tasks.write.clean import clean
from tasks.write.references import words_of
from tasks.write.source import SourceInfo

Value = str | int | float | bool | None
"""What a cell may hold."""

Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with a name; every row has a value for each column."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def main_grid(output: Output, source: SourceInfo) -> Grid:
    """Give the table that an output is about: its records, else its citations."""
    if output.records is None:
        return citations_grid(output, source)
    return records_grid(output)


def records_grid(output: Output) -> Grid:
    """Give a row for each record: its fields, then where it was read and what is disputed."""
    records = output.records or ()
    names = tuple(dict.fromkeys(name for record in records for name, _ in record.fields))
    several = bool(output.documents)
    votes = any(record.agreement is not None for record in records)
    rows = []
    for record in records:
        fields = dict(record.fields)
        rows.append(
            (
                *([", ".join(dict.fromkeys(s.document for s in record.sources))] * several),
                *(as_value(fields.get(name)) for name in names),
                _pages_of(record),
                "\n".join(map(told, record.sources)),
                "\n".join(map(_disputed, record.conflicts)),
                *([record.agreement] if votes else []),
            )
        )
    heads = (
        *["Document"] * several,
        *map(heading, names),
        "Pages",
        "Sources",
        "Conflicts",
        *["Agreement"] * votes,
    )
    return Grid(name="Records", columns=_apart(heads), rows=tuple(rows))


def conflicts_grid(output: Output) -> Grid:
    """Give a row for each value that a disputed field was given."""
    rows = [
        (
            number,
            heading(conflict.field),
            as_value(variant.value),
            "shown" if place == 0 else "",
            "\n".join(map(told, variant.sources)),
        )
        for number, record in enumerate(output.records or (), start=1)
        for conflict in record.conflicts
        for place, variant in enumerate(conflict.variants)
    ]
    columns = ("Record", "Field", "Value", "In the record", "Sources")
    return Grid(name="Conflicts", columns=columns, rows=tuple(rows))


def citations_grid(output: Output, source: SourceInfo) -> Grid:
    """Give a row for each citation: what looking it up gave, and the words of the source."""
    rows = (
        _citation_row(number, citation, source)
        for number, citation in enumerate(output.citations, start=1)
    )
    columns = ("No.", "Status", "Document", "Cited page", "Page", "Quote", "Words of the source")
    return Grid(name="Citations", columns=columns, rows=tuple(rows))


def heading(name: str) -> str:
    """Make a field's name a heading for people."""
    return clean(name.replace("_", " ").strip().capitalize()) or "Field"


def as_value(value: JsonValue) -> Value:
    """Give a field's value as one cell: plain values as they are, lists one to a line."""
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return "\n".join("" if item is None else clean(str(item)) for item in value)
    if isinstance(value, dict | list):
        return clean(json.dumps(value, ensure_ascii=False))
    return clean(value) if isinstance(value, str) else value


def told(passage: Passage) -> str:
    """Say where a passage stands: document, page and words."""
    where = ", ".join(filter(None, (passage.document, passage.place)))
    quote = f"\u201c{' '.join(passage.quote.split())}\u201d" if passage.quote else ""
    span = "" if quote else f"characters {passage.start}\u2013{passage.end}"
    return clean(": ".join(filter(None, (where, quote or span))))


def _disputed(conflict: Conflict) -> str:
    """Say which values a field was given, and where."""
    values = (f"{as_value(v.value)}{_places(v.sources)}" for v in conflict.variants)
    return f"{heading(conflict.field)}: {' / '.join(values)}"


def _places(sources: Sequence[Passage]) -> str:
    pages = sorted({passage.page for passage in sources if passage.page})
    told = [f"p. {', '.join(map(str, pages))}"] if pages else []
    where = ", ".join([*told, *_paragraphs(sources)])
    return f" ({where})" if where else ""


def _pages_of(record: Record) -> str:
    """Name the pages of a record, and the paragraphs of sources without pages."""
    return ", ".join([*map(str, record.pages), *_paragraphs(record.sources)])


def _paragraphs(sources: Sequence[Passage]) -> list[str]:
    return [f"¶ {n}" for n in sorted({s.paragraph for s in sources if s.paragraph is not None})]


def _citation_row(number: int, citation: Citation, source: SourceInfo) -> Row:
    return (
        number,
        str(citation.status).replace("_", " "),
        clean(citation.document or source.name),
        citation.cited_page or citation.cited_place or None,
        citation.page or citation.place or None,
        clean(citation.quote),
        clean(words_of(citation, source)) if citation.quote else "",
    )


def _apart(names: Iterable[str]) -> tuple[str, ...]:
    """Tell headings of one name apart by numbers."""

    def numbered() -> Iterator[str]:
        seen: dict[str, int] = {}
        for name in names:
            seen[name.casefold()] = count = seen.get(name.casefold(), 0) + 1
            yield name if count == 1 else f"{name} ({count})"

    return tuple(numbered())
