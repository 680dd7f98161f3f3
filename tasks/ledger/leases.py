"""The leases of one owner: what it holds is its own for as long as it lives and a little longer."""

import asyncio
import logging
import uuid
from collections.abc import Callable

from sqlalchemy import Connection

from tasks.ledger import attempts
from tasks.ledger.writer import Writer

logger = logging.getLogger("docmill.ledger")

LEASE_S = 15.0
RENEW_S = 5.0


class Leases:
    """What an owner is at work on, by task UUID."""

    def __init__(self, writer: Writer, clock: Callable[[], float]) -> None:
        self._writer = writer
        self._clock = clock
        self.owner = uuid.uuid4().hex
        self.held: set[str] = set()

    async def keep(self) -> None:
        """Renew all leases for ever; cancel it to stop."""
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                await asyncio.wrap_future(self._writer.submit(self._renew))
            except Exception as error:  # noqa: BLE001 - an edge: the next time may go well
                logger.warning("the ledger's leases could not be renewed: %s", error)

    def release(self, *task_uuids: str) -> None:
        """Let others take attempts over at once; waits for nothing."""
        self.held.difference_update(task_uuids)
        self._writer.submit(lambda c: attempts.release(c, task_uuids, self.owner))

    def _renew(self, connection: Connection) -> None:
        held, until = tuple(self.held), self._clock() + LEASE_S
        attempts.renew(connection, held, self.owner, until=until)
