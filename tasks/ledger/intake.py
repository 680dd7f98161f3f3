"""The intake: every file that came by a folder, and what became of it.

The states of a row, which stands for one content at one place, to be made into one output:

                complete                taken for a run            the run says so
        file ────────────► ready ───────────────────────► started ────────────────► done
                            ▲  ▲                             │  └─────────────────► failed
                            │  └─────────────────────────────┘                       │
                            │        its run was lost, cancelled or crashed          │
                            └────────────────────────────────────────────────────────┘
                              tried again: by itself where the reason may pass, else
                              because a person has put the file back: attempt + 1

        ready, started ───► gone: the file was changed or taken away before it was read

A started row belongs to a batch: the files that one run answers. The batch is committed before the
run is asked for, and its name is the run's idempotency key, so that a kill between the two asks for
the same run again; `run` is empty until the run is known. Only the batch that a row belongs to may
settle it: a run that was given up and comes back late changes nothing.

A row is open while its file lies in the folder. Once it is done or failed its file is moved away:
`place`, where it goes, is committed before and `closed_at` after. A scheduled folder moves nothing;
its rows stay open, and say what is not to be done again.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from tasks.ledger.schema import intake


class State(StrEnum):
    """What is known of a file."""

    READY = "ready"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A complete file: `path` is relative to the folder `inbox`, `digest` is its SHA-256.

    `request` is what is wanted of it, as canonical JSON, and `version` that of the recipe.
    """

    inbox: str
    path: str
    digest: str
    size: int
    mtime_ns: int
    request: str
    version: str

    @property
    def id(self) -> str:
        """Name the row: another content, place, request or recipe is another row."""
        parts = (self.inbox, self.path, self.digest, self.request, self.version)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the intake; times are seconds since the epoch."""

    id: str
    inbox: str
    path: str
    digest: str
    size: int
    mtime_ns: int
    request: str
    version: str
    state: State
    attempt: int
    batch: str
    run: str
    due_at: float
    reason: str
    may_pass: bool
    outputs: tuple[str, ...]
    place: str
    seen_at: float
    changed_at: float
    closed_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a file ended; `may_pass` tells that trying again later may help."""

    done: bool
    reason: str = ""
    may_pass: bool = False
    outputs: tuple[str, ...] = ()


def arrive(connection: Connection, arrival: Arrival, *, now: float) -> Row:
    """Give the row of a file, a new one where there is none; what is known of it stays."""
    known = _rows(connection, intake.c.id == arrival.id)
    if known:
        stamp = {"size": arrival.size, "mtime_ns": arrival.mtime_ns}
        _change(connection, intake.c.id == arrival.id, stamp)
        return known[0]
    values = {
        **asdict(arrival),
        "id": arrival.id,
        "state": State.READY,
        "attempt": 1,
        "due_at": now,
        "may_pass": False,
        "outputs": "[]",
        "seen_at": now,
        "changed_at": now,
        **dict.fromkeys(("batch", "run", "reason", "place"), ""),
    }
    connection.execute(insert(intake).values(values))
    return _rows(connection, intake.c.id == arrival.id)[0]


def try_again(connection: Connection, row: Row, *, reason: str, due_at: float, now: float) -> None:
    """Make a row ready for another attempt; one that was changed since it was read is left."""
    same = (intake.c.id == row.id) & (intake.c.attempt == row.attempt)
    fresh = {"batch": "", "run": "", "place": "", "closed_at": None, "may_pass": False}
    ready = {"state": State.READY, "attempt": row.attempt + 1, "due_at": due_at, "reason": reason}
    _change(connection, same & (intake.c.state == row.state), {**fresh, **ready}, now=now)


def claim(connection: Connection, ids: Collection[str], batch: str, *, now: float) -> int:
    """Take ready rows for a batch; gives how many, since others may have been quicker."""
    free = intake.c.id.in_(ids) & (intake.c.state == State.READY)
    taken = {"state": State.STARTED, "batch": batch, "run": "", "reason": ""}
    return _change(connection, free, taken, now=now)


