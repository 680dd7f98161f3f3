"""The ledger: every inference task asked, sent, answered and paid, so that none is paid twice.

The states of an attempt:

                 committed before its POST
        claim ──────────────────────────────► sent ──── answer kept ────► answered
                                              │  ▲
                  refused: nothing was billed │  │ lease ran out or was released:
                                     failed ◄─┘  └─ the next to claim takes it over
                                                    and sends the SAME task UUID again

An attempt belongs to its owner while its lease lasts; the owner renews it every few seconds, so a
killed process holds up nobody for longer than a lease. Whoever else wants the same answer waits.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from tasks.core.documents import Result, Usage
from tasks.core.errors import ConfigError
from tasks.ledger.schema import VERSION, answers, attempts, metadata, schema
from tasks.ledger.writer import Writer, open_engine

Value = TypeVar("Value")

logger = logging.getLogger("docmill.ledger")

LEASE_S = 15.0
RENEW_S = 5.0
KEYS_PER_QUERY = 500
"""SQLite takes a bounded number of values in one statement."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an attempt is for; it goes into the ledger beside its UUID."""

    key: str
    provider: str
    endpoint: str
    model: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to ask for an answer, under this UUID and no other."""

    key: str
    task_uuid: str


class Ledger:
    """The answers and attempts of all runs that share one database."""

    def __init__(self, writer: Writer, *, clock: Callable[[], float] = time.time) -> None:
        self._writer = writer
        self._clock = clock
        self._owner = uuid.uuid4().hex

    async def claim(self, asked: Asked, *, not_before: float = 0.0) -> Result | Claim | None:
        """Give the kept answer, else the right to ask for it; None while another asks.

        An answer older than `not_before` (seconds since the epoch) does not count.
        """

        def work(connection: Connection) -> Result | Claim | None:
            kept = connection.execute(
                select(answers).where(
                    answers.c.key == asked.key, answers.c.answered_at >= not_before
                )
            ).first()
            if kept is not None:
                return _result(kept)
            return self._claim_attempt(connection, asked)

        return await self._do(work)

    def _claim_attempt(self, connection: Connection, asked: Asked) -> Claim | None:
        """Take over the attempt that nobody holds, or begin one."""
        now = self._clock()
        sent = connection.execute(
            select(attempts).where(attempts.c.key == asked.key, attempts.c.state == "sent")
        ).first()
        if sent is not None and sent.lease_until > now:
            return None
        lease = {"owner": self._owner, "lease_until": now + LEASE_S}
        if sent is not None:
            mine = attempts.c.task_uuid == sent.task_uuid
            connection.execute(update(attempts).where(mine).values(lease))
            return Claim(asked.key, sent.task_uuid)
        claim = Claim(asked.key, str(uuid.uuid4()))
        row = {
            "task_uuid": claim.task_uuid,
            "key": asked.key,
            "provider": asked.provider,
            "endpoint": asked.endpoint,
            "model": asked.model,
            "state": "sent",
            "sent_at": now,
            **lease,
        }
        connection.execute(insert(attempts).values(row))
        return claim

    async def settle(self, claim: Claim, result: Result) -> None:
        """Keep an answer and close its attempt, in one transaction."""
        usage = result.usage
        row = {
            "key": claim.key,
            "task_uuid": claim.task_uuid,
            "text": result.text,
            "thoughts": result.thoughts,
            "finish_reason": result.finish_reason,
            "prompt_tokens": usage and usage.prompt_tokens,
            "completion_tokens": usage and usage.completion_tokens,
            "total_tokens": usage and usage.total_tokens,
            "thinking_tokens": usage and usage.thinking_tokens,
            "cost_usd": result.cost_usd,
            "answered_at": self._clock(),
        }

        def work(connection: Connection) -> None:
            connection.execute(delete(answers).where(answers.c.key == claim.key))
            connection.execute(insert(answers).values(row))
            _set_state(connection, claim, state="answered")

        await self._do(work)

    async def fail(self, claim: Claim, reason: str) -> None:
        """Close an attempt that was refused; the next one gets a new UUID."""
        await self._do(lambda connection: _set_state(connection, claim, "failed", reason))

    def release(self, claim: Claim) -> None:
        """Let others take an attempt over at once; does not wait, so it may follow a cancel."""

        def work(connection: Connection) -> None:
            mine = attempts.c.task_uuid == claim.task_uuid
            connection.execute(update(attempts).where(mine).values(lease_until=0.0))

        self._writer.submit(work)

    async def answered(self, keys: Iterable[str]) -> frozenset[str]:
        """Give those of the keys whose answers are kept."""
        wanted = sorted(set(keys))

        def work(connection: Connection) -> frozenset[str]:
            found: set[str] = set()
            for at in range(0, len(wanted), KEYS_PER_QUERY):
                some = wanted[at : at + KEYS_PER_QUERY]
                found.update(
                    connection.scalars(select(answers.c.key).where(answers.c.key.in_(some)))
                )
            return frozenset(found)

        return await self._do(work)

    async def keep_leases(self) -> None:
        """Renew this owner's leases for ever; cancel it to stop."""

        def work(connection: Connection) -> None:
            mine = (attempts.c.owner == self._owner) & (attempts.c.state == "sent")
            live = attempts.c.lease_until > 0.0  # a released attempt stays released
            connection.execute(
                update(attempts).where(mine & live).values(lease_until=self._clock() + LEASE_S)
            )

        while True:
            await asyncio.sleep(RENEW_S)
            try:
                await self._do(work)
            except SQLAlchemyError as error:  # the next try may pass; ending here would not
                logger.warning("leases could not be renewed, trying again: %s", error)

    async def _do(self, work: Callable[[Connection], Value]) -> Value:
        return await asyncio.wrap_future(self._writer.submit(work))


@asynccontextmanager
async def open_ledger(url: str) -> AsyncIterator[Ledger]:
    """Open the ledger at a SQLAlchemy URL, make its tables, and renew its leases while open."""
    writer = Writer(open_engine(url))
    ledger = Ledger(writer)
    try:
        await asyncio.wrap_future(writer.submit(_prepare))
        renewal = asyncio.create_task(ledger.keep_leases())
        try:
            yield ledger
        finally:
            renewal.cancel()
    finally:
        await asyncio.to_thread(writer.close)


def _prepare(connection: Connection) -> None:
    """Make the tables of a new database; refuse one of another version."""
    metadata.create_all(connection)
    version = connection.scalar(select(schema.c.version))
    if version is None:
        connection.execute(insert(schema).values(version=VERSION))
    elif version != VERSION:
        raise ConfigError(
            f"the ledger has schema version {version}, this docmill knows {VERSION}: "
            "point DOCMILL_LEDGER at another database or use the docmill that wrote it"
        )


def _set_state(connection: Connection, claim: Claim, state: str, reason: str = "") -> None:
    mine = attempts.c.task_uuid == claim.task_uuid
    connection.execute(update(attempts).where(mine).values(state=state, reason=reason))


def _result(row: Row[tuple[object, ...]]) -> Result:
    usage = None
    if row.total_tokens is not None:
        usage = Usage(
            prompt_tokens=row.prompt_tokens,
            completion_tokens=row.completion_tokens,
            total_tokens=row.total_tokens,
            thinking_tokens=row.thinking_tokens,
        )
    return Result(
        answer_key=row.key,
        text=row.text,
        thoughts=row.thoughts,
        finish_reason=row.finish_reason,
        usage=usage,
        cost_usd=row.cost_usd,
        reused=True,
    )
