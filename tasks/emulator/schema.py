"""Fill a JSON schema with spans of the source, and leave out what the source does not give."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tasks.emulator.findings import find, tells_something, to_number, words_of
from tasks.emulator.passages import Passage
from tasks.emulator.selection import MOST
from tasks.emulator.tokens import count_tokens

Schema = Mapping[str, Any]

_FENCE = re.compile(r"^```json[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})
_SENTENCE_WORDS = frozenset(
    "quote quotation text fact statement sentence evidence excerpt passage clause finding claim"
    " description summary detail details point obligation requirement content source".split()
)
_CATCH_ALL = frozenset({"other", "unknown", "unclear", "none"})
_DEEPEST = 8


class _Absent:
    """The value of a field that the source does not fill."""


ABSENT = _Absent()


class _Row(NamedTuple):
    """An item of an array, the array's name and the place of the passage it came from."""

    name: str
    at: int
    item: Any


def find_schema(system_prompt: str) -> Schema | None:
    """Give the first fenced JSON block that is a JSON Schema for an object or an array."""
    for block in _FENCE.findall(system_prompt):
        try:
            found = json.loads(block)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and _is_schema(found):
            return found
    return None


def _is_schema(found: dict[str, Any]) -> bool:
    from jsonschema import Draft202012Validator, SchemaError

    if not isinstance(found.get("properties"), dict) and found.get("type") not in _TYPES:
        return False
    try:
        Draft202012Validator.check_schema(found)
    except (SchemaError, RecursionError):
        return False
    return True


def fill(root: Schema, passages: Sequence[Passage], order: Iterator[int], *, room: int) -> str:
    """Give JSON of at most `room` tokens, if its empty shape fits, from the passages in `order`."""
    filler = _Filler(root)
    ranked = list(order)
    empty, arrays = filler.shell([passages[at] for at in ranked])
    rows: list[_Row] = []
    counts = dict.fromkeys(arrays, 0)
    for at in ranked:
        for name, array in arrays.items():
            most = min(MOST, array.get("maxItems", MOST))
            item = ABSENT if counts[name] >= most else filler.item(array, name, passages[at])
            row = _Row(name, at, item)
            if item is ABSENT or any((row.name, item) == (r.name, r.item) for r in rows):
                continue
            if count_tokens(_render(empty, [*rows, row])) <= room:
                rows.append(row)
                counts[name] += 1
        if all(count >= MOST for count in counts.values()):
            break
    return _render(empty, rows)


def _render(empty: Any, rows: Sequence[_Row]) -> str:
    """Write the shell with its rows in the order of the source."""
    ordered = sorted(rows, key=lambda row: row.at)
    if isinstance(empty, list):
        return json.dumps([row.item for row in ordered], ensure_ascii=False)
    filled = {
        name: [row.item for row in ordered if row.name == name]
        if isinstance(value, list)
        else value
        for name, value in empty.items()
    }
    return json.dumps(filled, ensure_ascii=False)


