"""Statements for the hot path: compiled once, run without ceremony.

To run a statement that takes SQLite 5 µs, SQLAlchemy takes 50: for results, events and caches
that the few statements of every inference task do not need.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]
Insert = Callable[..., Any]


class Prepared:
    """A statement for either database; its parameters are given by name."""

    def __init__(self, build: Callable[[Insert], ClauseElement]) -> None:
        """Take a function that makes the statement with its database's own `insert`."""
        self._build = build
        self._texts: dict[str, tuple[str, Values]] = {}

    def rows(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Run a query and give its rows."""
        text, constants = self._text(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, {**constants, **values})
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def run(self, connection: Connection, **values: Any) -> int:
        """Run a change and give how many rows it met."""
        text, constants = self._text(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, {**constants, **values})
            return cursor.rowcount
        finally:
            cursor.close()

    def each(self, connection: Connection, many: Iterable[Values]) -> None:
        """Run a change once for each set of values."""
        sets = list(many)
        if not sets:
            return
        text, constants = self._text(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(text, [{**constants, **values} for values in sets])
        finally:
            cursor.close()

    def _text(self, dialect: Dialect) -> tuple[str, Values]:
        found = self._texts.get(dialect.name)
        if found is None:
            of_postgresql = dialect.name == "postgresql"
            statement = self._build(postgresql.insert if of_postgresql else sqlite.insert)
            compiled = statement.compile(dialect=dialect)
            constants = {k: v for k, v in compiled.params.items() if v is not None}
            found = self._texts[dialect.name] = str(compiled), constants
        return found
