"""One thread, one connection, group commit.

Every statement of the ledger runs on a single thread. What is waiting when the thread turns to its
queue is committed together, so that 64 answers at once cost one sync to disk and not 64.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
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
    """A piece of work, and who waits for it: a thread, or a coroutine of this loop."""

    gathering: Gathering[Any, Any]
    item: Any
    future: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None = None


def _one_by_one(connection: Connection, works: list[Callable[[Connection], Any]]) -> list[Any]:
    return [work(connection) for work in works]


SINGLE = Gathering(_one_by_one, place=0)


class Writer:
    """Runs work on the database in the order in which it came, but for what is gathered."""

    def __init__(self, engine: Engine, *, together: int = TOGETHER) -> None:
        self._engine = engine
        self._together = together
        self._connection: Connection | None = None
        self._ahead_s = 0.0
        self._outbox: list[Job] = []
        self._queue: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="ledger", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], Value]) -> "Future[Value]":
        """Queue work; its future ends when its transaction is committed.

        Work that fails is undone alone; for that it may be run twice, so it must touch nothing
        but the database.
        """
        future: Future[Value] = Future()
        self._queue.put([Job(SINGLE, work, future)])
        return future

    def gather(self, gathering: Gathering[Item, Value], item: Item) -> "asyncio.Future[Value]":
        """Queue work that is done together with all that waits of its kind.

        What the coroutines of the running loop ask for in one go is handed over, and answered, in
        one go: waking a thread or a loop for each would cost more than the work. Once queued it
        is done, even when the future is cancelled.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Value] = loop.create_future()
        if not self._outbox:
            loop.call_soon(self.flush)
        self._outbox.append(Job(gathering, item, future, loop))
        return future

    def flush(self) -> None:
        """Hand over what coroutines have queued; must be called in their thread."""
        if self._outbox:
            self._queue.put(self._outbox)
            self._outbox = []

    def now(self) -> float:
        """Give the time of day, by the database's clock where it has one that all share."""
        return time.time() + self._ahead_s

    def close(self) -> None:
        """Do what is queued, then end the thread and the connection.

        Flush before, where coroutines have queued work.
        """
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _serve(self) -> None:
        more = True
        while more:
            jobs, more = self._next()
            for at in range(0, len(jobs), self._together):
                self._commit(jobs[at : at + self._together])
        self._disconnect()

    def _next(self) -> tuple[list[Job], bool]:
        """Wait for work and take what is there; False when the last of it is the sign to end."""
        jobs: list[Job] = []
        some = self._queue.get()
        while some is not None:
            jobs.extend(some)
            if self._queue.empty():
                return jobs, True
            some = self._queue.get()
        return jobs, False

    def _commit(self, batch: list[Job]) -> None:
        """Run a batch in one transaction and tell how each piece of work ended."""
        jobs = [job for job in batch if _is_wanted(job)]
        jobs.sort(key=lambda job: job.gathering.place)
        try:
            outcomes = self._outcomes(jobs) if jobs else []
        except Exception as error:  # noqa: BLE001 - an edge: the callers must hear of it
            outcomes = [(None, error)] * len(jobs)
            self._disconnect()
        _tell(list(zip(jobs, outcomes, strict=True)))

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


def _is_wanted(job: Job) -> bool:
    """Leave out what a thread has cancelled in time."""
    return not isinstance(job.future, Future) or job.future.set_running_or_notify_cancel()


def _tell(ended: list[tuple[Job, Outcome]]) -> None:
    """Tell threads at once, and each loop in its own time."""
    for loop in {job.loop for job, _ in ended}:
        some = [(job.future, outcome) for job, outcome in ended if job.loop is loop]
        if loop is None:
            _finish(some)
        else:
            with suppress(RuntimeError):  # a loop that is closed waits for nothing
                loop.call_soon_threadsafe(_finish, some)


def _finish(ended: "list[tuple[Future[Any] | asyncio.Future[Any], Outcome]]") -> None:
    for future, (value, failure) in ended:
        if future.done():
            continue  # its waiter was cancelled
        if failure is None:
            future.set_result(value)
        else:
            future.set_exception(failure)
