"""Who is at work: runs and watchers tell the ledger every few seconds that they live."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update

from tasks.ledger.schema import heartbeats

FORGET_AFTER_S = 30 * 86_400.0


def beat(connection: Connection, who: str, *, now: float) -> None:
    """Note that somebody lives; the caller's transaction is the only one that writes."""
    mine = heartbeats.c.who == who
    if not connection.execute(update(heartbeats).where(mine).values(beat_at=now)).rowcount:
        connection.execute(insert(heartbeats).values(who=who, beat_at=now))
        connection.execute(delete(heartbeats).where(heartbeats.c.beat_at < now - FORGET_AFTER_S))


def last_beats(connection: Connection, whom: Collection[str]) -> dict[str, float]:
    """Give when each of some was last heard of, in seconds since the epoch."""
    query = select(heartbeats.c.who, heartbeats.c.beat_at).where(heartbeats.c.who.in_(whom))
    return {row.who: row.beat_at for row in connection.execute(query)}
