"""The figures of a run in one line: money, speed, the throttle, and how long it still takes."""

import time
from collections import deque
from collections.abc import Callable

from tasks.core.traffic import Traffic

WINDOW_S = 20.0
"""Tokens a second are those of the last so many seconds."""


class Figures:
    """What can be told of a run at any moment; asked now and then, it knows how fast things go."""

    def __init__(
        self, *, budget_usd: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._budget_usd = budget_usd
        self._clock = clock
        self._traffic: Callable[[], Traffic] = Traffic
        self._chunks = self._answered = 0
        self._began = clock()
        self._tokens: deque[tuple[float, int]] = deque()

    def opened(self, traffic: Callable[[], Traffic]) -> None:
        """Know where to look."""
        self._traffic = traffic

    def planned(self, chunks: int) -> None:
        """Know how much there is to do; the time begins."""
        self._chunks = chunks
        self._began = self._clock()

    def answered(self) -> None:
        """Count a chunk."""
        self._answered += 1

    def share(self) -> str:
        """Say how far the run is."""
        return f"{self._answered} of {self._chunks} chunks"

    def line(self) -> str:
        """Say all figures; nothing before there is anything to say."""
        traffic = self._traffic()
        if not traffic.limit:
            return ""
        parts = (
            self._money(traffic),
            f"{self._tokens_per_s(traffic):,.0f} tokens/s",
            _throttle(traffic),
            self._left(traffic),
        )
        return " · ".join(part for part in parts if part)

    def _money(self, traffic: Traffic) -> str:
        spent = f"${traffic.usd:.4f}"
        return spent if self._budget_usd is None else f"{spent} of ${self._budget_usd:.2f}"

    def _tokens_per_s(self, traffic: Traffic) -> float:
        """Give the tokens of answers and thoughts a second, over the last while."""
        now = self._clock()
        self._tokens.append((now, traffic.completion_tokens))
        while len(self._tokens) > 2 and self._tokens[1][0] <= now - WINDOW_S:
            self._tokens.popleft()
        since, before = self._tokens[0]
        return max(0, traffic.completion_tokens - before) / (now - since) if now > since else 0.0

    def _left(self, traffic: Traffic) -> str:
        """Guess from what was asked for, since what the ledger has takes no time."""
        asked = self._answered - traffic.reused
        if asked <= 0 or self._answered >= self._chunks:
            return ""
        per_chunk_s = (self._clock() - self._began) / asked
        return f"about {_duration(per_chunk_s * (self._chunks - self._answered))} left"


def _throttle(traffic: Traffic) -> str:
    parts = [f"{traffic.in_flight} of {traffic.limit} in flight"]
    if traffic.waiting:
        parts.append(f"{traffic.waiting} waiting")
    if traffic.refused:
        parts.append(f"{traffic.refused} refused")
    if traffic.paused_s:
        parts.append(f"paused for {traffic.paused_s:.0f} s")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
