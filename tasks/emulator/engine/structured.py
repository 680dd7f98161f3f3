"""Answer with JSON that fits a schema, filled from the best passages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.emulator.engine.filler import ABSENT, Filler
from tasks.emulator.engine.findings import tells_something
from tasks.emulator.engine.passages import Passage
from tasks.emulator.engine.schema import Part, Schema, is_nullable, type_of
from tasks.emulator.engine.selection import MISFITS, MOST
from tasks.emulator.engine.tokens import count_tokens


@dataclass(slots=True)
class _Array:
    """An array of the answer, filled item by item; `items` go by the place of their passage."""

    item: Part
    most: int
    items: list[tuple[int, Any]] = field(default_factory=list)

    def takes(self, passage: Passage) -> bool:
        # A record wants a number, a date, an amount or a name; a list of sentences does not.
        wanted = type_of(self.item) != "object" or tells_something(passage.text)
        return len(self.items) < self.most and wanted

    def holds(self, item: Any) -> bool:
        return any(item == other for _, other in self.items)

    def in_order(self) -> list[Any]:
        return [item for _, item in sorted(self.items, key=lambda pair: pair[0])]


def answer(schema: Schema, passages: Sequence[Passage], order: Sequence[int], *, room: int) -> str:
    """Give JSON of at most `room` tokens, if its empty shape fits; items in source order."""
    filler = Filler(schema)
    ranked = [passages[at] for at in order]
    shape = _shape(schema, filler, ranked)
    arrays = [(name, value) for name, value in _members(shape) if isinstance(value, _Array)]
    misfits = 0
    for at, passage in zip(order, ranked, strict=True):
        for name, array in arrays:
            item = filler.fill(array.item, name, passage) if array.takes(passage) else ABSENT
            if item is ABSENT or array.holds(item):
                continue
            array.items.append((at, item))
            if count_tokens(_render(shape)) > room:
                array.items.pop()
                misfits += 1
        full = all(len(array.items) >= array.most for _, array in arrays)
        if full or misfits >= MISFITS:
            break
    return _render(shape)


def _shape(schema: Schema, filler: Filler, ranked: Sequence[Passage]) -> Any:
    """Lay out the answer: arrays empty as yet, and what single fields can be filled."""
    root = schema.resolved(schema.root)
    if type_of(root) == "array":
        return _array(schema, root)
    shape: dict[str, Any] = {}
    for name, raw in root.get("properties", {}).items():
        part = schema.resolved(raw)
        if type_of(part) == "array":
            shape[name] = _array(schema, part)
            continue
        values = (filler.fill(raw, name, passage) for passage in ranked[:MOST])
        value = next((value for value in values if value is not ABSENT), ABSENT)
        if value is ABSENT and name in root.get("required", ()):
            value = _nothing(raw, part)
        if value is not ABSENT:
            shape[name] = value
    return shape


def _array(schema: Schema, part: Part) -> _Array:
    return _Array(schema.resolved(part.get("items")), min(MOST, part.get("maxItems", MOST)))


def _nothing(raw: Any, part: Part) -> Any:
    """Give the empty value of a required field, where its type has one."""
    if is_nullable(raw) or is_nullable(part):
        return None
    return {"string": "", "object": {}}.get(type_of(part) or "", ABSENT)


def _members(shape: Any) -> list[tuple[str, Any]]:
    return list(shape.items()) if isinstance(shape, dict) else [("items", shape)]


def _render(shape: Any) -> str:
    return json.dumps(shape, ensure_ascii=False, default=_Array.in_order)
