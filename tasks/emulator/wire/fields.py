"""Check the fields of raw JSON objects, one table of fields per object."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tasks.emulator.refusal import RefusedError, invalid, missing

Check = Callable[[object, str], Any]
"""Takes a value and its path; gives the value as it is used, or raises RefusedError."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that an object may hold, and what it must be."""

    name: str
    check: Check
    required: bool = False
    default: Any = None


class Table:
    """The fields of one kind of object; made once, since the names are looked up for each task."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self.names = frozenset(field.name for field in fields)

    def __add__(self, other: "Table") -> "Table":
        return Table(*self.fields, *other.fields)


def read(raw: Mapping[str, object], table: Table, *, under: str = "") -> dict[str, Any]:
    """Check an object against its table and give all its fields, defaults put in.

    Unknown names are refused first, since a misspelt name is why a required one is missing.
    """
    if not table.names.issuperset(raw):
        raise unknown(under + next(name for name in raw if name not in table.names))
    return {field.name: _value(raw, field, under) for field in table.fields}


def unknown(path: str, hint: str = "") -> RefusedError:
    """Make the error for a field that the object does not have."""
    return RefusedError(
        "unknownParameter", f"'{path}' is not a parameter here.{hint}", parameter=path
    )


def _value(raw: Mapping[str, object], field: Field, under: str) -> Any:
    if field.name in raw:
        return field.check(raw[field.name], under + field.name)
    if field.required:
        raise missing(under + field.name)
    return field.default


def constant(*allowed: str) -> Check:
    """Demand one of some strings."""
    demand = " or ".join(f"'{value}'" for value in allowed)

    def check(value: object, path: str) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise invalid(path, demand, value)
        return value

    return check


def string(low: int, high: int | None = None) -> Check:
    """Demand a string of `low` to `high` characters."""
    demand = f"a string of at least {low} character{'s' * (low != 1)}"
    demand += f" and at most {high}" if high is not None else ""

    def check(value: object, path: str) -> str:
        if not isinstance(value, str):
            raise invalid(path, demand, value)
        if len(value) < low or (high is not None and len(value) > high):
            raise RefusedError(
                invalid(path, "", None).code,
                f"'{path}' must be {demand}; it has {len(value)}.",
                parameter=path,
            )
        return value

    return check


def integer(low: int, high: int) -> Check:
    """Demand an integer from `low` to `high`; neither a float nor a boolean is one."""

    def check(value: object, path: str) -> int:
        if type(value) is not int or not low <= value <= high:
            raise invalid(path, f"an integer from {low} to {high}", value)
        return value

    return check


def decimal(low: float, high: float, *, step: float | None = None) -> Check:
    """Demand a number from `low` to `high`, on the step if there is one."""
    demand = f"a number from {low:g} to {high:g}" + (f" in steps of {step:g}" if step else "")

    def check(value: object, path: str) -> float:
        if type(value) not in (int, float) or not low <= value <= high:  # type: ignore[operator] # narrowed by type()
            raise invalid(path, demand, value)
        number = float(value)  # type: ignore[arg-type] # narrowed by type()
        if step is not None and not _on_step(number, step):
            raise invalid(path, demand, value)
        return number

    return check


def _on_step(number: float, step: float) -> bool:
    # 0.07 % 0.01 is not 0 in binary floats, so compare with the nearest multiple instead.
    steps = number / step
    return math.isclose(steps, round(steps), rel_tol=0.0, abs_tol=1e-6)


def boolean(value: object, path: str) -> bool:
    """Demand true or false."""
    if not isinstance(value, bool):
        raise invalid(path, "true or false", value)
    return value


def uuid_v4(value: object, path: str) -> str:
    """Demand a UUID of version 4 in its usual form of 36 characters."""
    try:
        parsed = UUID(value) if isinstance(value, str) else None
    except ValueError:
        parsed = None
    if parsed is None or parsed.version != 4 or str(parsed) != str(value).lower():
        raise invalid(path, "a UUID v4", value)
    return str(parsed)


def array(value: object, path: str) -> list[Any]:
    """Demand an array."""
    if not isinstance(value, list):
        raise invalid(path, "an array", value)
    return value


def mapping(value: object, path: str) -> dict[str, Any]:
    """Demand an object."""
    if not isinstance(value, dict):
        raise invalid(path, "an object", value)
    return value
