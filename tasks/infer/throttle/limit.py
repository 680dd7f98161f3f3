"""What a throttle knows of its server's limit, and the events that it learns from."""

import math
from dataclasses import dataclass

START = 4
"""Tasks in flight before anything is known."""

MOST_CREDIT = 6.0


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
