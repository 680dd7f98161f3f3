"""A run's heartbeat: it tells the ledger that it lives, so that a killed one is found."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from tasks.ledger.engine import now_of, open_engine, prepare
from tasks.ledger.heartbeats import beat

logger = logging.getLogger("docmill.run")

BEAT_EVERY_S = 10.0


@asynccontextmanager
async def beating(url: str, who: str, *, every_s: float = BEAT_EVERY_S) -> AsyncIterator[None]:
    """Note in the ledger every few seconds that somebody lives, while this lasts.

    A thread does it, so that a loop that is busy is not taken for dead.
    """
    engine, stop = open_engine(url), threading.Event()

    def go_on() -> None:
        while not stop.wait(every_s):
            _beat(engine, who)

    thread = threading.Thread(target=go_on, name="heart", daemon=True)
    await asyncio.to_thread(_beat, engine, who)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join)
        engine.dispose()


def _beat(engine: Engine, who: str) -> None:
    try:
        with engine.begin() as connection:
            prepare(connection)
            beat(connection, who, now=now_of(connection))
    except SQLAlchemyError as error:  # one beat may be missed: the next may go well
        logger.warning("the ledger did not take a heartbeat: %s", error)
