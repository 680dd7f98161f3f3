"""One thread, one connection, group commit.

Every statement of the ledger runs on a single thread. What is waiting when the thread turns to its
queue is committed together, so that 64 answers at once cost one sync to disk and not 64.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from tasks.ledger.engine import ahead_s

Item = TypeVar("Item")
Value = TypeVar("Value")
Outcome = tuple[Any, Exception | None]

TOGETHER = 256
"""How many pieces of work are committed together at most."""


@dataclass(frozen=True, slots=True)
class Gathering(Generic[Item, Value]):
    """Does all pieces of work of one kind that wait, with few statements; gives a value each."""

    do: Callable[[Connection, list[Item]], list[Value]]
    place: int
    """In a transaction, lower places come first; what is not gathered has place 0."""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work, and who waits for it."""

    gathering: Gathering[Any, Any]
    item: Any
    future: Future[Any]


def _one_by_one(connection: Connection, works: list[Callable[[Connection], Any]]) -> list[Any]:
    return [work(connection) for work in works]


_SINGLE = Gathering(_one_by_one, place=0)


class Writer:
    """Runs work on the database in the order in which it came, but for what is gathered."""

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
        return self.gather(_SINGLE, work)

    def gather(self, gathering: Gathering[Item, Value], item: Item) -> "Future[Value]":
        """Queue work that is done together with all that waits of its kind."""
        future: Future[Value] = Future()
        self._queue.put(Job(gathering, item, future))
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
        jobs = [job for job in batch if job.future.set_running_or_notify_cancel()]
        jobs.sort(key=lambda job: job.gathering.place)
        try:
            outcomes = self._outcomes(jobs) if jobs else []
        except Exception as error:  # noqa: BLE001 - an edge: the callers must hear of it
            outcomes = [(None, error)] * len(jobs)
            self._disconnect()
        for job, (value, failure) in zip(jobs, outcomes, strict=True):
            if failure is None:
                job.future.set_result(value)
            else:
                job.future.set_exception(failure)

    def _outcomes(self, jobs: list[Job]) -> list[Outcome]:
        try:
            return self._transact(lambda connection: _at_once(connection, jobs))
        except Exception:  # noqa: BLE001 - all is undone: who fails again fails alone
            self._disconnect()
            return self._transact(lambda connection: [_fenced(connection, job) for job in jobs])

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


def _at_once(connection: Connection, jobs: list[Job]) -> list[Outcome]:
    """Do jobs of one kind together; what one of them raises is for none of them."""
    outcomes: list[Outcome] = []
    for gathering, some in groupby(jobs, key=lambda job: job.gathering):
        values = gathering.do(connection, [job.item for job in some])
        outcomes.extend((value, None) for value in values)
    return outcomes


def _fenced(connection: Connection, job: Job) -> Outcome:
    try:
        with connection.begin_nested():
            (value,) = job.gathering.do(connection, [job.item])
            return value, None
    except Exception as error:  # noqa: BLE001 - an edge: handed to the caller by its future
        return None, error
