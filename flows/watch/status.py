"""What is known of each file of an inbox: from the intake, and from a look into the folder."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from flows.watch.inbox import watcher_of
from flows.watch.names import counts, left_alone
from flows.watch.places import shown
from flows.watch.scan import scan
from flows.watch.stillness import held_up
from tasks.core.errors import ConfigError
from tasks.ledger import intake
from tasks.ledger.books import open_books, reading
from tasks.ledger.engine import now_of
from tasks.ledger.heartbeats import last_beats
from tasks.ledger.intake import Row, State
from tasks.write.clean import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands with a file; `place` is where its original lies, relative to `inbox`."""

    inbox: str
    path: str
    state: str
    reason: str = ""
    attempt: int = 0
    run: str = ""
    place: str = ""
    outputs: tuple[str, ...] = ()


def standings(
    connection: Connection, folder: Path | None, *, everything: bool = False
) -> list[Standing]:
    """Tell of all files of a folder, or of all folders; of what is through only on demand."""
    inboxes = [str(folder)] if folder else intake.inboxes(connection)
    told = []
    for inbox in inboxes:
        rows = intake.rows_of(connection, inbox)
        told += [_of_row(row) for row in rows if everything or not _is_through(row)]
        told += _without_rows(Path(inbox), {row.path for row in rows if row.closed_at is None})
    return told


def is_watched(ledger_url: str, folder: Path, *, since: float) -> bool:
    """Tell whether the watcher of a folder has looked into it since a time."""
    try:
        with open_books(ledger_url) as engine, reading(engine) as connection:
            now = now_of(connection)
            seen_s = watcher_seen_s(connection, folder, now=now)
    except (ConfigError, SQLAlchemyError):
        return False
    return seen_s is not None and now - seen_s >= since


def watcher_seen_s(connection: Connection, folder: Path, *, now: float) -> float | None:
    """Give how many seconds ago the watcher of a folder was heard of; None for never."""
    who = watcher_of(str(folder))
    beat_at = last_beats(connection, [who]).get(who)
    return None if beat_at is None else now - beat_at


def _is_through(row: Row) -> bool:
    return row.state is State.DONE or row.state is State.GONE


def _of_row(row: Row) -> Standing:
    return Standing(
        inbox=row.inbox,
        path=one_line(shown(row.path)),
        state=row.state,
        reason=_why(row),
        attempt=row.attempt,
        run=row.run,
        place=row.place if row.closed_at else "",
        outputs=row.outputs,
    )


def _why(row: Row) -> str:
    if row.state is State.READY:
        due = f"{datetime.fromtimestamp(row.due_at, UTC):%H:%M:%S} UTC"
        waits = f"tried again after {due}" if row.due_at > row.changed_at else "waits for a run"
        return f"{waits}: {row.reason}" if row.reason else waits
    if row.state is State.STARTED:
        return f"in flow run {row.run}" if row.run else "is being given to the Prefect server"
    if row.inbox and row.closed_at is None:
        return f"{row.reason or 'answered'}; its original is still to be moved"
    return row.reason


def _without_rows(inbox: Path, with_rows: set[str]) -> Iterator[Standing]:
    """Tell of what lies in a folder and is in no row yet, and why."""
    if not inbox.is_absolute() or not inbox.is_dir():
        return
    seen = scan(inbox)
    for path, stamp in seen.files.items():
        if path not in with_rows:
            since_s = time.time() - stamp.mtime_ns / 1e9
            still = f"must stand still to count as complete; it last changed {since_s:.0f} s ago"
            yield _waiting(inbox, path, held_up(inbox / path) or still)
    for path, reason in (*seen.refused.items(), *seen.closed.items()):
        if path not in with_rows:
            yield _waiting(inbox, path, reason)
    yield from _left_alone(inbox)


def _left_alone(inbox: Path) -> Iterator[Standing]:
    """Tell of names that do not count; what lies in a folder of such a name is the folder's."""
    for root, folders, files in os.walk(inbox):
        is_top = Path(root) == inbox
        for name in (*folders, *files):
            reason = left_alone(name)
            if reason:
                yield _waiting(inbox, str(Path(root, name).relative_to(inbox)), reason)
        folders[:] = [name for name in folders if counts(name, is_top=is_top)]


def _waiting(inbox: Path, path: str, reason: str) -> Standing:
    return Standing(inbox=str(inbox), path=one_line(shown(path)), state="waiting", reason=reason)
