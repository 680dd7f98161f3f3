"""Claiming: who may ask for an answer, and under which UUID.

All that claim at one time are looked up together, decided upon one after the other, and written
together: a handful of statements, however many they are.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from tasks.core.answers import Result
from tasks.core.errors import LostError
from tasks.ledger.answers import Wish, kept_answers, share_answers
from tasks.ledger.attempts import IT, LIVE, LOST, change
from tasks.ledger.leases import LEASE_S
from tasks.ledger.prepared import Prepared
from tasks.ledger.schema import attempts
from tasks.ledger.values import Asked, Claim

Claimed = tuple[Result, ...] | Claim | None
Decision = Claimed | LostError
Open = Mapping[str, Any]
"""An attempt that stands in the way of a new one: it is live, or it is lost."""

_COLUMNS = "key", "task_uuid", "state", "lease_until", "document", "reason", "worst_usd"
_OPEN = Prepared(
    lambda kind: select(*(attempts.c[name] for name in _COLUMNS)).where(
        kind.among(attempts.c.key, "keys"), or_(LIVE, LOST)
    )
)
_BEGIN = Prepared(lambda _: insert(attempts))
_TAKE_OVER = change(IT, "owner", "lease_until")
_REPLACE = change(IT, "replaced_by")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who claims, and when; `held` are the UUIDs that this very ledger is at work on."""

    owner: str
    now: float
    held: Collection[str] = ()
    buy_lost: bool = False


def claim_all(connection: Connection, wishes: Sequence[Wish], holder: Holder) -> list[Decision]:
    """Give for each wish its answers, else the right to ask for them, or None while it is held.

    An error is given, not raised, where an answer was lost and is not to be bought again.
    """
    decisions: list[Decision] = list(kept_answers(connection, wishes))
    without = [n for n, decision in enumerate(decisions) if decision is None]
    standing = _standing(connection, [wishes[n].asked.key for n in without])
    claimed: dict[str, tuple[Asked, Claim]] = {}
    for n in without:
        asked = wishes[n].asked
        if asked.key in claimed:
            continue  # somebody else who claims at this very time was first
        decisions[n] = decision = _decide(asked, standing.get(asked.key), holder)
        if isinstance(decision, Claim):
            claimed[asked.key] = asked, decision
    _write(connection, list(claimed.values()), standing, holder)
    return decisions


def _standing(connection: Connection, keys: list[str]) -> dict[str, Open]:
    """Find what is live or lost; of a lost and a live attempt it is the live one that counts."""
    rows = _OPEN.rows(connection, keys=keys) if keys else []
    found = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    return {row["key"]: row for row in sorted(found, key=lambda row: row["state"] != "unknown")}


def _decide(asked: Asked, standing: Open | None, holder: Holder) -> Claim | LostError | None:
    if standing is None:
        return Claim(asked.key, str(uuid.uuid4()))
    task_uuid = standing["task_uuid"]
    if standing["state"] == "unknown":
        if holder.buy_lost:
            return Claim(asked.key, str(uuid.uuid4()), replaces=task_uuid)
        return _lost(standing)
    if standing["lease_until"] > holder.now or task_uuid in holder.held:
        return None
    accepted = standing["state"] == "accepted"
    return Claim(asked.key, task_uuid, begun=True, accepted=accepted)


def _write(
    connection: Connection,
    claimed: list[tuple[Asked, Claim]],
    standing: Mapping[str, Open],
    holder: Holder,
) -> None:
    lease = {"owner": holder.owner, "lease_until": holder.now + LEASE_S}
    taken = {f"to_{name}": value for name, value in lease.items()}
    over = [(asked, claim) for asked, claim in claimed if claim.begun]
    new = [{**_row(a, c, holder.now), **lease} for a, c in claimed if not c.begun]
    lost = [claim for _, claim in claimed if claim.replaces]
    _BEGIN.each(connection, new)
    _TAKE_OVER.each(connection, [{"its_uuid": claim.task_uuid, **taken} for _, claim in over])
    _REPLACE.each(
        connection, [{"its_uuid": c.replaces, "to_replaced_by": c.task_uuid} for c in lost]
    )
    share_answers(
        connection, [a for a, claim in over if standing[claim.key]["document"] != a.document]
    )


def _row(asked: Asked, claim: Claim, now: float) -> dict[str, Any]:
    return {
        "task_uuid": claim.task_uuid,
        "key": asked.key,
        "document": asked.document,
        "provider": asked.provider,
        "endpoint": asked.endpoint,
        "model": asked.model,
        "results": asked.results,
        "state": "sent",
        "sent_at": now,
        "closed_at": None,
        "worst_usd": asked.worst_usd,
        "cost_usd": None,
        "tokens": None,
        "replaced_by": "",
        "reason": "",
    }


def _lost(standing: Open) -> LostError:
    task_uuid, worst_usd, reason = (standing[n] for n in ("task_uuid", "worst_usd", "reason"))
    return LostError(
        f"inference task {task_uuid} may have been billed (${worst_usd:.4f} at most) and its "
        f"answer can no longer be had ({reason}): it is bought again only when you allow it",
        task_uuid=task_uuid,
    )
