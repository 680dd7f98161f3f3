"""Whether a value fits a schema, and the few changes that make it fit without a new word in it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from pydantic import JsonValue

from prompts.schema import Schema

_INTEGER = re.compile(r"-?\d{1,15}")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
PROBLEM_CHARS = 200


class Fitter:
    """Check values against one schema; what was changed to make them fit is in `repairs`."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._validator = Draft202012Validator(schema)
        self.fields: frozenset[str] = frozenset(schema.get("properties", ()))
        self.repairs: dict[str, None] = {}

    def fits(self, value: JsonValue) -> bool:
        """Tell whether a value fits as it is."""
        return self._validator.is_valid(value)

    def fitted(self, value: JsonValue) -> JsonValue:
        """Give a value in the forms of the schema if it fits then, else as it is."""
        if self.fits(value):
            return value
        changed, repairs = _formed(value, self._schema)
        if self.fits(changed):
            self.repairs |= dict.fromkeys(repairs)
            return changed
        return value

    def problem(self, value: JsonValue) -> str | None:
        """Say where a value does not fit, and why."""
        error = next(iter(self._validator.iter_errors(value)), None)
        return error and f"at {error.json_path}: {error.message[:PROBLEM_CHARS]}"


def _formed(value: JsonValue, schema: Schema) -> tuple[JsonValue, list[str]]:
    properties: Mapping[str, Any] = schema.get("properties", {})
    if not isinstance(value, dict):
        return value, []
    fields: dict[str, JsonValue] = {}
    repairs: list[str] = []
    for name, given in value.items():
        if name not in properties and schema.get("additionalProperties") is False:
            repairs.append(f"the unknown field `{name}` is left out")
            continue
        fields[name] = _value(given, properties.get(name, {}))
        if type(fields[name]) is not type(given) or fields[name] != given:
            repairs.append(f"the form of `{name}` is changed to that of the schema")
    return fields, repairs


def _value(given: JsonValue, schema: Any) -> JsonValue:
    """Give a value in the form that its schema wants, with the same letters and digits."""
    if not isinstance(schema, dict) or Draft202012Validator(schema).is_valid(given):
        return given
    kinds = schema.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    if isinstance(given, str):
        return _of_text(given.strip(), kinds, schema.get("enum", ()))
    if isinstance(given, int | float) and not isinstance(given, bool) and "string" in kinds:
        return str(given)
    return given


def _of_text(text: str, kinds: set[str], choices: Sequence[JsonValue]) -> JsonValue:
    if "integer" in kinds and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in kinds and _NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in kinds and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if "null" in kinds and text.lower() in ("", "null", "none"):
        return None
    same = (c for c in choices if isinstance(c, str) and c.casefold() == text.casefold())
    return next(same, text)
