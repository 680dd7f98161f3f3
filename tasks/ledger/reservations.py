"""The reservations: money promised before it is spent, so that no budget is passed.

A job's account holds what it has spent; what is promised to its tasks in flight stands beside it,
each at its worst case. The sum of both never passes the limit. Money is counted in nanodollars.
"""

import math
import uuid
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from tasks.core.errors import BudgetError
from tasks.ledger.leases import LEASE_S
from tasks.ledger.prepared import Prepared
from tasks.ledger.schema import attempts, reservations, spending
from tasks.ledger.values import Reservation, Spent

NANO = 10**9

_SPENT = Prepared(
    lambda _: select(spending.c.nano_usd, spending.c.tokens).where(
        spending.c.job == bindparam("its_job")
    )
)
_OPEN = Prepared(
    lambda _: select(
        func.coalesce(func.sum(reservations.c.nano_usd), 0),
        func.coalesce(func.sum(reservations.c.tokens), 0),
    ).where(reservations.c.job == bindparam("its_job"))
)
_RESERVE = Prepared(lambda _: insert(reservations))
_CLOSE = Prepared(lambda _: delete(reservations).where(reservations.c.id == bindparam("its_id")))
_SUPERSEDE = Prepared(
    lambda _: delete(reservations).where(
        reservations.c.job == bindparam("its_job"),
        reservations.c.task_uuid == bindparam("its_uuid"),
    )
)
_ACCOUNT = Prepared(lambda kind: kind.insert(spending).on_conflict_do_nothing())
_SPEND = Prepared(
    lambda _: (
        update(spending)
        .where(spending.c.job == bindparam("its_job"))
        .values(
            nano_usd=spending.c.nano_usd + bindparam("more_nano_usd"),
            tokens=spending.c.tokens + bindparam("more_tokens"),
            touched_at=bindparam("now"),
        )
    )
)
_FORGOTTEN = Prepared(
    lambda _: (
        select(reservations.c.id, attempts.c.cost_usd, attempts.c.tokens)
        .join_from(reservations, attempts, attempts.c.task_uuid == reservations.c.task_uuid)
        .where(
            reservations.c.job == bindparam("its_job"),
            attempts.c.closed_at < bindparam("closed_before"),
        )
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What is to be reserved, for whom and within which limits."""

    job: str
    task_uuid: str
    usd: float
    tokens: int
    usd_limit: float | None
    tokens_limit: int | None


def nano(usd: float) -> int:
    """Give money in whole nanodollars, rounded up, as people read the number: 0.1 is 0.1."""
    return math.ceil(Decimal(repr(usd)).scaleb(9))


def reserve(connection: Connection, need: Need, *, now: float) -> Reservation | BudgetError:
    """Promise money to a task; the error is given, not raised, when a limit would be passed."""
    if need.task_uuid:  # taken over: its former owner's promise is for the same bill
        _SUPERSEDE.run(connection, its_job=need.job, its_uuid=need.task_uuid)
    refusal = _refusal(connection, need)
    if refusal is not None and _close_forgotten(connection, need.job, now=now):
        refusal = _refusal(connection, need)
    if refusal is not None:
        return refusal
    reservation = Reservation(uuid.uuid4().hex, need.job, need.usd, need.tokens)
    _RESERVE.run(
        connection,
        id=reservation.id,
        job=need.job,
        task_uuid=need.task_uuid,
        nano_usd=nano(need.usd),
        tokens=need.tokens,
        made_at=now,
    )
    return reservation


def close(
    connection: Connection, reservation: Reservation, *, usd: float, tokens: int, now: float
) -> None:
    """Put what was really spent in the place of a promise; the second time does nothing."""
    if _CLOSE.run(connection, its_id=reservation.id):
        _spend(connection, reservation.job, nano(usd), tokens, now)


def spent(connection: Connection, job: str) -> Spent:
    """Give a job's account."""
    nano_usd, tokens, open_nano_usd, open_tokens = _account(connection, job)
    return Spent(
        usd=nano_usd / NANO, tokens=tokens, open_usd=open_nano_usd / NANO, open_tokens=open_tokens
    )


def _account(connection: Connection, job: str) -> tuple[int, int, int, int]:
    rows = _SPENT.rows(connection, its_job=job)
    nano_usd, tokens = rows[0] if rows else (0, 0)
    open_nano_usd, open_tokens = _OPEN.rows(connection, its_job=job)[0]
    return nano_usd, tokens, int(open_nano_usd), int(open_tokens)


def _refusal(connection: Connection, need: Need) -> BudgetError | None:
    nano_usd, tokens, open_nano_usd, open_tokens = _account(connection, need.job)
    usd_limit, tokens_limit = need.usd_limit, need.tokens_limit
    if usd_limit is not None and nano_usd + open_nano_usd + nano(need.usd) > nano(usd_limit):
        return BudgetError(
            f"the budget of ${usd_limit:.2f} would be passed: ${nano_usd / NANO:.4f} is spent, "
            f"${open_nano_usd / NANO:.4f} is promised to tasks in flight, and the next may cost "
            f"${need.usd:.4f}: raise the budget and run the same command again to go on"
        )
    if tokens_limit is not None and tokens + open_tokens + need.tokens > tokens_limit:
        return BudgetError(
            f"the budget of {tokens_limit} tokens would be passed: {tokens} are spent, "
            f"{open_tokens} are promised to tasks in flight, and the next may take "
            f"{need.tokens}: raise the budget and run the same command again to go on"
        )
    return None


def _close_forgotten(connection: Connection, job: str, *, now: float) -> bool:
    """Close what a killed process left open although its tasks have ended; True for any."""
    rows = _FORGOTTEN.rows(connection, its_job=job, closed_before=now - LEASE_S)
    known = [row for row in rows if None not in row]  # else the worst case stays
    for its_id, cost_usd, tokens in known:
        _CLOSE.run(connection, its_id=its_id)
        _spend(connection, job, nano(cost_usd), tokens, now)
    return bool(known)


def _spend(connection: Connection, job: str, nano_usd: int, tokens: int, now: float) -> None:
    _ACCOUNT.run(connection, job=job, nano_usd=0, tokens=0, touched_at=now)
    _SPEND.run(connection, its_job=job, more_nano_usd=nano_usd, more_tokens=tokens, now=now)
