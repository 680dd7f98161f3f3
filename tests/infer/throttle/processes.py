"""Several processes at one table, all on the virtual clock."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine

from tasks.ledger.schema import metadata
from tasks.ledger.throttle_table import ThrottleNews, ThrottleOrders, exchange
from tests.infer.throttle.virtual_time import clock

TRIP_S = 0.003
NOON = 1e9


@dataclass(slots=True)
class SlowTable:
    """The table of the ledger, without the thread that would not know of the virtual clock."""

    connection: Connection
    owner: str
    fails: bool = False
    told: int = 0

    async def exchange(self, endpoint: str, mine: ThrottleNews) -> ThrottleOrders:
        await asyncio.sleep(TRIP_S)
        if self.fails:
            raise OSError("the disk is gone")
        self.told += 1
        orders = exchange(self.connection, endpoint, self.owner, mine=mine, now=NOON + clock())
        await asyncio.sleep(TRIP_S)
        return orders


@contextmanager
def tables(count: int) -> Iterator[list[SlowTable]]:
    """Give a seat for each of so many processes."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        yield [SlowTable(connection, f"process-{place}") for place in range(count)]
    engine.dispose()
