"""Read the JSON Schema that a system prompt asks for, without fetching anything for it."""

import json
import re
from collections.abc import Mapping
from typing import Any

_FENCE = re.compile(r"^```json[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})
_DEEPEST_REFERENCE = 8

Part = Mapping[str, Any]


class Schema:
    """A schema, whose local references are followed and whose remote ones are not."""

    def __init__(self, root: Part) -> None:
        from jsonschema import Draft202012Validator
        from referencing import Registry

        self.root = root
        # An empty registry: the default one would fetch remote references from the network.
        self._validator = Draft202012Validator(root, registry=Registry())

    def resolved(self, raw: Any) -> Part:
        """Follow local references, and step into the first branch that is not null."""
        part = raw
        for _ in range(_DEEPEST_REFERENCE):
            if not isinstance(part, dict):
                return {}
            branches = part.get("anyOf") or part.get("oneOf")
            if "$ref" in part:
                part = self._pointed(part["$ref"])
            elif branches:
                part = next((branch for branch in branches if branch != {"type": "null"}), {})
            else:
                return part
        return {}

    def allows(self, part: Part, value: Any) -> bool:
        """Tell whether a value keeps every rule of a part of the schema."""
        from referencing.exceptions import Unresolvable

        try:
            return bool(self._validator.evolve(schema=part).is_valid(value))
        except (Unresolvable, RecursionError):
            return False

    def _pointed(self, reference: str) -> Any:
        if not reference.startswith("#"):
            return None
        part: Any = self.root
        for step in filter(None, reference[1:].split("/")):
            part = part.get(step) if isinstance(part, dict) else None
        return part


def find_schema(system_prompt: str) -> Schema | None:
    """Give the first fenced JSON block that is a JSON Schema."""
    for block in _FENCE.findall(system_prompt.replace("\r\n", "\n")):
        try:
            found = json.loads(block)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and _is_schema(found):
            return Schema(found)
    return None


def _is_schema(found: dict[str, Any]) -> bool:
    from jsonschema import Draft202012Validator, SchemaError

    kind = found.get("type")
    named = isinstance(kind, str) and kind in _TYPES
    if not named and not isinstance(found.get("properties"), dict):
        return False
    try:
        Draft202012Validator.check_schema(found)
    except (SchemaError, RecursionError):
        return False
    return True


def type_of(part: Part) -> str | None:
    """Give the type of a part, other than null."""
    kind = part.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), None)
    return kind or ("object" if "properties" in part else None)


def is_nullable(raw: Any) -> bool:
    """Tell whether null fits a part, references not followed."""
    if not isinstance(raw, dict):
        return False
    branches = raw.get("anyOf") or raw.get("oneOf") or ()
    kind = raw.get("type")
    return "null" in (kind if isinstance(kind, list) else [kind]) or {"type": "null"} in branches
