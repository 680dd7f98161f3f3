"""Records: the JSON answers to the chunks, united.

The result does not depend on the order in which the answers came.
"""

import json
from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from prompts.schema import Schema
from tasks.core.documents import Answer, Record
from tasks.merge.parsing.reply import parse_reply


def unite(answers: Iterable[Answer], schema: Schema) -> tuple[Record, ...]:
    """Join the records of all answers in source order, the same record once with all its pages."""
    united: dict[str, Record] = {}
    for answer in sorted(answers, key=lambda answer: answer.chunk.index):
        if answer.usable is None:
            continue
        for fields in parse_reply(answer.usable.text, schema):
            record = Record(fields=tuple(fields.items()), pages=_pages(fields, answer))
            key = _identity(fields)
            known = united.get(key)
            united[key] = record if known is None else _with_pages(known, record.pages)
    return tuple(united.values())


def records_table(records: Sequence[Record], names: Sequence[str]) -> str:
    """Show records as a Markdown table, one row each."""
    if not records:
        return "*No records were found.*"
    rows = [[_cell(dict(record.fields).get(name)) for name in names] for record in records]
    head = [name.replace("_", " ").capitalize() for name in names]
    lines = [head, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _pages(fields: dict[str, JsonValue], answer: Answer) -> tuple[int, ...]:
    """Believe a record's own page only if its chunk has that page."""
    page = fields.get("page")
    if isinstance(page, int) and page in answer.chunk.pages:
        return (page,)
    return answer.chunk.pages


def _identity(fields: dict[str, JsonValue]) -> str:
    """Two records are the same when all but their pages is, apart from case and spacing."""
    content = {name: value for name, value in fields.items() if name != "page"}
    return " ".join(json.dumps(content, sort_keys=True, ensure_ascii=False).casefold().split())


def _with_pages(record: Record, pages: tuple[int, ...]) -> Record:
    return Record(fields=record.fields, pages=tuple(sorted({*record.pages, *pages})))


def _cell(value: JsonValue) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())
