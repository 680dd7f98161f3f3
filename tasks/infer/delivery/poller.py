"""Fetching answers by `getResponse`: one loop asks for all that is awaited, many tasks to a POST.

An answer that lies ready holds a place that another task could have, and a poll too many burdens
the provider. So from how long tasks took of late it is reckoned how long all that may lie ready by
now has lain there, and when that is worth a POST, it is asked for. That POSTs are the rarer the
longer tasks take follows. Of what nothing is known, as of a task that takes longer than any of
late, is asked when it has grown older by a share.
"""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.core.errors import TransientError
from tasks.infer.connection import QUICK_S, Connection, Reply
from tasks.infer.delivery.ages import STEP, Ages
from tasks.infer.delivery.delivery import Clock, Sleep, Task, lost
from tasks.infer.delivery.pace import Pace
from tasks.infer.delivery.poll import Word, read_poll
from tasks.infer.wire.received import WireResult

WORTH = 0.006
"""A POST is worth that answers have lain ready for this share of a typical task's time in all."""

PRECISION = 0.005
"""Share of a typical task's time after which it is reckoned again."""

REST = 0.01
"""Share of a typical task's time that two POSTs are apart at least."""

LOOK_S = 0.1
"""After this it is reckoned again in any case, so that a new task does not wait for an old one."""

Found = tuple[WireResult, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollTimes:
    """When to ask, and when to stop asking.

    Until it is known how long tasks take, one is asked for after `first_s` and when it has grown
    older by `share_unknown`. No two POSTs are less than `shortest_s` apart. `unknown_after_s` is
    for a task of which nothing shows; `hidden_s` for one sent by `sync` or `stream`, which may be
    hidden while it runs.
    """

    first_s: float = 0.2
    shortest_s: float = 0.01
    share_unknown: float = 0.15
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
    heard: float
    seen: float
    is_new: bool
    was_seen: bool = False
    asked_at_age_s: float = 0.0

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
    ) -> None:
        self.times = times
        self._connection = connection
        self._clock = clock
        self._sleep = sleep
        self._ages = Ages()
        self._pace = Pace(
            at_most=times.tasks_per_post, troubled_s=times.first_s, longest_s=times.longest_s
        )
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
        patience = self.times.unknown_after_s if unknown_after_s is None else unknown_after_s
        watch = _Watch(
            task=task,
            answer=asyncio.get_running_loop().create_future(),
            unknown_after_s=patience,
            began=now,
            due=now if soon else now + self.times.first_s,
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
                    await self._sleep(self._look_again_s(now))
        except Exception as error:  # noqa: BLE001 # an edge: it would be lost in a task of its own
            for watch in self._watches.values():
                watch.end(error)

    def _due(self, now: float) -> list[_Watch]:
        """Give what to ask for now, nothing unless it is worth a POST."""
        if now < self._pace.until:
            return []
        open_ = [watch for watch in self._watches.values() if not watch.answer.done()]
        lain_s = {watch: self._lain_s(watch, now) for watch in open_}
        if sum(lain_s.values()) <= WORTH * self._ages.typical_s:
            return []
        there = [watch for watch in open_ if lain_s[watch]]
        return sorted(there, key=lambda watch: -lain_s[watch])[: self._pace.at_most]

    def _lain_s(self, watch: _Watch, now: float) -> float:
        """Reckon for how long a task's answer has lain ready; infinity: it is time to see."""
        if watch.is_new:
            age_s = now - watch.began
            lain_s = self._ages.lain_s(after_s=watch.asked_at_age_s, age_s=age_s)
            if lain_s is not None:
                return lain_s
        return math.inf if watch.due <= now else 0.0

    def _look_again_s(self, now: float) -> float:
        """Say after how long there may be something to ask for."""
        if now < self._pace.until:
            return self._pace.until - now
        if typical_s := self._ages.typical_s:
            return min(max(PRECISION * typical_s, self.times.shortest_s), LOOK_S)
        soonest = min((watch.due for watch in self._watches.values()), default=now)
        return min(max(soonest - now, self.times.shortest_s), LOOK_S)

    async def _poll(self, due: Sequence[_Watch]) -> None:
        asked = [{"taskType": "getResponse", "taskUUID": w.task.task_uuid} for w in due]
        asked_at = self._clock()
        try:
            reply: Reply | None = await self._connection.post(asked, timeout_s=QUICK_S)
        except TransientError:
            reply = None
        now = self._clock()
        for watch in due:
            if reply is not None:
                self._hear(watch, reply, asked_at)
            self._give_up(watch, now)
            watch.due = now + self._wait_s(watch, now)
        rest_s = max(self.times.shortest_s, REST * self._ages.typical_s)
        self._pace.heard(reply, tasks=len(due), rest_s=rest_s, now=now)

    def _wait_s(self, watch: _Watch, now: float) -> float:
        """Say how long to wait before a task is asked for again of which nothing is known.

        Just beyond what is known the steps are short.
        """
        age_s = now - watch.began
        wait_s = self.times.share_unknown * age_s
        if watch.is_new and self._ages.typical_s:
            beyond_s = max(age_s - self._ages.longest_s, STEP * age_s)
            wait_s = min(beyond_s, self.times.share_of_age * age_s)
        return min(max(wait_s, self.times.shortest_s), self.times.longest_s)

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
                self._ages.answered(after_s=watch.asked_at_age_s, by_s=now - watch.began)
            watch.end(said.outcome(watch.task))
        watch.asked_at_age_s = now - watch.began

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
