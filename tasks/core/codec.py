"""Values as JSON and back, without loss."""

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

Value = TypeVar("Value")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def prepare(*kinds: type) -> None:
    """Make ready for values of these kinds; it takes some milliseconds each, the first time."""
    for kind in kinds:
        _adapter(kind)


def to_json(value: object) -> bytes:
    """Write a value, such as those that the stages hand on, as UTF-8 JSON."""
    return _adapter(type(value)).dump_json(value)  # type: ignore[arg-type]  # types do hash


def from_json(kind: type[Value], data: bytes | str) -> Value:
    """Read back what `to_json` wrote; ValueError where the data does not fit the kind."""
    return _adapter(kind).validate_json(data)  # type: ignore[arg-type,no-any-return]  # types do hash
