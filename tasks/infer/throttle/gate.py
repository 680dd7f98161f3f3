"""The gate: who waits for a place among the tasks in flight, in the order in which they came."""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar, Token
from dataclasses import dataclass
from types import TracebackType

from tasks.infer.throttle.limit import Event, Limit, Refused, Served, Wanted
from tasks.infer.throttle.rules import next_limit, pace_s, rises_at


@dataclass(frozen=True, slots=True)
class ThrottleState:
    """What a throttle does at the moment, for people to see."""

    limit: int
    in_flight: int
    most_in_flight: int
    waiting: int
    refused: int
    paused_s: float
    """For how long yet nothing starts."""


class Throttle:
    """Bounds the tasks in flight of one process; `fixed` or `adaptive` makes one.

    `async with throttle.slot():` waits for a place and gives it back. Within it `succeeded()` or
    `refused()` say how the task ended; whoever says neither, as for a broken connection, teaches
    nothing. A refused task is in flight no more, even before it leaves its slot.
    """

    def __init__(
        self, limit: Limit, *, adapts: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit = limit
        self.in_flight = 0
        self.on_change: Callable[[], None] = _nothing
        self._adapts = adapts
        self._clock = clock
        self._waiting: OrderedDict[asyncio.Future[int], None] = OrderedDict()
        self._refused = 0
        self._most_in_flight = 0
        self._replacing = 0
        self._paced_at = -math.inf
        self._timer: asyncio.TimerHandle | None = None

    def slot(self) -> "Slot":
        """Give the async context within which a task is in flight."""
        return Slot(self)

    def succeeded(self) -> None:
        """Say that the task of this slot was served."""
        slot = self._slot()
        self.tell(Served(slot.level, slot.started_at))

    def refused(self, retry_after_s: float | None = None) -> None:
        """Say that the server had no room for the task of this slot (429, 503, 504)."""
        slot = self._slot()
        self._refused += 1
        slot.give_up()
        self.tell(Refused(slot.level, slot.started_at, self.in_flight, retry_after_s))
        self._replacing = 0
        self.pump()

    def state(self) -> ThrottleState:
        """Tell what happens at the moment."""
        return ThrottleState(
            limit=self.limit.level,
            in_flight=self.in_flight,
            most_in_flight=self._most_in_flight,
            waiting=len(self._waiting),
            refused=self._refused,
            paused_s=max(0.0, self.limit.paused_until - self._clock()),
        )

    def tell(self, event: Event) -> None:
        """Take an event in, unless the limit is fixed."""
        if not self._adapts:
            return
        before = self.limit.level
        self.limit = next_limit(self.limit, event, self._clock())
        if self.limit.level != before:
            self.on_change()

    async def enter(self) -> tuple[int, float]:
        """Wait for a place; give the tasks now in flight and the time."""
        place: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[place] = None
        self.pump()
        try:
            return await place, self._clock()
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()
            else:
                self._waiting.pop(place, None)
            raise

    def leave(self) -> None:
        """Give a place back; whoever has waited longest may have it."""
        self.in_flight -= 1
        self._replacing = 1
        self.pump()

    def pump(self) -> None:
        """Let in whoever may start now, and look again when more may."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            now = self._clock()
            at = self._starts_at(now)
            if at > now:
                self._look_again(at - now)
                return
            self._start(now)

    def _starts_at(self, now: float) -> float:
        """Say when the next task may start; infinity: when something has ended or come."""
        if self.in_flight == self.limit.level:
            self.tell(Wanted())
        if self.in_flight >= self.limit.level:
            return self._rises_at(now)
        if self.limit.paused_until > now:
            self._replacing = 0
            return self.limit.paused_until
        return now if self._replacing else self._paced_at

    def _rises_at(self, now: float) -> float:
        if not self._adapts or self.in_flight > self.limit.level:
            return math.inf
        if self.limit.level == 0:
            self.on_change()
        return max(rises_at(self.limit), math.nextafter(now, math.inf))

    def _start(self, now: float) -> None:
        place, _ = self._waiting.popitem(last=False)
        if place.cancelled():
            return
        if not self._replacing:
            self._paced_at = now + pace_s(self.limit)
        self._replacing = 0
        self.in_flight += 1
        self._most_in_flight = max(self._most_in_flight, self.in_flight)
        place.set_result(self.in_flight)

    def _look_again(self, wait_s: float) -> None:
        if wait_s < math.inf:
            self._timer = asyncio.get_running_loop().call_later(wait_s, self.pump)

    def _slot(self) -> "Slot":
        slot = _current.get()
        if slot is None or slot.throttle is not self:
            raise RuntimeError("say how a task ended within the slot in which it ran")
        return slot


class Slot:
    """A place among the tasks in flight, from entering to leaving."""

    __slots__ = ("_left", "_token", "level", "started_at", "throttle")

    def __init__(self, throttle: Throttle) -> None:
        self.throttle = throttle
        self.level = 0
        self.started_at = 0.0
        self._left = False
        self._token: Token[Slot | None] | None = None

    async def __aenter__(self) -> None:
        self.level, self.started_at = await self.throttle.enter()
        self._token = _current.set(self)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._token is not None:
            _current.reset(self._token)
        if not self._left:
            self.throttle.leave()

    def give_up(self) -> None:
        """Be in flight no more."""
        if not self._left:
            self._left = True
            self.throttle.in_flight -= 1


_current: ContextVar[Slot | None] = ContextVar("slot", default=None)


def fixed(at_once: int) -> Throttle:
    """Make a throttle that lets in so many at once, whatever happens."""
    return Throttle(Limit(level=at_once), adapts=False)


def adaptive(*, most: float = math.inf, clock: Callable[[], float] = time.monotonic) -> Throttle:
    """Make a throttle that finds a server's limit by itself, for a process alone."""
    start = Limit()
    return Throttle(Limit(level=int(min(start.level, most)), most=most), adapts=True, clock=clock)


def _nothing() -> None:
    pass
