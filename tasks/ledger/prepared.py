"""Statements for the hot path: compiled once, run without ceremony.

To run a statement that takes SQLite 5 µs, SQLAlchemy takes 50: for results, events and caches
that the few statements of every inference task do not need. Nor do they go to the database one by
one: a query takes lists, and `each` sends its many changes in one go.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ClauseElement,
    Column,
    ColumnElement,
    Connection,
    String,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the two kinds of database say differently."""

    insert: Callable[..., Any]
    among: Callable[[Column[Any], str], ColumnElement[bool]]
    """Whether a text column's value is in the list that the named parameter holds."""


def _among_json(column: Column[Any], name: str) -> ColumnElement[bool]:
    return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))


def _among_array(column: Column[Any], name: str) -> ColumnElement[bool]:
    return column == any_(bindparam(name, type_=postgresql.ARRAY(String)))


KINDS = {
    "sqlite": Kind(sqlite.insert, _among_json),
    "postgresql": Kind(postgresql.insert, _among_array),
}


class Prepared:
    """A statement for either database; its parameters are given by name."""

    def __init__(self, build: Callable[[Kind], ClauseElement]) -> None:
        """Take a function that makes the statement for a kind of database."""
        self._build = build
        self._texts: dict[str, tuple[str, Values]] = {}

    def rows(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Run a query and give its rows."""
        text, constants = self._text(connection)
        if connection.dialect.name == "sqlite":
            values = {name: _json_list(value) for name, value in values.items()}
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, {**constants, **values})
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def run(self, connection: Connection, **values: Any) -> int:
        """Run a change and give how many rows it met."""
        text, constants = self._text(connection)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, {**constants, **values})
            return cursor.rowcount
        finally:
            cursor.close()

    def each(self, connection: Connection, many: Iterable[Values]) -> None:
        """Run a change once for each set of values."""
        text, constants = self._text(connection)
        sets = [{**constants, **values} for values in many]
        if not sets:
            return
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(text, sets)
        finally:
            cursor.close()

    def _text(self, connection: Connection) -> tuple[str, Values]:
        dialect = connection.dialect
        found = self._texts.get(dialect.name)
        if found is None:
            compiled = self._build(KINDS[dialect.name]).compile(dialect=dialect)
            constants = {k: v for k, v in compiled.params.items() if v is not None}
            found = self._texts[dialect.name] = str(compiled), constants
        return found


def _json_list(value: Any) -> Any:
    """Give a list as SQLite can unfold it."""
    return json.dumps(value) if isinstance(value, list) else value
