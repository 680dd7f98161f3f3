"""The attempts: who may ask for an answer, under which UUID, and what became of it."""

import operator
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeVar

from sqlalchemy import ClauseElement, Connection, bindparam, insert, or_, select, update

from tasks.core.documents import Result
from tasks.core.errors import LostError
from tasks.ledger.answers import keep_answers, share_answers
from tasks.ledger.prepared import Prepared
from tasks.ledger.schema import attempts
from tasks.ledger.values import Asked, Claim

Number = TypeVar("Number", int, float)

LEASE_S = 15.0

_column = attempts.c
_LIVE = or_(_column.state == "sent", _column.state == "accepted")
_LOST = (_column.state == "unknown") & (_column.replaced_by == "")
_IT = _column.task_uuid == bindparam("its_uuid")
_MINE = _IT & (_column.owner == bindparam("its_owner")) & _LIVE


@dataclass(frozen=True, slots=True)
class Holder:
    """Who claims, and when; `held` are the UUIDs that this very ledger is at work on."""

    owner: str
    now: float
    held: Collection[str] = ()
    buy_lost: bool = False


def _change(where: Any, *names: str, **constants: Any) -> Prepared:
    """Make an update of the named columns, whose parameters are called `to_<column>`."""
    named: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
    change: ClauseElement = update(attempts).where(where).values({**named, **constants})
    return Prepared(lambda _: change)


_OPEN = Prepared(
    lambda _: select(
        _column.task_uuid,
        _column.state,
        _column.lease_until,
        _column.document,
        _column.reason,
        _column.worst_usd,
    ).where(_column.key == bindparam("its_key"), or_(_LIVE, _LOST))
)
_BEGIN = Prepared(lambda _: insert(attempts))
_TAKE_OVER = _change(_IT, "owner", "lease_until")
_REPLACE = _change(_IT, "replaced_by")
_ACCEPT = _change(_MINE, state="accepted")
_RELEASE = _change(_MINE, lease_until=0.0)
_RENEW = _change(_MINE & (_column.lease_until > 0.0), "lease_until")
_FAIL = _change(_MINE, "closed_at", "reason", state="failed", cost_usd=0.0, tokens=0)
_LOSE = _change(_MINE, "closed_at", "reason", state="unknown", cost_usd=_column.worst_usd)
_ANSWER = _change(_IT, "closed_at", "cost_usd", "tokens", state="answered")


def claim_attempt(connection: Connection, asked: Asked, holder: Holder) -> Claim | LostError | None:
    """Take over the attempt that nobody holds, or begin one; None while it is held.

    The error is given, not raised, where the answer was lost and is not to be bought again.
    """
    rows = _OPEN.rows(connection, its_key=asked.key)
    live = next((row for row in rows if row[1] != "unknown"), None)
    if live is not None:
        return _take_over(connection, asked, holder, live)
    lost = rows[0] if rows else None
    if lost is None:
        return _begin(connection, asked, holder)
    if not holder.buy_lost:
        return _lost(lost)
    claim = _begin(connection, asked, holder, replaces=lost[0])
    _REPLACE.run(connection, its_uuid=claim.replaces, to_replaced_by=claim.task_uuid)
    return claim


def _take_over(
    connection: Connection, asked: Asked, holder: Holder, live: tuple[Any, ...]
) -> Claim | None:
    task_uuid, state, lease_until, document, *_ = live
    if lease_until > holder.now or task_uuid in holder.held:
        return None
    if document != asked.document:
        share_answers(connection, asked)
    lease_until = holder.now + LEASE_S
    _TAKE_OVER.run(
        connection, its_uuid=task_uuid, to_owner=holder.owner, to_lease_until=lease_until
    )
    return Claim(asked.key, task_uuid, begun=True, accepted=state == "accepted")


def _begin(connection: Connection, asked: Asked, holder: Holder, *, replaces: str = "") -> Claim:
    claim = Claim(asked.key, str(uuid.uuid4()), replaces=replaces)
    _BEGIN.run(
        connection,
        task_uuid=claim.task_uuid,
        key=asked.key,
        document=asked.document,
        provider=asked.provider,
        endpoint=asked.endpoint,
        model=asked.model,
        results=asked.results,
        state="sent",
        owner=holder.owner,
        lease_until=holder.now + LEASE_S,
        sent_at=holder.now,
        closed_at=None,
        worst_usd=asked.worst_usd,
        cost_usd=None,
        tokens=None,
        replaced_by="",
        reason="",
    )
    return claim


def _lost(lost: tuple[Any, ...]) -> LostError:
    task_uuid, _, _, _, reason, worst_usd = lost
    return LostError(
        f"inference task {task_uuid} may have been billed (${worst_usd:.4f} at most) and its "
        f"answer can no longer be had ({reason}): it is bought again only when you allow it",
        task_uuid=task_uuid,
    )


def accept_attempt(connection: Connection, claim: Claim, holder: Holder) -> None:
    """Note that the provider has taken a task."""
    _ACCEPT.run(connection, its_uuid=claim.task_uuid, its_owner=holder.owner)


def settle_attempt(
    connection: Connection, claim: Claim, results: Iterable[Result], *, now: float
) -> None:
    """Keep the answers of an attempt and close it; whoever holds it by now, an answer is one."""
    results = tuple(results)
    keep_answers(connection, claim, results, now=now)
    _ANSWER.run(
        connection,
        its_uuid=claim.task_uuid,
        to_closed_at=now,
        to_cost_usd=_sum(result.cost_usd for result in results),
        to_tokens=_sum(result.usage and result.usage.total_tokens for result in results),
    )


def fail_attempt(connection: Connection, claim: Claim, holder: Holder, reason: str) -> None:
    """Close an attempt that was refused and not billed."""
    _FAIL.run(connection, **_closing(claim, holder, reason))


def lose_attempt(connection: Connection, claim: Claim, holder: Holder, reason: str) -> None:
    """Close an attempt that may have been billed; it stays charged at its worst case."""
    _LOSE.run(connection, **_closing(claim, holder, reason))


def release_attempts(connection: Connection, task_uuids: Iterable[str], holder: Holder) -> None:
    """Let the next who wants the answers have the attempts at once."""
    mine = [{"its_uuid": task_uuid, "its_owner": holder.owner} for task_uuid in task_uuids]
    _RELEASE.each(connection, mine)


def renew_attempts(connection: Connection, holder: Holder) -> None:
    """Make the leases longer of what is held; a released attempt stays released."""
    until = {"its_owner": holder.owner, "to_lease_until": holder.now + LEASE_S}
    _RENEW.each(connection, [{"its_uuid": it, **until} for it in tuple(holder.held)])


def _closing(claim: Claim, holder: Holder, reason: str) -> dict[str, Any]:
    return {
        "its_uuid": claim.task_uuid,
        "its_owner": holder.owner,
        "to_closed_at": holder.now,
        "to_reason": reason,
    }


def _sum(values: Iterable[Number | None]) -> Number | None:
    """Add what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return reduce(operator.add, known) if known else None
