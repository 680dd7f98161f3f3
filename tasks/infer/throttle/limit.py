"""How many tasks may be in flight: what is known of a server's limit, and how it is learned.

Values in, values out: `next_limit(limit, event, now)` gives what is known after an event.

    unknown ──── one more each latency/limit seconds, so e-fold a round trip ────► refused
                 (never beyond twice what was proven)                                │
       ▲                                                                             │ falls to what
       │ proven: the ceiling is forgotten                                            │ is in flight
       │                                                                             ▼
    one more than the ceiling allowed  ◄──── rarely: a probe ──── up to the ceiling, quickly

A refusal lowers the limit to the tasks that the server did take, so a limit that fell is found by
letting tasks end, one at a time. All refusals of tasks that were sent before the first of them was
heard of are one piece of news, and one piece of news takes at most half. A refusal at a level that
was proven is a surprise, a fallen limit or a stray failure: one try soon afterwards tells which.
A refusal above it is the price of a probe. A probe is paid from a credit that served tasks earn,
so that in the long run no more than one task in a hundred is refused for it.

Where a refused probe says `Retry-After`, nothing new is tried for so long, while tasks that end go
on being replaced, as the server has proven to take them. Any other refusal that says it, or another
during that time, stops all.
"""

import math
from dataclasses import dataclass, replace

START = 4
"""Tasks in flight before anything is known."""

LATENCY_WEIGHT = 0.1
WINDOW_S = 1.0
CALLS_PER_PROBE = 160
LONGEST_PROBE_GAP_S = 7.5
CREDIT_PER_CALL = 0.008
MOST_CREDIT = 6.0
SHORTEST_BACKOFF_S = 0.1
LONGEST_BACKOFF_S = 10.0
LONGEST_PAUSE_S = 300.0
LONGEST_PACE_S = 0.1
PATIENCE = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """What is known of a limit; times are seconds of one monotonic clock."""

    level: int = START
    """Tasks that may be in flight."""
    most: float = math.inf
    """`level` never goes above."""
    proven: int = 0
    """Tasks in flight that the server was seen to take."""
    ceiling: float = math.inf
    """Tasks in flight of which one was refused."""
    raise_at: float = 0.0
    probe_at: float = 0.0
    """Before this the level does not rise to the ceiling."""
    forgets_at: float = 0.0
    """A probe that goes well makes the ceiling forgotten, but not before."""
    doubt_s: float = 0.0
    """For how long a probe must go well, for the server may count tasks a second."""
    latency_s: float = 0.0
    """Moving average; 0 before the first success."""
    cut_at: float = -math.inf
    """When the last piece of bad news came."""
    floor: int = 1
    """What that piece of news cannot push the level below."""
    credit: float = MOST_CREDIT
    """Refused probes that may be afforded."""
    misses: int = 0
    """Refusals in a row that left no tasks in flight to wait for."""
    held_until: float = -math.inf
    """The level does not rise before."""
    patience: int = 0
    """Refusals until then that are borne before all stops."""
    paused_until: float = -math.inf
    """Nothing starts before."""
    probes: bool = True
    """Of the processes that share a server one probes."""
    weight: float = 1.0
    """Tasks that all of them may have in flight for each one of this process's."""


@dataclass(frozen=True, slots=True)
class Served:
    """A task ended well that was the `level`-th in flight when it started."""

    level: int
    started_at: float


@dataclass(frozen=True, slots=True)
class Refused:
    """A task was refused; `others` are still in flight."""

    level: int
    started_at: float
    others: int
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that may be in flight is, and more waits."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Those who share the server moved some of the limit to this process, or away from it."""

    more: int
    total: int
    probes: bool
    others_gained: int = 0
    pause_s: float = 0.0


Event = Served | Refused | Wanted | Ordered


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
    floor = limit.floor if again else max(1, limit.level // 2)
    level = min(limit.level, max(floor, event.others))
    ceiling = float(max(min(event.level, limit.level), level + 1))
    if event.others == 0 and limit.misses > 2:
        ceiling = math.inf  # nothing at all is taken, which says nothing of how much will be
    cut = replace(
        limit,
        level=level,
        proven=min(limit.proven, level),
        ceiling=min(limit.ceiling, ceiling) if again else ceiling,
        cut_at=limit.cut_at if again else now,
        floor=floor,
        credit=max(0.0, limit.credit - probe),
        doubt_s=WINDOW_S if probe else limit.doubt_s if now < limit.cut_at + WINDOW_S else 0.0,
    )
    gap_s = _probe_gap_s(cut) if probe else limit.latency_s
    cut = replace(cut, probe_at=max(limit.probe_at, now + gap_s))
    if event.others < level:
        cut = _backed_off(cut, now, again=again)
    if event.retry_after_s is None:
        return cut
    patience = PATIENCE if now >= limit.held_until else limit.patience - (not again)
    until = now + min(event.retry_after_s, LONGEST_PAUSE_S)
    if event.others < level or patience < 0:
        return replace(cut, paused_until=max(limit.paused_until, until))
    return replace(cut, held_until=max(limit.held_until, until), patience=patience)


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
