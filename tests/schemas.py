"""Schemas of replies, as recipes for records have them: an object with one list of records."""

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
SOME_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
NUMBER: dict[str, Any] = {"type": "number"}
PAGE: dict[str, Any] = {"type": ["integer", "null"]}


def listing(
    name: str, fields: dict[str, Any], *required: str, strict: bool = True, **more: Any
) -> dict[str, Any]:
    """Make the schema of a list of records; a strict one allows no other fields.

    `more` are keywords of the list itself.
    """
    only = {"additionalProperties": False} if strict else {}
    item = {"type": "object", "properties": fields, "required": list(required), **only}
    array = {"type": "array", "items": item, **more}
    return {"type": "object", "properties": {name: array}, "required": [name], **only}
