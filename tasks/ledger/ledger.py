"""The ledger: every inference task asked, sent, answered and paid, so that none is paid twice.

The states of an attempt:

                 committed before its POST         the provider has it
        claim ──────────────────────────────► sent ───────────────────► accepted
                                              │  ▲                      │  ▲
                 the lease ran out or was     │  └──────────────────────┼──┘
                 released: the next to claim  │   takes it over in the state that it is in,
                 sends the SAME UUID or asks  │   under the SAME UUID, told that it was begun
                                              ▼                         ▼
                       answers kept ──────► answered ◄── or later, from any state: an answer is one
                       refused, not billed ► failed      the next claim gets a new UUID
                       may be billed, and  ► unknown     its worst case stays charged, and the next
                       no answer to be had               claim is refused with LostError, unless
                                                         lost answers may be bought again: then it
                                                         gets a new UUID

An attempt belongs to its owner while its lease lasts; the owner renews it every few seconds, so a
killed process holds up nobody for longer than a lease. Whoever else wants the same answer waits.
An owner that lost its lease can neither fail nor lose what another has taken over.

Calls that write go on when their caller is cancelled: what is paid for is kept.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from tasks.core.answers import Result
from tasks.core.errors import BudgetError, LostError
from tasks.core.margin import Margin
from tasks.ledger import attempts, deliveries, margins, reservations
from tasks.ledger.answers import Wish, kept_answers, which_are_kept
from tasks.ledger.claims import Claimed, Decision, Holder, claim_all
from tasks.ledger.deliveries import Delivery
from tasks.ledger.engine import open_engine, prepare, unreachable
from tasks.ledger.leases import Leases
from tasks.ledger.values import Answerer, Asked, Claim, Counted, Plan, Reservation, Spent
from tasks.ledger.writer import SINGLE, Gathering, Writer

__all__ = [
    "Answerer",
    "Asked",
    "Claim",
    "Counted",
    "Ledger",
    "Plan",
    "Reservation",
    "Spent",
    "open_ledger",
]

Value = TypeVar("Value")
Paid = tuple[Claim, tuple[Result, ...], tuple[Counted, ...]]


class Ledger:
    """The answers, attempts and reservations of all runs that share one database."""

    def __init__(
        self, writer: Writer, *, clock: Callable[[], float] | None = None, buy_lost: bool = False
    ) -> None:
        self.writer = writer
        self._clock = clock or writer.now
        self._buy_lost = buy_lost
        self.leases = Leases(writer, self._clock)
        self._settling = Gathering(self._settle_all, place=-1)
        self._claiming = Gathering(self._claim_all, place=1)  # sees what is settled with it

    async def claim(self, asked: Asked, *, not_before: float = 0.0) -> Claimed:
        """Give all kept answers, else the right to ask for them; None while another asks.

        Answers older than `not_before` (seconds since the epoch) do not count. LostError when the
        answer was lost and may not be bought again.
        """
        wish = Wish(asked, not_before)
        doing = self.writer.gather(self._claiming, wish)
        try:
            claimed = await asyncio.shield(doing)
        except asyncio.CancelledError:
            doing.add_done_callback(self._give_back)
            raise
        if isinstance(claimed, LostError):
            raise claimed
        if isinstance(claimed, Claim):
            self.leases.held.add(claimed.task_uuid)
        return claimed

    async def accept(self, claim: Claim) -> None:
        """Note that the provider has taken the task: from here on it is asked for, not sent."""
        await self._do(lambda c: attempts.accept(c, claim, self.leases.owner))

    async def settle(
        self, claim: Claim, results: tuple[Result, ...], counted: tuple[Counted, ...] = ()
    ) -> None:
        """Keep all answers, learn from their counts and close the attempt, in one transaction."""
        await self._end(claim, self.writer.gather(self._settling, (claim, results, counted)))

    async def learn(self, counted: Counted) -> None:
        """Learn from a prompt that was not answered how the provider counts."""
        await self._do(lambda connection: margins.learn(connection, (counted,)))

    async def margins(
        self, wanted: Sequence[Plan], by: Answerer, *, not_before: float = 0.0
    ) -> tuple[Margin, ...]:
        """Give the margin of each plan: that of whoever planned it first, and later than that time.

        What nobody has planned gets the margin that is learned by now, and keeps it.
        """
        return await self._do(
            lambda c: margins.remembered(c, wanted, by, not_before=not_before, now=self._clock())
        )

    async def fail(self, claim: Claim, reason: str) -> None:
        """Close an attempt that was refused, nothing billed; the next one gets a new UUID."""

        def work(connection: Connection) -> None:
            attempts.fail(connection, claim, self.leases.owner, reason=reason, now=self._clock())
            deliveries.drop(connection, (claim.task_uuid,))

        await self._end(claim, self.writer.gather(SINGLE, work))

    async def lose(self, claim: Claim, reason: str) -> None:
        """Close an attempt that may be billed and has no answer; its worst case stays charged."""

        def work(connection: Connection) -> None:
            attempts.lose(connection, claim, self.leases.owner, reason=reason, now=self._clock())

        await self._end(claim, self.writer.gather(SINGLE, work))

    def release(self, claim: Claim) -> None:
        """Let others take an attempt over at once; does not wait, so it may follow a cancel."""
        self.writer.flush()  # what was asked for before comes before
        self.leases.release(claim.task_uuid)

    def withdraw(self, claim: Claim) -> None:
        """Close an attempt that was never sent; does not wait, as `release`."""

        def work(connection: Connection) -> None:
            owner, now = self.leases.owner, self._clock()
            attempts.fail(connection, claim, owner, reason="never sent", now=now)

        self.writer.flush()
        self.leases.held.discard(claim.task_uuid)
        self.writer.submit(work)

    async def kept(self, asked: Asked, *, not_before: float = 0.0) -> tuple[Result, ...] | None:
        """Give all kept answers, without a claim where one is missing; `not_before` as above."""
        wish = Wish(asked, not_before)
        return await self._do(lambda connection: kept_answers(connection, [wish])[0])

    async def answered(self, keys: Iterable[str]) -> frozenset[str]:
        """Give those of the answer keys whose answers are kept."""
        wanted = frozenset(keys)
        return await self._do(lambda connection: which_are_kept(connection, wanted))

    async def bring(self, brought: Sequence[Delivery]) -> None:
        """Keep what a webhook brought for tasks in flight, until their answers are settled."""
        await self._do(lambda c: deliveries.keep(c, brought, now=self._clock()))

    async def brought(self, task_uuids: Iterable[str]) -> list[Delivery]:
        """Give what webhooks have brought for tasks so far."""
        wanted = list(task_uuids)
        return await self._do(lambda connection: deliveries.brought(connection, wanted))

    async def reserve(
        self,
        job: str,
        *,
        usd: float,
        tokens: int,
        usd_limit: float | None,
        tokens_limit: int | None,
        claim: Claim | None = None,
    ) -> Reservation:
        """Promise a task's worst case out of a job's budget; BudgetError when a limit forbids it.

        With the task's claim, what a killed process had promised to the same UUID is not counted
        beside it, and promises to tasks that have ended since are closed at what they cost.
        """
        need = reservations.Need(
            job=job,
            task_uuid=claim.task_uuid if claim else "",
            usd=usd,
            tokens=tokens,
            usd_limit=usd_limit,
            tokens_limit=tokens_limit,
        )
        made = await self._do(lambda c: reservations.reserve(c, need, now=self._clock()))
        if isinstance(made, BudgetError):
            raise made
        return made

    async def close_reservation(self, reservation: Reservation, *, usd: float, tokens: int) -> None:
        """Put what was really spent in the place of a promise."""
        await self._do(
            lambda c: reservations.close(c, reservation, usd=usd, tokens=tokens, now=self._clock())
        )

    async def spent(self, job: str) -> Spent:
        """Give what a job has spent and what is promised to its tasks in flight."""
        return await self._do(lambda connection: reservations.spent(connection, job))

    def _claim_all(self, connection: Connection, wishes: list[Wish]) -> list[Decision]:
        holder = Holder(self.leases.owner, self._clock(), self.leases.held, buy_lost=self._buy_lost)
        return claim_all(connection, wishes, holder)

    def _settle_all(self, connection: Connection, paid: list[Paid]) -> list[None]:
        attempts.settle_all(connection, [(claim, rs) for claim, rs, _ in paid], self._clock())
        margins.learn(connection, (one for *_, counted in paid for one in counted))
        deliveries.drop(connection, (claim.task_uuid for claim, *_ in paid))
        return [None] * len(paid)

    def _give_back(self, doing: "asyncio.Future[Decision]") -> None:
        """Release what was claimed for a caller that no longer waits for it."""
        if not doing.cancelled() and doing.exception() is None:
            claimed = doing.result()
            if isinstance(claimed, Claim):
                self.release(claimed)

    async def _end(self, claim: Claim, closing: asyncio.Future[None]) -> None:
        try:
            await asyncio.shield(closing)
        finally:
            self.leases.held.discard(claim.task_uuid)

    async def _do(self, work: Callable[[Connection], Value]) -> Value:
        """Do work that goes on when its caller is cancelled."""
        return await asyncio.shield(self.writer.gather(SINGLE, work))


@asynccontextmanager
async def open_ledger(url: str, *, buy_lost: bool = False) -> AsyncIterator[Ledger]:
    """Open the ledger at a SQLAlchemy URL, make its tables, and renew its leases while open."""
    writer = Writer(open_engine(url))
    ledger = Ledger(writer, buy_lost=buy_lost)
    try:
        await _prepare(writer, url)
        renewal = asyncio.create_task(ledger.leases.keep())
        try:
            yield ledger
        finally:
            renewal.cancel()
            with suppress(asyncio.CancelledError):
                await renewal
    finally:
        writer.flush()
        ledger.leases.release(*ledger.leases.held)
        await asyncio.to_thread(writer.close)


async def _prepare(writer: Writer, url: str) -> None:
    try:
        await asyncio.wrap_future(writer.submit(prepare))
    except OperationalError as error:
        raise unreachable(url, error) from None
