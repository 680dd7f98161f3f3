"""Endings: what became of runs, and where the originals go."""

import logging

from flows.announcing import Happening
from flows.watch.desk import Desk, announced
from flows.watch.names import DONE, FAILED
from flows.watch.places import free_place, is_taken, move, say_why
from flows.watch.runs import Ending, RunView
from flows.watch.scan import Seen
from tasks.core.errors import OutputError
from tasks.ledger import intake
from tasks.ledger.intake import Outcome, Row, State

logger = logging.getLogger("docmill.watch")

_BY_PEOPLE = {
    Ending.CANCELLED: "its run was cancelled",
    Ending.UNANSWERED: "nobody approved its plan in time",
}

LOST = RunView(Ending.CRASHED, "it is not known to the server")


def reconcile(desk: Desk, *, now: float) -> None:
    """See to rows whose runs ended without settling them, or were lost; they are tried again."""
    known = {row.run for row in desk.rows(State.STARTED) if row.run}
    if not known:
        return
    views = desk.runs.look(sorted(known))
    for row in desk.rows(State.STARTED):  # as it is now: a run settles its rows before it ends
        view = views.get(row.run, LOST if row.run in known else RunView())
        if view.ending is not None:
            _see_to(desk, row, view.ending, view.message, now)


def _see_to(desk: Desk, row: Row, ending: Ending, message: str, now: float) -> None:
    """Settle a row whose run did not; what people left or stopped is not tried again unasked."""
    reason = _BY_PEOPLE.get(ending) or f"its run ended as {ending} before it was through"
    reason = f"{reason} ({message})" if message else reason
    outcome = Outcome(done=False, reason=reason, may_pass=ending not in _BY_PEOPLE)
    with desk.engine.begin() as connection:
        intake.settle(connection, row.batch, {row.id: outcome}, now=now)
    if not outcome.may_pass or _is_last(desk, row):
        desk.announce([announced(row, Happening.FAILED, reason=reason)])


def leave(desk: Desk, seen: Seen, *, now: float) -> None:
    """Move the originals of what is done or failed; what may pass is tried again instead."""
    for row in desk.rows(State.DONE, State.FAILED):
        if row.may_pass and not _is_last(desk, row):
            _try_again(desk, row, now)
        else:
            _leave(desk, row, seen, now)


def _try_again(desk: Desk, row: Row, now: float) -> None:
    wait_s = desk.rules.retry_after_s[row.attempt - 1]
    logger.info("%s: tried again in %g s, %s", row.path, wait_s, row.reason)
    with desk.engine.begin() as connection:
        intake.try_again(connection, row, reason=row.reason, due_at=now + wait_s, now=now)


def _is_last(desk: Desk, row: Row) -> bool:
    return row.attempt > len(desk.rules.retry_after_s)


def _leave(desk: Desk, row: Row, seen: Seen, now: float) -> None:
    known = desk.known.get(row.path)
    there = row.path in seen.files or row.path in seen.refused
    if desk.lies_there(row, seen):
        try:
            _move(desk, row, now)
        except OutputError as error:
            desk.waiting[row.path] = f"it is {row.state}, and cannot be moved: {error}"
            logger.warning("%s: %s", row.path, desk.waiting[row.path])
            return
    elif seen.closed or (there and (known is None or known.row_id == row.id)):
        return  # it may be there still, or changes as we look
    with desk.engine.begin() as connection:
        intake.close(connection, row, now=now)


def _move(desk: Desk, row: Row, now: float) -> None:
    """Move an original; its place is committed before, so that a kill leaves no doubt."""
    kind = DONE if row.state is State.DONE else FAILED
    place = row.place
    if not place or is_taken(desk.folder, place):
        place = free_place(desk.folder, kind, row.path)
        with desk.engine.begin() as connection:
            intake.note_place(connection, row, place, now=now)
    if kind == FAILED:
        say_why(desk.folder, place, path=row.path, reason=row.reason, attempt=row.attempt, now=now)
    move(desk.folder, row.path, place)
    desk.known.pop(row.path, None)
    desk.waiting.pop(row.path, None)
    logger.info("%s: %s%s", row.path, row.state, f", {row.reason}" if row.reason else "")
