"""What processes that share a server tell each other: who holds how much of its limit.

Each process learns the limit from its own tasks (`tasks.infer.throttle`). Here what they learn is
summed up, and the sum divided: a process gives up at once what is beyond its part, and gets more
only once others have let it go, so that all together never hold more than the sum. What nobody
renews for a few seconds is free again.
"""

import asyncio
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tasks.ledger.schema import throttle_limits as limits
from tasks.ledger.schema import throttle_owners as owners
from tasks.ledger.writer import Writer

LEASE_S = 5.0
REMEMBER_S = 600.0
"""A limit of which nobody has spoken for so long is forgotten."""


@dataclass(frozen=True, slots=True)
class ThrottleNews:
    """What a process tells; `limit` is the part that it holds, `first` what to begin with."""

    first: int
    limit: int
    in_flight: int
    wanted: int
    """Tasks in flight and waiting."""
    most: float = math.inf
    """It never takes a larger part."""
    gained: int = 0
    """By how much it has raised its limit, less what it has lowered it, since it last told."""
    pause_s: float = 0.0
    """For how long yet the server wants to be left alone."""


@dataclass(frozen=True, slots=True)
class ThrottleOrders:
    """What a process is told; it raises its limit by `more`, which may be negative."""

    total: int
    more: int
    probes: bool
    """Whether this process is the one that tries whether the limit has risen."""
    sharers: int = 1
    pause_s: float = 0.0


class ThrottleTable:
    """One process's seat at the table."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._owner = uuid.uuid4().hex

    async def exchange(self, endpoint: str, mine: ThrottleNews) -> ThrottleOrders:
        """Tell the others the news, and hear how much of the limit is this process's."""

        def work(connection: Connection) -> ThrottleOrders:
            return exchange(connection, endpoint, self._owner, mine=mine, now=self._writer.now())

        return await asyncio.wrap_future(self._writer.submit(work))


def exchange(
    connection: Connection, endpoint: str, owner: str, *, mine: ThrottleNews, now: float
) -> ThrottleOrders:
    """Keep the news of an owner and give its orders, in the transaction of the connection."""
    total, paused_until = _take_news(connection, endpoint, mine, now)
    connection.execute(delete(owners).where(owners.c.lease_until <= now))
    found = connection.execute(select(owners).where(owners.c.endpoint == endpoint)).all()
    others = {row.owner: row for row in found if row.owner != owner}
    wanted = {row.owner: row.wanted for row in others.values()} | {owner: mine.wanted}
    parts = divide(total, wanted)
    part = parts[owner]
    free = total - sum(row.held for row in others.values())
    level = int(min(part, mine.most, max(free, mine.limit)))
    if len(others) == len(found):
        connection.execute(insert(owners).values(endpoint=endpoint, owner=owner, **_NOTHING))
    seat = (owners.c.endpoint == endpoint) & (owners.c.owner == owner)
    held = {"held": max(level, mine.in_flight), "wanted": mine.wanted}
    connection.execute(update(owners).where(seat).values(**held, lease_until=now + LEASE_S))
    sharers = sum(1 for tasks in wanted.values() if tasks)
    hungry = [each for each in wanted if wanted[each] > parts[each]]
    return ThrottleOrders(
        total=total,
        more=level - mine.limit,
        probes=owner == min(hungry, default=owner),
        sharers=max(1, sharers),
        pause_s=max(0.0, paused_until - now),
    )


def divide(total: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """Divide a limit evenly; what one does not want goes to the others, then to all again.

    Whoever wants anything gets at least one, though that be more than there is.
    """
    parts = dict.fromkeys(wanted, 0)
    rest = total
    hungry = sorted(owner for owner in wanted if wanted[owner])
    while hungry and rest:
        each = max(1, rest // len(hungry))
        for owner in hungry[:rest]:
            bite = min(each, wanted[owner] - parts[owner])
            parts[owner] += bite
            rest -= bite
        hungry = [owner for owner in hungry if parts[owner] < wanted[owner]]
    for place, owner in enumerate(sorted(wanted)):
        parts[owner] += rest // len(wanted) + (place < rest % len(wanted))
        if wanted[owner]:
            parts[owner] = max(1, parts[owner])
    return parts


_NOTHING = {"held": 0, "wanted": 0, "lease_until": 0.0}


def _take_news(
    connection: Connection, endpoint: str, mine: ThrottleNews, now: float
) -> tuple[int, float]:
    """Bring the limit up to date, its row locked; give it and when its pause ends."""
    new = {"total": max(mine.first, mine.limit), "paused_until": 0.0, "told_at": now}
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        make(limits).values(endpoint=endpoint, **new | {"told_at": 0.0}).on_conflict_do_nothing()
    )
    row = connection.execute(
        select(limits).where(limits.c.endpoint == endpoint).with_for_update()
    ).one()
    paused_until = max(row.paused_until, now + mine.pause_s) if mine.pause_s else row.paused_until
    if row.told_at > now - REMEMBER_S:
        new["total"] = max(1, row.total + mine.gained)
    new["paused_until"] = paused_until
    connection.execute(update(limits).where(limits.c.endpoint == endpoint).values(new))
    return int(new["total"]), paused_until