class _Filler:
    """Fill the parts of one schema, whose local references it follows."""

    def __init__(self, root: Schema) -> None:
        from jsonschema import Draft202012Validator
        from referencing import Registry

        self._root = root
        # An empty registry, so that no reference is ever fetched from the network.
        self._validator = Draft202012Validator(root, registry=Registry())

    def shell(self, passages: Sequence[Passage]) -> tuple[Any, dict[str, Schema]]:
        """Give the empty shape of the answer, and the schemas of the arrays to fill in it."""
        root = self._resolved(self._root)
        if _type(root) == "array":
            return [], {"items": root}
        shape: dict[str, Any] = {}
        arrays: dict[str, Schema] = {}
        for name, raw in root.get("properties", {}).items():
            part = self._resolved(raw)
            if _type(part) == "array":
                shape[name], arrays[name] = [], part
                continue
            values = (self._checked(part, self._value(part, name, p, 0)) for p in passages[:MOST])
            value = next((value for value in values if value is not ABSENT), ABSENT)
            if value is ABSENT and name in root.get("required", ()):
                value = _nothing(part)
            if value is not ABSENT:
                shape[name] = value
        return shape, arrays

    def item(self, array: Schema, name: str, passage: Passage) -> Any:
        """Fill one item of an array from one passage, or give ABSENT."""
        part = self._resolved(array.get("items", {}))
        if _type(part) == "object" and not tells_something(passage.text):
            return ABSENT
        return self._checked(part, self._value(part, name, passage, 0))

    def _checked(self, part: Schema, value: Any) -> Any:
        """Drop what breaks a rule of the schema that filling does not look at."""
        from referencing.exceptions import Unresolvable

        if value is ABSENT:
            return ABSENT
        try:
            return value if self._validator.evolve(schema=part).is_valid(value) else ABSENT
        except (Unresolvable, re.error):
            return ABSENT

    def _value(self, raw: Any, name: str, passage: Passage, depth: int) -> Any:
        part = self._resolved(raw)
        if depth > _DEEPEST:
            return ABSENT
        if "const" in part:
            return part["const"]
        if "enum" in part:
            return _literal(part["enum"], passage.text)
        kind = _type(part)
        if kind == "object":
            return self._object(part, passage, depth)
        if kind == "array":
            items = self._resolved(part.get("items", {}))
            return _spans(items, name, passage)
        return _scalar(kind, name, passage)

    def _object(self, part: Schema, passage: Passage, depth: int) -> Any:
        """Fill an object; it is absent if a required field is, or if nothing was found."""
        required = part.get("required", ())
        filled: dict[str, Any] = {}
        told = False
        for name, raw in part.get("properties", {}).items():
            value = self._value(raw, name, passage, depth + 1)
            told = told or isinstance(value, str | dict)
            if value is ABSENT:
                value = self._fallback(raw, required=name in required)
            if value is not ABSENT:
                filled[name] = value
            elif name in required:
                return ABSENT
        return filled if told else ABSENT

    def _fallback(self, raw: Any, *, required: bool) -> Any:
        """Give what stands for nothing: null, an empty array, or the catch-all of an enum."""
        part = self._resolved(raw)
        if _is_nullable(raw) or _is_nullable(part):
            return None
        last = part.get("enum", [None])[-1]
        if required and isinstance(last, str) and last.lower() in _CATCH_ALL:
            return last
        return ABSENT

    def _resolved(self, raw: Any) -> Schema:
        """Follow local references, and step into the one branch that is not null."""
        part: Any = raw
        for _ in range(_DEEPEST):
            if not isinstance(part, dict):
                return {}
            branches = part.get("anyOf") or part.get("oneOf")
            if "$ref" in part:
                part = _pointed(self._root, part["$ref"])
            elif branches:
                part = next((b for b in branches if b != {"type": "null"}), {})
            else:
                return part
        return {}


def _pointed(root: Schema, reference: str) -> Any:
    part: Any = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        part = part.get(step) if isinstance(part, dict) else None
    return part


def _type(part: Schema) -> str | None:
    kind = part.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), None)
    return kind or ("object" if "properties" in part else None)


def _is_nullable(raw: Any) -> bool:
    if not isinstance(raw, dict):
        return False
    kinds = raw.get("type")
    branches = raw.get("anyOf") or raw.get("oneOf") or ()
    return (isinstance(kinds, list) and "null" in kinds) or {"type": "null"} in branches


def _nothing(part: Schema) -> Any:
    """Give the empty value of a required field at the root."""
    if _is_nullable(part):
        return None
    return {"string": "", "object": {}}.get(_type(part) or "", ABSENT)


def _literal(values: Sequence[Any], sentence: str) -> Any:
    """Give the value of an enum whose words stand in the sentence."""
    for value in values:
        words = str(value).replace("_", " ")
        if isinstance(value, str) and re.search(
            rf"\b{re.escape(words)}\b", sentence, re.IGNORECASE
        ):
            return value
    return ABSENT


def _scalar(kind: str | None, name: str, passage: Passage) -> Any:
    if kind == "string":
        return _string(name, passage)
    if kind not in ("integer", "number"):
        return ABSENT
    if words_of(name)[-1:] in (["page"], ["pages"]):
        return passage.page if passage.page is not None else ABSENT
    numbers = [
        number for span in find(name, passage.text) if (number := to_number(span)) is not None
    ]
    return numbers[0] if numbers else ABSENT


def _string(name: str, passage: Passage) -> Any:
    words = words_of(name)
    if words[-1:] in (["section"], ["heading"]):
        return passage.section or ABSENT
    if words[-1:] == ["page"]:
        return str(passage.page) if passage.page is not None else ABSENT
    spans = find(name, passage.text)
    if spans:
        return spans[0]
    return passage.text if _SENTENCE_WORDS.intersection(words) else ABSENT


def _spans(items: Schema, name: str, passage: Passage) -> Any:
    """Fill an array inside an item: all spans of the sentence that fit its name."""
    if _type(items) == "string":
        return list(dict.fromkeys(find(name, passage.text)))
    page = _scalar(_type(items), name, passage)
    return [] if page is ABSENT else [page]
