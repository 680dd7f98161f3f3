"""Taking in: each complete file becomes a row of the intake, or is refused in words."""

import hashlib
import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection

from flows.announcing import Announcement, Happening
from flows.watch.desk import Desk, Known, announced
from flows.watch.names import FAILED
from flows.watch.places import free_place, move, say_why, shown, take_back_reason
from flows.watch.scan import Seen, Stamp
from flows.watch.stillness import held_up
from flows.watch.wishes import Wish, wish_for
from tasks.core.errors import DocmillError
from tasks.ledger import intake
from tasks.ledger.intake import Arrival, Outcome, Row, State

logger = logging.getLogger("docmill.watch")

TOGETHER = 50
"""Files that are committed together: a kill repeats the reading of so many at most."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was looked at; `refusal` says why it is none to be processed."""

    arrival: Arrival
    stamp: Stamp | None
    refusal: str = ""


class HeldUpError(Exception):
    """A file cannot be taken in now, for the reason that this says."""


def take_in(desk: Desk, seen: Seen, complete: Mapping[str, Stamp], *, now: float) -> None:
    """Make rows of complete files, and refuse at once what is no document."""
    todo: dict[str, Stamp | None] = {**complete}
    todo.update((path, None) for path in seen.refused if path not in desk.known)
    paths = [path for path in todo if not _refuse_nameless(desk, path, now)]
    wish = cache(lambda folder: _wish(desk, folder))
    for at in range(0, len(paths), TOGETHER):
        some = [(path, todo[path]) for path in paths[at : at + TOGETHER]]
        examined = [_examine(desk, path, stamp, seen, wish) for path, stamp in some]
        _enter(desk, [each for each in examined if each is not None], now)


def _wish(desk: Desk, folder: str) -> Wish | str:
    """Give what is wanted of the files of a folder, or what is wrong with it."""
    try:
        return wish_for(desk.folder, folder, desk.wishes)
    except DocmillError as error:
        return str(error)


def _examine(
    desk: Desk, path: str, stamp: Stamp | None, seen: Seen, wish: Callable[[str], Wish | str]
) -> Examined | None:
    """Look at a file closely; None where it cannot be taken in now."""
    if stamp is None:
        return Examined(_arrival(desk, path), None, seen.refused[path])
    folder = PurePosixPath(path).parent
    wanted = wish("" if folder == PurePosixPath() else str(folder))
    try:
        digest = _digest(desk.folder / path, stamp)
    except HeldUpError as reason:
        _note_waiting(desk, path, str(reason))
        return None
    if isinstance(wanted, str):
        return Examined(_arrival(desk, path, stamp, digest), stamp, wanted)
    arrival = _arrival(desk, path, stamp, digest, wanted)
    return Examined(arrival, stamp, "" if stamp.size else "it is empty: it has no bytes in it")


def _arrival(
    desk: Desk, path: str, stamp: Stamp | None = None, digest: str = "", wish: Wish | None = None
) -> Arrival:
    return Arrival(
        inbox=desk.inbox,
        path=path,
        digest=digest,
        size=stamp.size if stamp else 0,
        mtime_ns=stamp.mtime_ns if stamp else 0,
        request=wish.request if wish else "",
        version=wish.version if wish else "",
    )


def _digest(path: Path, stamp: Stamp) -> str:
    """Read a file whole; HeldUpError where that cannot be, or where it changes meanwhile."""
    reason = held_up(path)
    if reason:
        raise HeldUpError(reason)
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as stream:  # noqa: PTH123
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            status = os.fstat(stream.fileno())
    except OSError as error:
        raise HeldUpError(f"it cannot be read ({error.strerror})") from None
    if Stamp(status.st_size, status.st_mtime_ns, status.st_ino) != stamp:
        raise HeldUpError("it changed while it was read")
    return digest


def _enter(desk: Desk, examined: list[Examined], now: float) -> None:
    """Commit rows, then tell of them."""
    told: list[Announcement] = []
    with desk.engine.begin() as connection:
        rows = [_enter_one(desk, connection, each, now, told) for each in examined]
    for each, row in zip(examined, rows, strict=True):
        desk.known[row.path] = Known(each.stamp, row.id)
        desk.waiting.pop(row.path, None)
    desk.announce(told)


def _enter_one(
    desk: Desk, connection: Connection, each: Examined, now: float, told: list[Announcement]
) -> Row:
    row = intake.arrive(connection, each.arrival, now=now)
    if row.seen_at == now:
        told.append(announced(row, Happening.ARRIVED))
        logger.info("%s: arrived", row.path)
    if row.closed_at is not None:
        row = _begin_again(desk, connection, row, now, told)
    if each.refusal and row.state is State.READY:
        intake.conclude(connection, row, Outcome(done=False, reason=each.refusal), now=now)
        told.append(announced(row, Happening.FAILED, reason=each.refusal))
    return row


def _begin_again(
    desk: Desk, connection: Connection, row: Row, now: float, told: list[Announcement]
) -> Row:
    """See to a file that was here before: it is answered already, or is tried again."""
    take_back_reason(desk.folder, row.place if row.state is State.FAILED else "")
    intake.try_again(connection, row, reason="it was put back", due_at=now, now=now)
    again = intake.arrive(connection, _arrival_of(row), now=now)
    if row.state is State.DONE and row.outputs and all(Path(p).exists() for p in row.outputs):
        reason = "the same was answered before"
        logger.info("%s: %s", row.path, reason)
        intake.conclude(
            connection, again, Outcome(done=True, reason=reason, outputs=row.outputs), now=now
        )
        told.append(announced(row, Happening.FINISHED, reason=reason, outputs=list(row.outputs)))
    else:
        logger.info("%s: attempt %d", row.path, again.attempt)
    return again


def _arrival_of(row: Row) -> Arrival:
    names = ("inbox", "path", "digest", "size", "mtime_ns", "request", "version")
    return Arrival(**{name: getattr(row, name) for name in names})


def _refuse_nameless(desk: Desk, path: str, now: float) -> bool:
    """Refuse a file whose name is no text: neither the ledger nor Prefect can hold it."""
    if shown(path) == path:
        return False
    reason = "its name is not UTF-8: rename it"
    logger.warning("%s: %s", shown(path), reason)
    with suppress(DocmillError):  # it is tried again at the next turn
        place = free_place(desk.folder, FAILED, path)
        say_why(desk.folder, place, path=shown(path), reason=reason, attempt=1, now=now)
        move(desk.folder, path, place)
    return True


def _note_waiting(desk: Desk, path: str, reason: str) -> None:
    if desk.waiting.get(path) != reason:
        logger.info("%s: it waits, %s", path, reason)
    desk.waiting[path] = reason
