"""Make records of facts, by a JSON Schema: each field from the fact's own, or from its words."""

import json
import re
from collections.abc import Sequence
from typing import Any

from tasks.emulator.engine.filler import ABSENT
from tasks.emulator.engine.findings import words_of
from tasks.emulator.engine.planted.facts import Fact
from tasks.emulator.engine.schema import Part, Schema, is_nullable, type_of

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_QUOTES = frozenset({"quote", "quotation", "evidence", "excerpt", "value"})
_DEEPEST = 8


def records_of(schema: Schema, facts: Sequence[Fact]) -> str:
    """Give JSON with an item for each fact in every list of objects, or one object in all."""
    root = schema.resolved(schema.root)
    return json.dumps(_whole(schema, root, facts), ensure_ascii=False)


def _whole(schema: Schema, root: Part, facts: Sequence[Fact]) -> Any:
    if type_of(root) == "array":
        return _items(schema, root, facts)
    whole: dict[str, Any] = {}
    for name, raw in root.get("properties", {}).items():
        part = schema.resolved(raw)
        if type_of(part) == "array":
            whole[name] = _items(schema, part, facts)
            continue
        value = _of_all(schema, raw, name, facts)
        if value is not ABSENT:
            whole[name] = value
    return whole


def _of_all(schema: Schema, raw: Any, name: str, facts: Sequence[Fact]) -> Any:
    """Give the one value of a field that speaks for all facts: a text has them all."""
    part = schema.resolved(raw)
    if not facts:
        return _nothing(raw, part)
    if len(facts) > 1 and type_of(part) == "string" and "enum" not in part:
        return "\n".join(fact.to_line() for fact in facts)
    return _value(schema, raw, name, facts[0], _DEEPEST)


def _items(schema: Schema, part: Part, facts: Sequence[Fact]) -> list[Any]:
    filled = (_value(schema, part.get("items"), "", fact, _DEEPEST) for fact in facts)
    return [item for item in filled if item is not ABSENT]


def _value(schema: Schema, raw: Any, name: str, fact: Fact, depth: int) -> Any:
    """Give a value that fits a part of the schema, or ABSENT."""
    part = schema.resolved(raw)
    own = dict(fact.fields).get(name)
    if depth == 0:
        return ABSENT
    kind = type_of(part)
    if kind == "object":
        properties = part.get("properties", {}).items()
        values = {n: _value(schema, inner, n, fact, depth - 1) for n, inner in properties}
        return {n: value for n, value in values.items() if value is not ABSENT}
    if kind == "array":
        item = _value(schema, part.get("items"), name, fact, depth - 1)
        return [] if item is ABSENT or item is None else [item]
    value = _scalar(part, kind, name, fact, own)
    if value is not ABSENT and schema.allows(part, value):
        return value
    return _nothing(raw, part)


def _scalar(part: Part, kind: str | None, name: str, fact: Fact, own: str | None) -> Any:
    if "const" in part:
        return part["const"]
    if "enum" in part:
        return own if own in part["enum"] else _last_that_is_not_null(part["enum"])
    if kind in ("integer", "number"):
        return _number(kind, name, fact, own)
    if kind == "boolean":
        return own == "true"
    if own is not None:
        return own
    words = _QUOTES.intersection(words_of(name))
    return fact.quote if words or not name else f"{fact.key}: {fact.statement}"


def _number(kind: str, name: str, fact: Fact, own: str | None) -> Any:
    if words_of(name)[-1:] == ["page"]:
        return fact.pages[0] if fact.pages else ABSENT
    found = _NUMBER.search(own if own is not None else fact.statement)
    if found is None:
        return ABSENT
    return int(float(found[0])) if kind == "integer" else float(found[0])


def _last_that_is_not_null(values: Sequence[Any]) -> Any:
    return next((value for value in reversed(values) if value is not None), ABSENT)


def _nothing(raw: Any, part: Part) -> Any:
    """Give what says that there is no value, where the schema has such."""
    if is_nullable(raw) or is_nullable(part):
        return None
    return {"string": "", "object": {}, "array": []}.get(type_of(part) or "", ABSENT)
