"""Looking into the ledger: what was asked, what it cost, and what was lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, func, select
from sqlalchemy.exc import OperationalError

from tasks.ledger.engine import READING, open_engine, prepare, unreachable
from tasks.ledger.reservations import NANO
from tasks.ledger.schema import answers, attempts, reservations

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The attempts of one provider and model that are in one state.

    `usd` is what they cost as far as they have ended; what may be billed counts at its worst.
    """

    provider: str
    model: str
    state: str
    attempts: int
    tokens: int
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the ledger holds."""

    totals: tuple[Totals, ...]
    answers: int
    usd: float
    lost_usd: float
    reservations: int
    reserved_usd: float
    reserved_tokens: int
    size_bytes: int


@contextmanager
def open_books(url: str, *, create: bool = False) -> Iterator[Engine]:
    """Open a ledger that is there, or make one on demand; ConfigError when there is none."""
    engine = open_engine(url, create=create)
    try:
        with engine.begin() as connection:
            prepare(connection)
        yield engine
    except OperationalError as error:
        raise unreachable(url, error) from None
    finally:
        engine.dispose()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give one view of the ledger that holds up nobody."""
    with (
        engine.connect().execution_options(**{READING: True}) as connection,
        connection.begin(),
    ):
        yield connection


def balance(connection: Connection) -> Books:
    """Add up what the ledger holds."""
    totals = tuple(_totals(connection))
    promised = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(reservations.c.nano_usd), 0),
            func.coalesce(func.sum(reservations.c.tokens), 0),
        ).select_from(reservations)
    ).one()
    return Books(
        totals=totals,
        answers=connection.scalar(select(func.count()).select_from(answers)) or 0,
        usd=sum(each.usd for each in totals),
        lost_usd=sum(each.usd for each in totals if each.state == "unknown"),
        reservations=promised[0],
        reserved_usd=float(promised[1]) / NANO,
        reserved_tokens=int(promised[2]),
        size_bytes=_size_bytes(connection),
    )


def lost_attempts(connection: Connection) -> Iterator[dict[str, Any]]:
    """Give the attempts that may have been billed and have no answer, the oldest first."""
    lost = select(attempts).where(attempts.c.state == "unknown").order_by(attempts.c.closed_at)
    return (dict(row) for row in connection.execute(lost).mappings())


def all_rows(connection: Connection, *, texts: bool = False) -> Iterator[dict[str, Any]]:
    """Give every attempt and answer as they lie in the ledger, the answers' texts on demand."""
    without = () if texts else (answers.c.text, answers.c.thoughts)
    shown = [column for column in answers.c if column not in set(without)]
    yield from _rows(connection, attempts, select(attempts).order_by(attempts.c.sent_at))
    yield from _rows(connection, answers, select(*shown).order_by(answers.c.answered_at))


def _rows(connection: Connection, table: Table, query: Select[Any]) -> Iterator[dict[str, Any]]:
    kind = {"attempts": "attempt", "answers": "answer"}[table.name]
    streaming = connection.execution_options(yield_per=ROWS_AT_ONCE)
    for row in streaming.execute(query).mappings():
        yield {"kind": kind, **row}


def _totals(connection: Connection) -> Iterator[Totals]:
    by = attempts.c.provider, attempts.c.model, attempts.c.state
    sums = [
        func.count(),
        func.coalesce(func.sum(attempts.c.tokens), 0),
        func.coalesce(func.sum(attempts.c.cost_usd), 0.0),
    ]
    for row in connection.execute(select(*by, *sums).group_by(*by).order_by(*by)):
        provider, model, state, count, tokens, usd = row
        yield Totals(
            provider=provider,
            model=model,
            state=state,
            attempts=count,
            tokens=int(tokens),
            usd=usd,
        )


def _size_bytes(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar()
        return int(size or 0)
    file = Path(str(connection.engine.url.database))
    parts = [file.with_name(file.name + suffix) for suffix in ("", "-wal", "-shm")]
    return sum(part.stat().st_size for part in parts if part.exists())
