"""Starting: rows that are ready are given to runs, some of a kind together."""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from flows.watch.desk import Desk
from flows.watch.scan import Seen
from flows.watch.wishes import request_of
from tasks.ledger import intake
from tasks.ledger.intake import Row, State

FEWER = 5
"""How many times fewer files go into a run at each further attempt: one may take others along."""

logger = logging.getLogger("docmill.watch")


def start(desk: Desk, seen: Seen, *, now: float) -> None:
    """Start runs for what is ready and due; ConfigError where nobody runs anything.

    What was claimed for a run that is not known to have been started comes first.
    """
    started = desk.rows(State.STARTED)
    for batch in sorted({row.batch for row in started if not row.run}):
        _start(desk, batch, now)
    room = desk.rules.open_runs - len({row.batch for row in started})
    if room <= 0:
        return
    ready = desk.rows(State.READY)
    _give_up_gone(desk, seen, ready, now)
    due = [row for row in ready if row.due_at <= now and desk.lies_there(row, seen)]
    for some, _ in zip(_batches(due, desk.rules.batch), range(room), strict=False):
        batch = _name_of(some)
        with desk.engine.begin() as connection:
            intake.claim(connection, [row.id for row in some], batch, now=now)
        _start(desk, batch, now)


def _start(desk: Desk, batch: str, now: float) -> None:
    with desk.engine.begin() as connection:
        rows = intake.rows_of_batch(connection, batch)
    if not rows:
        return  # another watcher was quicker
    request = request_of(rows[0].request, *(desk.folder / row.path for row in rows))
    run = desk.runs.start(request, batch)
    with desk.engine.begin() as connection:
        intake.note_run(connection, batch, run, now=now)
    logger.info("%s%s: started", rows[0].path, f" and {len(rows) - 1} more" if rows[1:] else "")


def _give_up_gone(desk: Desk, seen: Seen, rows: Sequence[Row], now: float) -> None:
    """Close what waits for a run, and is no longer there or is another content by now."""
    for row in rows:
        reason = "" if desk.lies_there(row, seen) else _what_became_of(desk, seen, row)
        if reason:
            logger.info("%s: %s", row.path, reason)
            with desk.engine.begin() as connection:
                intake.give_up(connection, row, reason=reason, now=now)


def _what_became_of(desk: Desk, seen: Seen, row: Row) -> str:
    if seen.closed or row.path in desk.waiting:
        return ""  # it may well be there still
    if row.path not in seen.files and row.path not in seen.refused:
        return "it was taken away before it was read"
    known = desk.known.get(row.path)
    changed = known is not None and known.row_id != row.id
    return "it was changed before it was read" if changed else ""


def _batches(due: Iterable[Row], size: int) -> list[list[Row]]:
    """Put together what is wanted alike, the oldest first.

    At each further attempt they are fewer, in the end each is alone.
    """
    return sorted(_alike(due, size), key=lambda rows: rows[0].seen_at)


def _alike(due: Iterable[Row], size: int) -> Iterator[list[Row]]:
    kind = attrgetter("attempt", "request", "version")
    for (attempt, *_), alike in groupby(sorted(due, key=kind), key=kind):
        rows, some = list(alike), max(1, size // FEWER ** (attempt - 1))
        yield from (rows[at : at + some] for at in range(0, len(rows), some))


def _name_of(rows: Sequence[Row]) -> str:
    """Name a batch by its contents, what is wanted of them, and which attempt it is."""
    parts = sorted(f"{row.id}/{row.attempt}" for row in rows)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
