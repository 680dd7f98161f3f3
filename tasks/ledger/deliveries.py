"""What webhooks brought for tasks in flight; it lies here until the answers are kept.

The receiver is a process of its own, and the run that a delivery is for may have died meanwhile:
whoever takes its task over finds here what came.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from tasks.ledger.attempts import LIVE
from tasks.ledger.prepared import Prepared
from tasks.ledger.schema import attempts, deliveries


class Delivery(NamedTuple):
    """One sibling's answer, or a failure: JSON as it came; by its identity it is kept once."""

    task_uuid: str
    identity: str
    body: str


_IN_FLIGHT = Prepared(
    lambda kind: select(attempts.c.task_uuid).where(kind.among(attempts.c.task_uuid, "uuids"), LIVE)
)
_KEEP = Prepared(lambda kind: kind.insert(deliveries).on_conflict_do_nothing())
_FIND = Prepared(
    lambda kind: (
        select(deliveries.c.task_uuid, deliveries.c.identity, deliveries.c.body)
        .where(kind.among(deliveries.c.task_uuid, "uuids"))
        .order_by(deliveries.c.came_at, deliveries.c.identity)
    )
)
_DROP = Prepared(
    lambda _: delete(deliveries).where(deliveries.c.task_uuid == bindparam("its_uuid"))
)


def keep(connection: Connection, brought: Sequence[Delivery], *, now: float) -> int:
    """Keep what is for tasks in flight, and count it; duplicates and strangers leave no trace."""
    rows = _IN_FLIGHT.rows(connection, uuids=sorted({one.task_uuid for one in brought}))
    in_flight = {row[0] for row in rows}
    wanted = [one for one in brought if one.task_uuid in in_flight]
    _KEEP.each(connection, [one._asdict() | {"came_at": now} for one in wanted])
    return len(wanted)


def brought(connection: Connection, task_uuids: Iterable[str]) -> list[Delivery]:
    """Give what has come for tasks, in the order in which it came."""
    return [Delivery(*row) for row in _FIND.rows(connection, uuids=list(task_uuids))]


def drop(connection: Connection, task_uuids: Iterable[str]) -> None:
    """Take out what came for tasks whose attempts are closed."""
    _DROP.each(connection, [{"its_uuid": task_uuid} for task_uuid in task_uuids])
