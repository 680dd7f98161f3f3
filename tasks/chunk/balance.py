"""Choosing the cuts: fewest chunks, of like size, at the best boundaries near the balanced points.

Works on numbers alone: what each atom costs and how good the place before it is to cut at.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

TOLERANCE = 0.2
"""How far from the balanced point, as a share of a chunk, a better boundary is taken."""


def chunk_starts(costs: Sequence[int], ranks: Sequence[int], limit: int) -> tuple[int, ...]:
    """Give the index of each chunk's first atom; no atom may cost more than `limit`."""
    sums = (0, *accumulate(costs))
    tails = _tails(sums, limit)
    starts = [0]
    for left in range(len(tails) - 1, 0, -1):
        starts.append(_next_start(sums, ranks, limit=limit, start=starts[-1], tails=tails[:left]))
    return tuple(starts)


def _tails(sums: Sequence[int], limit: int) -> tuple[int, ...]:
    """Give, for 1, 2, … chunks, the earliest atom from which that many reach the end."""
    tails: list[int] = []
    at = len(sums) - 1
    while at > 0:
        at = bisect_left(sums, sums[at] - limit, hi=at)
        tails.append(at)
    return tuple(tails)


def _next_start(
    sums: Sequence[int], ranks: Sequence[int], *, limit: int, start: int, tails: Sequence[int]
) -> int:
    """Choose where the next chunk starts, so that `len(tails)` more chunks hold the rest."""
    left = len(tails)
    low = max(start + 1, tails[-1])
    high = min(bisect_right(sums, sums[start] + limit) - 1, len(sums) - 1 - left)
    share = (sums[-1] - sums[start]) / (left + 1)
    ideal = sums[start] + share
    near_low = max(low, bisect_left(sums, ideal - TOLERANCE * share))
    near_high = min(high, bisect_right(sums, ideal + TOLERANCE * share) - 1)
    if near_low > near_high:
        return min(max(low, bisect_left(sums, ideal)), high)
    return max(
        range(near_low, near_high + 1), key=lambda at: (ranks[at], -abs(sums[at] - ideal), -at)
    )
