"""How old tasks were of late when they were answered, and so when a younger one is likely to be."""

from bisect import bisect_right, insort
from collections import deque
from statistics import median_low

OF_LATE = 64
"""Answers that are remembered."""

STEP = 0.02
"""Share by which looks may come too late or too early."""

DOUBT_EVERY = 8
"""Of so many answers that were there at the first look one is taken to have been there ..."""

DOUBT_FROM = 0.7
"""... at this share of its age already, so that it is seen when answers come sooner than before."""


FEW = 4
"""Answers of which the quickest says little of how quick others may be."""


class Ages:
    """The ages in seconds at which tasks were answered of late, as far as looks at them tell."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self._sorted: list[float] = []
        self._first_looks = 0

    def answered(self, *, after_s: float, by_s: float) -> None:
        """Take in an answer that was there at an age, and at a younger one (0: none) was not."""
        if after_s:
            self._remember((after_s + by_s) / 2)
            return
        self._first_looks += 1
        doubted = self._first_looks % DOUBT_EVERY == 0
        self._remember((DOUBT_FROM if doubted else 1 - STEP) * by_s)

    def _remember(self, age_s: float) -> None:
        if len(self._recent) == OF_LATE:
            self._sorted.remove(self._recent.popleft())
        self._recent.append(age_s)
        insort(self._sorted, age_s)

    @property
    def typical_s(self) -> float:
        """Give the median; 0 where nothing is known."""
        return median_low(self._sorted) if self._sorted else 0.0

    @property
    def longest_s(self) -> float:
        """Give the longest; 0 where nothing is known."""
        return self._sorted[-1] if self._sorted else 0.0

    def lain_s(self, *, after_s: float, age_s: float) -> float | None:
        """Say how long an answer that was not there at one age has lain ready by now, on average.

        Those that are known do not stand for all: one more is reckoned with that may come at any
        age, the later the less likely. None where all answers of late came sooner, so that nothing
        is known of it.
        """
        first = bisect_right(self._sorted, after_s)
        later = len(self._sorted) - first
        if not later:
            return None
        there = self._sorted[first : bisect_right(self._sorted, age_s)]
        unlike_s = max(0.0, age_s - max(after_s, self._soonest_s)) ** 2 / (2 * age_s)
        return (age_s * len(there) - sum(there) + unlike_s) / (later + 1)

    @property
    def _soonest_s(self) -> float:
        """Give the age that hardly any answer comes before; the fewer are known, the younger."""
        known = len(self._sorted)
        return self._sorted[0] * known / (known + FEW)
