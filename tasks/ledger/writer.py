"""One thread, one connection, group commit.

Every statement of the ledger runs on a single thread. What is waiting when the thread turns to its
queue is committed together, so that 64 answers at once cost one sync to disk and not 64.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from tasks.core.errors import ConfigError

Value = TypeVar("Value")
Work = Callable[[Connection], Any]

BUSY_TIMEOUT_MS = 30_000
"""How long SQLite waits for another process's transaction."""


def open_engine(url: str) -> Engine:
    """Open a SQLite database, made with mode 0600, WAL and full sync; ConfigError for others."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("DOCMILL_LEDGER is no SQLAlchemy URL, as in sqlite:////path") from None
    if parsed.get_backend_name() != "sqlite":
        raise ConfigError("DOCMILL_LEDGER must be a sqlite URL, as in sqlite:////path/ledger.db")
    _prepare_file(parsed.database)
    engine = create_engine(parsed, hide_parameters=True)  # no text of documents in errors
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare_file(database: str | None) -> None:
    if database and database != ":memory:":
        path = Path(database)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)


def _on_connect(connection: Any, _record: object) -> None:
    """Leave transactions to SQLAlchemy and make each commit outlive a power cut."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


class Writer:
    """Runs work on the database in the order in which it came."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="ledger", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], Value]) -> "Future[Value]":
        """Queue work; its future ends when its transaction is committed."""
        future: Future[Value] = Future()
        self._queue.put((work, future))
        return future

    def close(self) -> None:
        """Do what is queued, then end the thread and the connection."""
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _serve(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, more = self._drain(first)
            self._commit(batch)
            if not more:
                return

    def _drain(
        self, first: tuple[Work, Future[Any]]
    ) -> tuple[list[tuple[Work, Future[Any]]], bool]:
        """Take all that waits; False when the last of it is the sign to end."""
        batch = [first]
        while not self._queue.empty():
            item = self._queue.get()
            if item is None:
                return batch, False
            batch.append(item)
        return batch, True

    def _commit(self, batch: list[tuple[Work, Future[Any]]]) -> None:
        """Run a batch in one transaction; work that fails is undone alone."""
        outcomes: list[tuple[Future[Any], Any, Exception | None]] = []
        try:
            with self._engine.begin() as connection:
                for work, future in batch:
                    outcomes.append((future, *_attempt(work, connection)))
        except Exception as error:  # noqa: BLE001 - an edge: the callers must hear of it
            outcomes = [(future, None, error) for _, future in batch]
        for future, value, failure in outcomes:
            if not future.set_running_or_notify_cancel():
                continue
            if failure is None:
                future.set_result(value)
            else:
                future.set_exception(failure)


def _attempt(work: Work, connection: Connection) -> tuple[Any, Exception | None]:
    try:
        with connection.begin_nested():
            return work(connection), None
    except Exception as error:  # noqa: BLE001 - an edge: handed to the caller by its future
        return None, error
