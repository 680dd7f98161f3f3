"""Taking out of the ledger what has grown old, or what is to be forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, or_, select, union

from tasks.ledger.schema import (
    answers,
    attempts,
    deliveries,
    intake,
    plans,
    reservations,
    sharing,
    spending,
)

_ENDED = attempts.c.state.in_(("answered", "failed"))


@dataclass(frozen=True, slots=True)
class Removed:
    """How much was taken out; `files` are those that came by a folder."""

    answers: int
    attempts: int
    files: int


def prune(engine: Engine, *, before: float) -> Removed:
    """Take out answers, closed attempts and files older than a time in seconds since the epoch.

    So are the accounts of jobs untouched since then. Lost attempts stay, since without them what
    may have been billed would be bought again unasked.
    """
    with _erasing(engine) as connection:
        _delete(connection, deliveries, deliveries.c.came_at < before)
        removed = Removed(
            answers=_delete(connection, answers, answers.c.answered_at < before),
            attempts=_delete(connection, attempts, _ENDED & (attempts.c.closed_at < before)),
            files=_delete(connection, intake, intake.c.closed_at < before),
        )
        _delete(connection, reservations, reservations.c.made_at < before)
        _delete(connection, spending, spending.c.touched_at < before)
        _forget_sharing(connection)
        _forget_plans(connection, before)
    return removed


def forget(engine: Engine, document: str) -> Removed:
    """Take out every answer given for a document, and its attempts but those in flight.

    Answers that it shares with another document go as well. So do the intake's rows on the file,
    but where it still lies in its folder: without its row it would be paid for again. What is in
    flight is kept when it is answered: forget again when no run is at work on the document.
    """
    shared = select(sharing.c.key).where(sharing.c.document == document)
    its_tasks = select(attempts.c.task_uuid).where(attempts.c.document == document)
    with _erasing(engine) as connection:
        _delete(connection, deliveries, deliveries.c.task_uuid.in_(its_tasks))
        removed = Removed(
            answers=_delete(
                connection,
                answers,
                or_(answers.c.document == document, answers.c.key.in_(shared)),
            ),
            attempts=_delete(
                connection,
                attempts,
                (attempts.c.document == document) & (_ENDED | (attempts.c.state == "unknown")),
            ),
            files=_delete(
                connection,
                intake,
                (intake.c.digest == document) & intake.c.closed_at.is_not(None),
            ),
        )
        _delete(connection, sharing, sharing.c.document == document)
        _delete(connection, plans, plans.c.document == document)
        _forget_sharing(connection)
    return removed


@contextmanager
def _erasing(engine: Engine) -> Iterator[Connection]:
    """Write so that of what is taken out no copy stays in SQLite's files."""
    on_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if on_sqlite:
            _pragma(connection, "secure_delete = ON")
        with connection.begin():
            yield connection
        if on_sqlite:
            _pragma(connection, "wal_checkpoint(TRUNCATE)")


def _pragma(connection: Connection, pragma: str) -> None:
    """Run a pragma that has no place in a transaction."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _delete(connection: Connection, table: Table, where: ColumnElement[Any]) -> int:
    return connection.execute(delete(table).where(where)).rowcount


def _forget_sharing(connection: Connection) -> None:
    """Leave no note on answers that are no longer there."""
    _delete(connection, sharing, sharing.c.key.not_in(select(answers.c.key)))


def _forget_plans(connection: Connection, before: float) -> None:
    """Leave no plan of a document of which nothing is known any more."""
    known = union(
        select(answers.c.document), select(attempts.c.document), select(sharing.c.document)
    )
    _delete(connection, plans, (plans.c.made_at < before) & plans.c.document.not_in(known))
