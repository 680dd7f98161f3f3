"""What becomes of an attempt once it is claimed."""

import operator
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any, TypeVar

from sqlalchemy import ClauseElement, Connection, bindparam, or_, update

from tasks.core.answers import Result
from tasks.ledger.answers import keep_answers
from tasks.ledger.prepared import Prepared
from tasks.ledger.schema import attempts
from tasks.ledger.values import Claim

Number = TypeVar("Number", int, float)

LIVE = or_(attempts.c.state == "sent", attempts.c.state == "accepted")
LOST = (attempts.c.state == "unknown") & (attempts.c.replaced_by == "")
IT = attempts.c.task_uuid == bindparam("its_uuid")
MINE = IT & (attempts.c.owner == bindparam("its_owner")) & LIVE


def change(where: Any, *names: str, **constants: Any) -> Prepared:
    """Make an update of the named columns, whose parameters are called `to_<column>`."""
    named: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
    changed: ClauseElement = update(attempts).where(where).values({**named, **constants})
    return Prepared(lambda _: changed)


_ACCEPT = change(MINE, state="accepted")
_RELEASE = change(MINE, lease_until=0.0)
_RENEW = change(MINE & (attempts.c.lease_until > 0.0), "lease_until")
_FAIL = change(MINE, "closed_at", "reason", state="failed", cost_usd=0.0, tokens=0)
_LOSE = change(MINE, "closed_at", "reason", state="unknown", cost_usd=attempts.c.worst_usd)
_ANSWER = change(IT, "closed_at", "cost_usd", "tokens", state="answered")


def settle_all(
    connection: Connection, paid: Sequence[tuple[Claim, tuple[Result, ...]]], now: float
) -> None:
    """Keep answers and close their attempts; whoever holds one by now, an answer is one."""
    keep_answers(connection, [(claim.task_uuid, r) for claim, rs in paid for r in rs], now)
    _ANSWER.each(
        connection,
        [
            {
                "its_uuid": claim.task_uuid,
                "to_closed_at": now,
                "to_cost_usd": _sum(result.cost_usd for result in results),
                "to_tokens": _sum(r.usage and r.usage.total_tokens for r in results),
            }
            for claim, results in paid
        ],
    )


def accept(connection: Connection, claim: Claim, owner: str) -> None:
    """Note that the provider has taken a task."""
    _ACCEPT.run(connection, its_uuid=claim.task_uuid, its_owner=owner)


def fail(connection: Connection, claim: Claim, owner: str, *, reason: str, now: float) -> None:
    """Close an attempt that was refused and not billed."""
    its = {"its_uuid": claim.task_uuid, "its_owner": owner}
    _FAIL.run(connection, **its, to_closed_at=now, to_reason=reason)


def lose(connection: Connection, claim: Claim, owner: str, *, reason: str, now: float) -> None:
    """Close an attempt that may have been billed; it stays charged at its worst case."""
    its = {"its_uuid": claim.task_uuid, "its_owner": owner}
    _LOSE.run(connection, **its, to_closed_at=now, to_reason=reason)


def release(connection: Connection, task_uuids: Iterable[str], owner: str) -> None:
    """Let the next who wants the answers have the attempts at once."""
    _RELEASE.each(connection, [{"its_uuid": it, "its_owner": owner} for it in task_uuids])


def renew(connection: Connection, task_uuids: Iterable[str], owner: str, *, until: float) -> None:
    """Make the leases longer of what is held; a released attempt stays released."""
    its = {"its_owner": owner, "to_lease_until": until}
    _RENEW.each(connection, [{"its_uuid": it, **its} for it in task_uuids])


def _sum(values: Iterable[Number | None]) -> Number | None:
    """Add what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return reduce(operator.add, known) if known else None
