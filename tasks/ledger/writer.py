"""One thread, one connection, group commit.

Every statement of the ledger runs on a single thread. What is waiting when the thread turns to its
queue is committed together, so that 64 answers at once cost one sync to disk and not 64.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from tasks.ledger.engine import ahead_s

Value = TypeVar("Value")
Work = Callable[[Connection], Any]
Job = tuple[Work, Future[Any]]
Outcome = tuple[Any, Exception | None]

TOGETHER = 256
"""How many pieces of work are committed together at most."""


class Writer:
    """Runs work on the database in the order in which it came."""

    def __init__(self, engine: Engine, *, together: int = TOGETHER) -> None:
        self._engine = engine
        self._together = together
        self._connection: Connection | None = None
        self._ahead_s = 0.0
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="ledger", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], Value]) -> "Future[Value]":
        """Queue work; its future ends when its transaction is committed.

        Work that fails is undone alone; for that it may be run twice, so it must touch nothing
        but the database.
        """
        future: Future[Value] = Future()
        self._queue.put((work, future))
        return future

    def now(self) -> float:
        """Give the time of day, by the database's clock where it has one that all share."""
        return time.time() + self._ahead_s

    def close(self) -> None:
        """Do what is queued, then end the thread and the connection."""
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _serve(self) -> None:
        more = True
        while more:
            batch, more = self._next()
            self._commit(batch)
        self._disconnect()

    def _next(self) -> tuple[list[Job], bool]:
        """Wait for work and take what is there; False when the last of it is the sign to end."""
        item = self._queue.get()
        batch: list[Job] = []
        while item is not None:
            batch.append(item)
            if len(batch) == self._together or self._queue.empty():
                return batch, True
            item = self._queue.get()
        return batch, False

    def _commit(self, batch: list[Job]) -> None:
        """Run a batch in one transaction and tell how each piece of work ended."""
        jobs = [job for job in batch if job[1].set_running_or_notify_cancel()]
        if not jobs:
            return
        works = [work for work, _ in jobs]
        try:
            outcomes = self._outcomes(works)
        except Exception as error:  # noqa: BLE001 - an edge: the callers must hear of it
            outcomes = [(None, error)] * len(jobs)
            self._disconnect()
        for (_, future), (value, failure) in zip(jobs, outcomes, strict=True):
            if failure is None:
                future.set_result(value)
            else:
                future.set_exception(failure)

    def _outcomes(self, works: list[Work]) -> list[Outcome]:
        try:
            return self._transact(lambda connection: [(work(connection), None) for work in works])
        except Exception:  # noqa: BLE001 - all is undone: who fails again fails alone
            self._disconnect()
            return self._transact(lambda connection: [_fenced(w, connection) for w in works])

    def _transact(self, body: Callable[[Connection], list[Outcome]]) -> list[Outcome]:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            self._ahead_s = ahead_s(self._connection)
            return body(self._connection)

    def _disconnect(self) -> None:
        """Let the connection go: after an error none knows what state it is in."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _fenced(work: Work, connection: Connection) -> Outcome:
    try:
        with connection.begin_nested():
            return work(connection), None
    except Exception as error:  # noqa: BLE001 - an edge: handed to the caller by its future
        return None, error
