"""Fill the fields of a JSON schema from one sentence, with what stands in it and nothing else."""

import re
from collections.abc import Sequence
from typing import Any

from tasks.emulator.engine.findings import find, to_number, words_of
from tasks.emulator.engine.passages import Passage
from tasks.emulator.engine.schema import Part, Schema, is_nullable, type_of

_SENTENCE_NAMES = """
    quote quotation text fact statement sentence evidence excerpt passage clause finding claim
    description summary detail details point obligation requirement content source
"""
_SENTENCE_WORDS = frozenset(_SENTENCE_NAMES.split())
_CATCH_ALL = frozenset({"other", "unknown", "unclear", "none"})
_DEEPEST = 8


class Absent:
    """The value of a field that the source does not fill."""


ABSENT = Absent()


class Filler:
    """Fill the parts of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def fill(self, raw: Any, name: str, passage: Passage) -> Any:
        """Give a value that fits the part, or ABSENT."""
        part = self._schema.resolved(raw)
        value = self._value(part, name, passage, _DEEPEST)
        return value if value is not ABSENT and self._schema.allows(part, value) else ABSENT

    def _value(self, raw: Any, name: str, passage: Passage, depth: int) -> Any:
        part = self._schema.resolved(raw)
        if depth == 0:
            return ABSENT
        if "const" in part:
            return part["const"]
        if "enum" in part:
            return _literal(part["enum"], passage.text)
        kind = type_of(part)
        if kind == "object":
            return self._object(part, passage, depth)
        if kind == "array":
            return self._spans(part, name, passage)
        return _string(name, passage) if kind == "string" else _number(kind, name, passage)

    def _object(self, part: Part, passage: Passage, depth: int) -> Any:
        """Fill an object; it is absent if a required field is, or if no field was found."""
        required = part.get("required", ())
        filled: dict[str, Any] = {}
        found = False
        for name, raw in part.get("properties", {}).items():
            value = self._value(raw, name, passage, depth - 1)
            # A page, a constant or an empty list alone does not make an item.
            found = found or (isinstance(value, str | dict) and "const" not in raw)
            if value is ABSENT:
                value = self._fallback(raw, required=name in required)
            if value is ABSENT and name in required:
                return ABSENT
            if value is not ABSENT:
                filled[name] = value
        return filled if found else ABSENT

    def _fallback(self, raw: Any, *, required: bool) -> Any:
        """Give what says that nothing was found: null, or the catch-all of an enum."""
        part = self._schema.resolved(raw)
        if is_nullable(raw) or is_nullable(part):
            return None
        last = part.get("enum", [None])[-1]
        catches_all = isinstance(last, str) and last.lower() in _CATCH_ALL
        return last if required and catches_all else ABSENT

    def _spans(self, part: Part, name: str, passage: Passage) -> Any:
        """Fill an array inside an item: all spans of the sentence that fit its name."""
        items = self._schema.resolved(part.get("items"))
        kind = type_of(items)
        if kind == "string":
            return list(dict.fromkeys(find(name, passage.text)))
        value = _number(kind, name, passage)
        return [] if value is ABSENT else [value]


def _literal(values: Sequence[Any], sentence: str) -> Any:
    """Give the value of an enum that stands in the sentence as a word of its own."""
    for value in values:
        words = re.escape(str(value).replace("_", " "))
        if isinstance(value, str) and re.search(rf"(?<![\w-]){words}(?![\w-])", sentence, re.I):
            return value
    return ABSENT


def _number(kind: str | None, name: str, passage: Passage) -> Any:
    if kind not in ("integer", "number"):
        return ABSENT
    if _is_named(name, "page", "pages"):
        return passage.page if passage.page is not None else ABSENT
    numbers = map(to_number, find(name, passage.text))
    return next((number for number in numbers if number is not None), ABSENT)


def _string(name: str, passage: Passage) -> Any:
    if _is_named(name, "section", "heading"):
        return passage.section or ABSENT
    if _is_named(name, "page"):
        return str(passage.page) if passage.page is not None else ABSENT
    if spans := find(name, passage.text):
        return spans[0]
    return passage.text if _SENTENCE_WORDS.intersection(words_of(name)) else ABSENT


def _is_named(name: str, *words: str) -> bool:
    return words_of(name)[-1:] in [[word] for word in words]