def note_run(connection: Connection, batch: str, run: str, *, now: float) -> None:
    """Note the flow run of a batch."""
    mine = (intake.c.batch == batch) & (intake.c.state == State.STARTED)
    _change(connection, mine, {"run": run}, now=now)


def settle(
    connection: Connection, batch: str, outcomes: Mapping[str, Outcome], *, now: float
) -> None:
    """Note how files of a batch ended, by row."""
    for row_id, outcome in outcomes.items():
        mine = (intake.c.id == row_id) & (intake.c.batch == batch)
        values = {
            "state": State.DONE if outcome.done else State.FAILED,
            "reason": outcome.reason,
            "may_pass": outcome.may_pass,
            "outputs": json.dumps(outcome.outputs),
        }
        _change(connection, mine & (intake.c.state == State.STARTED), values, now=now)


def conclude(connection: Connection, row: Row, outcome: Outcome, *, now: float) -> None:
    """Note how a file ended that no run was needed for."""
    claim(connection, [row.id], row.id, now=now)
    settle(connection, row.id, {row.id: outcome}, now=now)


def give_up(connection: Connection, row: Row, *, reason: str, now: float) -> None:
    """Close a row whose file is no longer there as it was."""
    same = (intake.c.id == row.id) & (intake.c.attempt == row.attempt)
    _change(connection, same, {"state": State.GONE, "reason": reason, "closed_at": now}, now=now)


def note_place(connection: Connection, row: Row, place: str, *, now: float) -> None:
    """Note where the file of a row is about to go."""
    _change(connection, intake.c.id == row.id, {"place": place}, now=now)


def close(connection: Connection, row: Row, *, now: float) -> None:
    """Close a row whose file has gone to its place."""
    same = (intake.c.id == row.id) & (intake.c.attempt == row.attempt)
    _change(connection, same, {"closed_at": now}, now=now)


def open_rows(connection: Connection, inbox: str, *states: State) -> list[Row]:
    """Give the rows whose files lie in a folder, in any or some states, the oldest first."""
    some = intake.c.state.in_(states or tuple(State))
    return _rows(connection, _is_open(inbox) & some)


def next_due_at(connection: Connection, inbox: str) -> float | None:
    """Give the time from which on the first ready row of a folder is to be started."""
    ready = _is_open(inbox) & (intake.c.state == State.READY)
    due_at: float | None = connection.scalar(select(func.min(intake.c.due_at)).where(ready))
    return due_at


def rows_of_batch(connection: Connection, batch: str) -> list[Row]:
    """Give the rows that a batch has started."""
    return _rows(connection, (intake.c.batch == batch) & (intake.c.state == State.STARTED))


def rows_of(connection: Connection, inbox: str) -> list[Row]:
    """Give all rows of a folder, the oldest first."""
    return _rows(connection, intake.c.inbox == inbox)


def inboxes(connection: Connection) -> list[str]:
    """Give the folders that the intake knows."""
    query = select(intake.c.inbox).distinct().order_by(intake.c.inbox)
    return [str(row[0]) for row in connection.execute(query)]


def _is_open(inbox: str) -> ColumnElement[bool]:
    return (intake.c.inbox == inbox) & intake.c.closed_at.is_(None)


def _rows(connection: Connection, where: ColumnElement[Any]) -> list[Row]:
    query = select(intake).where(where).order_by(intake.c.seen_at, intake.c.path)
    return [_row(values) for values in connection.execute(query).mappings()]


def _row(values: Mapping[Any, Any]) -> Row:
    plain = {field.name: values[field.name] for field in fields(Row)}
    told = {"state": State(plain["state"]), "outputs": tuple(json.loads(plain["outputs"]))}
    return Row(**{**plain, **told})


def _change(
    connection: Connection,
    where: ColumnElement[Any],
    values: Mapping[str, Any],
    *,
    now: float | None = None,
) -> int:
    """Change rows; what happened to them has a time, what is learned of them has none."""
    timed = values if now is None else {**values, "changed_at": now}
    return connection.execute(update(intake).where(where).values(timed)).rowcount
