"""A server with a hidden limit, and clients that have much to ask of it, on a virtual clock."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tasks.infer.throttle.gate import Throttle
from tests.infer.throttle.virtual_time import clock

RETRY_S = 0.05


@dataclass
class Server:
    """Takes at most `limit_at(now)` tasks at once, or so many a second; refuses others at once."""

    limit_at: Callable[[float], float]
    latency: Callable[[], float]
    per_second: float | None = None
    round_trip_s: float = 0.004
    retry_after_s: float | None = None
    stray: Callable[[], bool] = lambda: False
    in_flight: int = 0
    served: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    recent: deque[float] = field(default_factory=deque)

    async def ask(self) -> bool:
        """Serve a task, or refuse it."""
        await asyncio.sleep(self.round_trip_s / 2)
        if self.stray() or not self._has_room():
            self.refused.append(clock())
            await asyncio.sleep(self.round_trip_s / 2)
            return False
        self.in_flight += 1
        try:
            await asyncio.sleep(self.latency())
        finally:
            self.in_flight -= 1
        self.served.append(clock())
        await asyncio.sleep(self.round_trip_s / 2)
        return True

    def _has_room(self) -> bool:
        now = clock()
        if self.per_second is None:
            return self.in_flight < self.limit_at(now)
        while self.recent and self.recent[0] <= now - 1:
            self.recent.popleft()
        if len(self.recent) >= self.per_second:
            return False
        self.recent.append(now)
        return True


async def work(server: Server, throttle: Throttle, *, until: float, workers: int = 100) -> None:
    """Ask on and on, each worker one task at a time; a refused one waits a little."""

    async def worker() -> None:
        while clock() < until:
            async with throttle.slot():
                served = await server.ask()
                if served:
                    throttle.succeeded()
                else:
                    throttle.refused(server.retry_after_s)
            if not served:
                await asyncio.sleep(server.retry_after_s or RETRY_S)

    await asyncio.gather(*(worker() for _ in range(workers)))


@dataclass(frozen=True, slots=True)
class Score:
    """How well the room was used."""

    ideal_share: float
    refused_share: float


def phase(levels: Sequence[float], phase_s: float) -> Callable[[float], float]:
    """Give the limit as a function of time."""
    return lambda now: levels[min(int(now / phase_s), len(levels) - 1)]


def score(
    server: Server, levels: Sequence[float], *, phase_s: float, mean_latency_s: float
) -> Score:
    """Score the whole, without the first 10 s and the 5 s after each change."""
    ideal, served, refused = 0.0, 0, 0
    for index, level in enumerate(levels):
        start, end = index * phase_s + (5 if index else 10), (index + 1) * phase_s
        ideal += level * (end - start) / mean_latency_s
        served += sum(start <= t < end for t in server.served)
        refused += sum(start <= t < end for t in server.refused)
    return Score(served / ideal, refused / max(1, served + refused))


def lognormal(mean_s: float, spread: float, seed: int) -> Callable[[], float]:
    """Give a source of latencies; spread 0 gives the mean each time."""
    source = random.Random(seed)
    return lambda: mean_s * source.lognormvariate(-spread * spread / 2, spread)
