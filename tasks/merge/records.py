"""Records: JSON answers parsed, checked against the recipe's schema, and united.

The result does not depend on the order in which the answers came. Nothing is invented to please
a schema: an answer that does not fit is an error, and its chunk a named gap.
"""

import json
import re
from collections.abc import Iterable, Sequence

from jsonschema import Draft202012Validator
from pydantic import JsonValue

from prompts.schema import Schema, list_field
from tasks.core.documents import Answer, Record
from tasks.core.errors import ReplyError

FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n?```", re.DOTALL)


def parse_reply(text: str, schema: Schema) -> tuple[dict[str, JsonValue], ...]:
    """Give the records of a reply; ReplyError says why it holds none."""
    fenced = FENCED.search(text)
    try:
        value = json.loads(fenced.group(1) if fenced else text)
    except ValueError as error:
        raise ReplyError(f"the reply is not JSON: {error}") from None
    problem = next(iter(Draft202012Validator(schema).iter_errors(value)), None)
    if problem is not None:
        raise ReplyError(
            f"the reply does not fit the schema at {problem.json_path}: {problem.message[:200]}"
        )
    name = list_field(schema)
    items = value[name] if name else [value]
    return tuple(item if isinstance(item, dict) else {"value": item} for item in items)


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
