"""When a file counts as complete: nothing of it changes and nobody is heard at work on it.

A file whose size and time of change stand still, and of which no event came, for some seconds is
taken to be whole, if it can be opened and nobody holds a lock on it. An empty file is given longer:
many a writer makes the file first and fills it later.
"""

import errno
import fcntl
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.watch.scan import Stamp

TOUCHED_S = 60.0
"""For how long events alone hold up a file that does not change: a program may never stop them."""

_BUSY = frozenset({errno.EAGAIN, errno.EACCES, errno.EBUSY, errno.ETXTBSY})


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many seconds a file must stand still."""

    quiet_s: float = 5.0
    empty_s: float = 60.0

    def needed_s(self, stamp: Stamp) -> float:
        """Give the seconds for one file."""
        return self.quiet_s if stamp.size else max(self.quiet_s, self.empty_s)


@dataclass(frozen=True, slots=True)
class Tracked:
    """A file, since when it looks as it does, and when it was last heard of."""

    stamp: Stamp
    since: float
    heard_at: float

    def due_at(self, patience: Patience) -> float:
        """Give the time from which on it counts as complete."""
        heard_at = min(self.heard_at, self.since + TOUCHED_S)
        return max(self.since, heard_at) + patience.needed_s(self.stamp)


def track(
    before: Mapping[str, Tracked], seen: Mapping[str, Stamp], heard: Collection[str], *, now: float
) -> dict[str, Tracked]:
    """Bring what is tracked up to date with what is seen; `heard` are paths that events named."""
    return {
        path: _track(before.get(path), stamp, path in heard, now) for path, stamp in seen.items()
    }


def _track(tracked: Tracked | None, stamp: Stamp, heard: bool, now: float) -> Tracked:  # noqa: FBT001
    if tracked is None or tracked.stamp != stamp or tracked.since > now:
        return Tracked(stamp, now, now)
    return Tracked(stamp, tracked.since, now if heard else tracked.heard_at)


def held_up(path: Path) -> str:
    """Say why a file cannot be read now; "" where it can."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return f"it cannot be opened ({error.strerror}): check its rights"
    try:
        for lock in (fcntl.flock, fcntl.lockf):
            lock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return "another program holds it locked"
    finally:
        os.close(handle)
    return ""
