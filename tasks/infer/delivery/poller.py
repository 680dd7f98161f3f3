"""Fetching answers by `getResponse`: one loop asks for all that is awaited, many tasks to a POST.

An answer that is fetched late holds a place that another task could have, and a poll too many
burdens the provider. So a task is first asked for shortly before the quickest of late would have
been answered, and from then on when it has grown older by a small share. All that is soon due is
asked for together.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tasks.core.errors import TransientError
from tasks.infer.connection import QUICK_S, Connection, Reply
from tasks.infer.delivery.delivery import Clock, Sleep, Task, lost
from tasks.infer.delivery.poll import Word, read_poll
from tasks.infer.wire.received import WireResult

TICK_S = 0.1
"""How long the loop sleeps at most, so that a new task does not wait for an old one's turn."""

LEAD = 0.8
"""Share of the quickest task's time after which others are first asked for."""

OF_LATE = 32
"""Tasks whose times are remembered."""

STRAIN_MOST = 16.0
"""How many times longer the waits get at most while polls are not served."""

TOO_MANY = frozenset({400, 413})
"""What a server may say to a POST of more tasks than it takes."""

SLACK = 0.5
"""Share of its wait by which a task is asked for early, when others are due."""

Found = tuple[WireResult, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollTimes:
    """When to ask, and when to stop asking.

    `first_s` is before the first poll and between polls until it is known how long tasks take; from
    then on they are at least `shortest_s` apart. `unknown_after_s` is for a task of which nothing
    shows; `hidden_s` for one sent by `sync` or `stream`, which may be hidden while it runs.
    """

    first_s: float = 0.5
    shortest_s: float = 0.1
    share_of_age: float = 0.05
    longest_s: float = 10.0
    unknown_after_s: float = 10.0
    hidden_s: float = 600.0
    silence_s: float = 300.0
    deadline_s: float = 1800.0
    tasks_per_post: int = 50


@dataclass(slots=True, eq=False)
class _Watch:
    """A task that is waited for; all times are those of the poller's clock."""

    task: Task
    answer: "asyncio.Future[Found]"
    unknown_after_s: float
    began: float
    due: float
    wait_s: float
    heard: float
    seen: float
    is_new: bool
    was_seen: bool = False

    def end(self, outcome: "Found | Exception") -> None:
        """Hand over what came of the task."""
        if self.answer.done():
            return
        if isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


class Poller:
    """Fetches the answers of all tasks that were sent over one connection."""

    def __init__(
        self,
        connection: Connection,
        *,
        times: PollTimes = PollTimes(),  # frozen
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.times = times
        self._connection = connection
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._took_s: deque[float] = deque(maxlen=OF_LATE)
        self._at_most = times.tasks_per_post
        self._strain = 1.0
        self._watches: dict[str, _Watch] = {}
        self._loop: asyncio.Task[None] | None = None

    async def find(
        self, task: Task, *, soon: bool = False, unknown_after_s: float | None = None
    ) -> Found:
        """Give a task's answers; None when the provider does not know it. `soon`: ask at once.

        EndedError or RejectedError when it failed, LostError when it was known and is no more,
        TransientError when it takes longer than we wait.
        """
        now = self._clock()
        first = 0.0 if soon else self._first_s()
        patience = self.times.unknown_after_s if unknown_after_s is None else unknown_after_s
        watch = _Watch(
            task=task,
            answer=asyncio.get_running_loop().create_future(),
            unknown_after_s=patience,
            began=now,
            due=now + first,
            wait_s=first,
            heard=now,
            seen=now,
            is_new=not soon,
        )
        self._watches[task.task_uuid] = watch
        self._start()
        try:
            return await watch.answer
        finally:
            self._forget(watch)

    async def fetch(self, task: Task) -> tuple[WireResult, ...]:
        """Give the answers of a task that the provider has for certain, though it may hide it.

        LostError when it shows nothing of the task for as long as any task may take.
        """
        found = await self.find(task, soon=True, unknown_after_s=self.times.hidden_s)
        if found is None:
            raise lost(task, "has had the task before")
        return found

    def _start(self) -> None:
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._serve())

    def _forget(self, watch: _Watch) -> None:
        self._watches.pop(watch.task.task_uuid, None)
        if not self._watches and self._loop is not None:
            self._loop.cancel()
            self._loop = None

    async def _serve(self) -> None:
        """Poll while anything is awaited; a fault of ours reaches those who wait."""
        try:
            while self._watches:
                now = self._clock()
                if due := self._due(now):
                    await self._poll(due)
                else:
                    soonest = min(watch.due for watch in self._watches.values())
                    await self._sleep(min(soonest - now, TICK_S))
        except Exception as error:  # noqa: BLE001 # an edge: it would be lost in a task of its own
            for watch in self._watches.values():
                watch.end(error)

    def _due(self, now: float) -> list[_Watch]:
        """Give what to ask for now: when anything is due, also what soon will be."""
        open_ = [watch for watch in self._watches.values() if not watch.answer.done()]
        if not any(watch.due <= now for watch in open_):
            return []
        near = [watch for watch in open_ if watch.due - SLACK * watch.wait_s <= now]
        return sorted(near, key=lambda watch: watch.due)[: self._at_most]

    async def _poll(self, due: Sequence[_Watch]) -> None:
        asked = [{"taskType": "getResponse", "taskUUID": w.task.task_uuid} for w in due]
        try:
            reply: Reply | None = await self._connection.post(asked, timeout_s=QUICK_S)
        except TransientError:
            reply = None
        self._bear(reply, len(due))
        now = self._clock()
        for watch in due:
            if reply is not None:
                self._hear(watch, reply, now)
            self._give_up(watch, now)
            watch.wait_s = self._wait_s(now - watch.began)
            watch.due = now + watch.wait_s * (0.9 + 0.2 * self._jitter())

    def _bear(self, reply: Reply | None, tasks: int) -> None:
        """Ask less often while polls are not served, for fewer where that may be why."""
        if reply is not None and reply.status == 200:
            self._strain = 1.0
            return
        self._strain = min(2 * self._strain, STRAIN_MOST)
        if reply is not None and reply.status in TOO_MANY and tasks > 1:
            self._at_most = tasks // 2

    def _first_s(self) -> float:
        """Say after how long a new task is first asked for."""
        return LEAD * min(self._took_s) if self._took_s else self.times.first_s

    def _wait_s(self, age_s: float) -> float:
        """Say how long to wait before a task of this age is asked for again."""
        least_s = self.times.shortest_s if self._took_s else self.times.first_s
        wait_s = max(self.times.share_of_age * age_s, least_s) * self._strain
        return min(wait_s, self.times.longest_s)

    def _hear(self, watch: _Watch, reply: Reply, now: float) -> None:
        """Take what a poll says of one task."""
        said = read_poll(watch.task, reply)
        if said.word is Word.NOTHING:
            return
        watch.heard = now
        if said.word is Word.RUNNING:
            watch.seen, watch.was_seen = now, True
        late = now - watch.seen >= watch.unknown_after_s
        if said.word is Word.ABSENT and late and not watch.was_seen:
            watch.end(None)
        elif said.word is Word.GONE or (said.word is Word.ABSENT and late):
            watch.end(lost(watch.task, "took the task"))
        elif said.word is Word.ENDED or (said.word is Word.STUCK and late):
            if watch.is_new and said.answered:
                self._took_s.append(now - watch.began)
            watch.end(said.outcome(watch.task))

    def _give_up(self, watch: _Watch, now: float) -> None:
        """Stop waiting for a provider that is silent, or for a task that never ends."""
        uuid = watch.task.task_uuid
        if now - watch.heard >= self.times.silence_s:
            why = f"no poll was answered for {self.times.silence_s:g} s"
        elif now - watch.began >= self.times.deadline_s:
            why = f"still not answered after {self.times.deadline_s:g} s"
        else:
            return
        watch.end(TransientError(f"{why}: a later run picks it up (task {uuid})", task_uuid=uuid))
