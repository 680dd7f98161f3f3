"""One watched folder, turn by turn.

A turn looks at all that lies there and sees to whatever is due: it takes in what is complete,
starts runs, looks after those that were lost, and moves away what is through. It depends on nothing
that was heard before, so what is missed once is made up for at the next turn; and each step is
committed before the next begins, so a watcher that is killed goes on where it was.
"""

import hashlib
import logging
from collections.abc import Collection

from flows.watch.arrivals import take_in
from flows.watch.desk import Desk, Known
from flows.watch.endings import leave, reconcile
from flows.watch.scan import Seen, Stamp, scan
from flows.watch.starting import start
from flows.watch.stillness import Tracked, track
from tasks.core.errors import ConfigError
from tasks.ledger import intake
from tasks.ledger.heartbeats import beat
from tasks.ledger.intake import State

logger = logging.getLogger("docmill.watch")


TROUBLE_TIMES = 5
"""How many times less often a server is asked that does not answer."""


class Inbox:
    """A watched folder; `turn` gives the time of the next one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tracked: dict[str, Tracked] = {}
        self._closed: dict[str, str] = {}
        self._remembers = False
        self._trouble = ""

    def turn(self, now: float, heard: Collection[str] = ()) -> float:
        """See to all that is due at a time, in seconds since the epoch.

        `heard` are the paths, relative to the folder, that events have named since the last turn.
        """
        desk = self._desk
        seen = scan(desk.folder)
        self._note_closed(seen)
        if not self._remembers:
            self._remember(seen)
            self._remembers = True
        self._tracked = track(self._tracked, seen.files, heard, now=now)
        self._forget_changed(seen)
        take_in(desk, seen, self._complete(now), now=now)
        self._with_runs(seen, now)
        leave(desk, seen, now=now)
        return self._next(now)

    def _complete(self, now: float) -> dict[str, Stamp]:
        patience = self._desk.rules.patience
        return {
            path: tracked.stamp
            for path, tracked in self._tracked.items()
            if path not in self._desk.known and tracked.due_at(patience) <= now
        }

    def _forget_changed(self, seen: Seen) -> None:
        """Remember only what lies there unchanged."""
        desk = self._desk
        for path in [p for p, known in desk.known.items() if not seen.has(p, known.stamp)]:
            del desk.known[path]
        for path in [p for p in desk.waiting if p not in seen.files and p not in seen.refused]:
            del desk.waiting[path]

    def _remember(self, seen: Seen) -> None:
        """Know again what was taken in before the start, by size and time of change."""
        for row in self._desk.rows():
            stamp = seen.files.get(row.path)
            if stamp and (stamp.size, stamp.mtime_ns) == (row.size, row.mtime_ns):
                self._desk.known[row.path] = Known(stamp, row.id)

    def _with_runs(self, seen: Seen, now: float) -> None:
        """Look after runs and start new ones; without a server all waits, and that is said."""
        try:
            reconcile(self._desk, now=now)
            start(self._desk, seen, now=now)
        except ConfigError as error:
            self._say(str(error))
        else:
            self._say("")

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            logger.warning("files wait: %s", trouble)
        elif self._trouble and not trouble:
            logger.info("runs are started again")
        self._trouble = trouble

    def _note_closed(self, seen: Seen) -> None:
        for folder, reason in seen.closed.items():
            if folder not in self._closed:
                logger.warning("%s: %s", folder or self._desk.inbox, reason)
        self._closed = seen.closed

    def _next(self, now: float) -> float:
        """Give when to look again if nothing is heard before."""
        desk, rules = self._desk, self._desk.rules
        with desk.engine.begin() as connection:
            beat(connection, watcher_of(desk.inbox), now=now)
            ready_at = intake.next_due_at(connection, desk.inbox)
        soon = now + rules.look_s * (TROUBLE_TIMES if self._trouble else 1)
        times = [
            max(tracked.due_at(rules.patience), soon if path in desk.waiting else now)
            for path, tracked in self._tracked.items()
            if path not in desk.known
        ]
        if ready_at is not None:
            times.append(max(ready_at, soon))
        if desk.rows(State.STARTED):
            times.append(soon)
        return min([*times, now + rules.rescan_s])


def watcher_of(inbox: str) -> str:
    """Name the watcher of a folder among those whose heart beats."""
    return f"watch {hashlib.sha256(inbox.encode()).hexdigest()}"
