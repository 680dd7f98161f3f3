"""How a throttle learns its server's limit, as values in and values out.

    unknown ──── one more each latency/level seconds, so e-fold a round trip ────► refused
                 (never beyond twice what was proven)                                │
       ▲                                                                             │ falls to what
       │ proven: the ceiling is forgotten                                            │ is in flight
       │                                                                             ▼
    one more than the ceiling allowed  ◄──── rarely: a probe ──── up to the ceiling, quickly

A refusal lowers the level to the tasks that the server did take, so a limit that fell is found by
letting tasks end, one at a time. All refusals of tasks that were sent before the first of them was
heard of are one piece of news, and one piece of news takes at most half. A refusal at a level that
was proven is a surprise, a fallen limit or a stray failure: one try soon afterwards tells which.
Any other is the price of a probe. Probes are paid from a credit that served tasks earn, so that in
the long run no more than one task in a hundred is refused for them.

Where a refusal says `Retry-After` while other tasks are being served, the level does not rise for
so long, but tasks that end are replaced, as the server has proven to take those. After a few more
refusals in that time, or where nothing else is in flight, nothing starts until it is over.
"""

import math
from dataclasses import replace

from tasks.infer.throttle.limit import (
    MOST_CREDIT,
    START,
    Event,
    Limit,
    Ordered,
    Refused,
    Served,
    Wanted,
)

LATENCY_WEIGHT = 0.1
"""Of the newest latency in the moving average."""

WINDOW_S = 1.0
"""Servers that count tasks a second do it over such a time."""

CALLS_PER_PROBE = 180
LONGEST_PROBE_GAP_S = 7.5
CREDIT_PER_CALL = 0.008
SHORTEST_BACKOFF_S = 0.1
LONGEST_BACKOFF_S = 10.0
LONGEST_PAUSE_S = 300.0
LONGEST_PACE_S = 0.1
PATIENCE = 2
"""Refusals with `Retry-After` that are borne, after the first, before nothing starts."""


def next_limit(limit: Limit, event: Event, now: float) -> Limit:
    """Give what is known after an event."""
    match event:
        case Served():
            return _served(limit, event, now)
        case Refused():
            return _refused(limit, event, now)
        case Wanted():
            return _raised(limit, now) if rises_at(limit) <= now else limit
        case Ordered():
            return _ordered(limit, event, now)


def rises_at(limit: Limit) -> float:
    """Say when the level may rise by one if more is wanted; infinity: not before a success."""
    level = limit.level + 1
    unproven = level > max(START, 2 * limit.proven) or limit.level >= limit.ceiling
    if unproven or limit.level == 0 or level > limit.most:
        return math.inf
    at = max(limit.raise_at, limit.held_until, limit.paused_until)
    if level < limit.ceiling:
        return at
    return max(at, limit.probe_at) if limit.credit >= 1 else math.inf


def pace_s(limit: Limit) -> float:
    """Say how far apart tasks start that do not replace one that ended."""
    return min(LONGEST_PACE_S, limit.latency_s / (2 * max(1, limit.level)))


def _raised(limit: Limit, now: float) -> Limit:
    level = limit.level + 1
    forgets_at = now + limit.doubt_s if level >= limit.ceiling else limit.forgets_at
    raise_at = now + limit.latency_s / level
    return replace(limit, level=level, raise_at=raise_at, forgets_at=forgets_at)


def _served(limit: Limit, event: Served, now: float) -> Limit:
    latency_s = now - event.started_at
    if limit.latency_s:
        latency_s = limit.latency_s + LATENCY_WEIGHT * (latency_s - limit.latency_s)
    credit = min(MOST_CREDIT, limit.credit + CREDIT_PER_CALL * limit.weight)
    limit = replace(limit, latency_s=latency_s, credit=credit)
    if event.started_at <= limit.cut_at:
        return limit  # says nothing of what the server takes by now
    proven = max(limit.proven, min(event.level, limit.level))
    passed = proven >= limit.ceiling and now >= limit.forgets_at
    ceiling = math.inf if passed else limit.ceiling
    return replace(limit, proven=proven, ceiling=ceiling, misses=0)


def _refused(limit: Limit, event: Refused, now: float) -> Limit:
    again = event.started_at <= limit.cut_at
    probe = not again and (event.level > limit.proven or event.level >= limit.ceiling)
    cut = _cut(limit, event, again=again)
    gap_s = _probe_gap_s(cut) if probe else limit.latency_s
    in_trouble = now < limit.cut_at + WINDOW_S
    cut = replace(
        cut,
        cut_at=limit.cut_at if again else now,
        probe_at=max(limit.probe_at, now + gap_s),
        credit=max(0.0, limit.credit - probe),
        doubt_s=WINDOW_S if probe else limit.doubt_s * in_trouble,
    )
    if event.others < cut.level:
        cut = _backed_off(cut, now, again=again)
    return cut if event.retry_after_s is None else _told_to_wait(cut, event, now, again=again)


def _cut(limit: Limit, event: Refused, *, again: bool) -> Limit:
    """Lower the level to the tasks that the server did take."""
    floor = limit.floor if again else max(1, limit.level // 2)
    level = min(limit.level, max(floor, event.others))
    ceiling = float(max(min(event.level, limit.level), level + 1))
    if event.others == 0 and limit.misses > 2:
        ceiling = math.inf  # nothing at all is taken, which says nothing of how much will be
    elif again:
        ceiling = min(limit.ceiling, ceiling)
    proven = min(limit.proven, level)
    return replace(limit, level=level, floor=floor, ceiling=ceiling, proven=proven)


def _probe_gap_s(limit: Limit) -> float:
    if not limit.probes:
        return math.inf
    by_calls_s = CALLS_PER_PROBE * limit.latency_s / (limit.weight * max(1, limit.level))
    return min(by_calls_s, LONGEST_PROBE_GAP_S)


def _backed_off(limit: Limit, now: float, *, again: bool) -> Limit:
    """Wait a little, longer each time, where the room of a refused task would be filled at once."""
    misses = max(1, limit.misses) if again else limit.misses + 1
    wait_s = min(LONGEST_BACKOFF_S, SHORTEST_BACKOFF_S * 2.0 ** (misses - 1))
    return replace(limit, misses=misses, paused_until=max(limit.paused_until, now + wait_s))


def _told_to_wait(limit: Limit, event: Refused, now: float, *, again: bool) -> Limit:
    until = now + min(event.retry_after_s or 0.0, LONGEST_PAUSE_S)
    patience = PATIENCE if now >= limit.held_until else limit.patience - (not again)
    if event.others < limit.level or patience < 0:
        return replace(limit, paused_until=max(limit.paused_until, until))
    return replace(limit, held_until=max(limit.held_until, until), patience=patience)


def _ordered(limit: Limit, event: Ordered, now: float) -> Limit:
    level = max(0, limit.level + event.more)
    moved = replace(
        limit,
        level=level,
        proven=max(0, limit.proven + event.more),
        ceiling=max(1.0, limit.ceiling + event.more),
        paused_until=max(limit.paused_until, now + event.pause_s),
        probes=event.probes,
        weight=max(1.0, event.total / max(1, level)),
    )
    if event.others_gained > max(1, event.total // 10):
        return replace(moved, ceiling=math.inf)
    if event.probes and moved.probe_at == math.inf:
        return replace(moved, probe_at=now + _probe_gap_s(moved))
    return moved
