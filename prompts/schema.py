"""The JSON Schema of an answer: where its records are, and what fields they have."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def list_field(schema: Schema) -> str | None:
    """Name the field that holds the list of records, if the schema has exactly one such."""
    fields = schema.get("properties", {})
    lists = [name for name, field in fields.items() if field.get("type") == "array"]
    return lists[0] if len(fields) == len(lists) == 1 else None


def record_schema(schema: Schema) -> Schema:
    """Give the schema of one record."""
    name = list_field(schema)
    items: Schema = schema["properties"][name].get("items", {}) if name else schema
    return items


def record_fields(schema: Schema) -> tuple[str, ...]:
    """Name the fields of one record, in the schema's order."""
    return tuple(record_schema(schema).get("properties", {"value": {}}))
