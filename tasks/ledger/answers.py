"""The answers: what was paid for, under the key of its request and its place among siblings."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ClauseElement, Connection, String, bindparam, func, select

from tasks.core.documents import Result, Usage
from tasks.core.requests import answer_key
from tasks.ledger.prepared import Insert, Prepared
from tasks.ledger.schema import answers, attempts, sharing
from tasks.ledger.values import Asked, Claim

KEYS_PER_QUERY = 500
"""SQLite takes a bounded number of values in one statement."""

_FRESH = Prepared(
    lambda _: select(*answers.c).where(
        answers.c.key == bindparam("its_key"), answers.c.answered_at >= bindparam("not_before")
    )
)
_SHARE = Prepared(lambda insert: insert(sharing).on_conflict_do_nothing())


def _keep(insert: Insert) -> ClauseElement:
    """Put an answer in the place of an older one, for the document that its attempt is about."""
    document = select(attempts.c.document).where(
        attempts.c.task_uuid == bindparam("task_uuid", type_=String)
    )
    values = {column.name: bindparam(column.name, type_=column.type) for column in answers.c}
    about = func.coalesce(document.scalar_subquery(), "")
    kept = insert(answers).values({**values, "document": about})
    changed = {column.name: kept.excluded[column.name] for column in answers.c[1:]}
    statement: ClauseElement = kept.on_conflict_do_update(index_elements=["key"], set_=changed)
    return statement


_KEEP = Prepared(_keep)


def kept_answers(
    connection: Connection, asked: Asked, *, not_before: float
) -> tuple[Result, ...] | None:
    """Give all answers of a request, or None when one of them is absent or too old."""
    keys = [answer_key(asked.key, index) for index in range(asked.results)]
    results = []
    for key in keys:
        rows = _FRESH.rows(connection, its_key=key, not_before=not_before)
        if not rows:
            return None
        row = dict(zip(answers.c.keys(), rows[0], strict=True))
        if row["document"] != asked.document:
            share_answers(connection, asked)
        results.append(_result(row))
    return tuple(results)


def share_answers(connection: Connection, asked: Asked) -> None:
    """Note that a request's answers are those of a further document."""
    if asked.document:
        keys = [answer_key(asked.key, index) for index in range(asked.results)]
        _SHARE.each(connection, [{"document": asked.document, "key": key} for key in keys])


def keep_answers(
    connection: Connection, claim: Claim, results: Iterable[Result], *, now: float
) -> None:
    """Keep answers, in the place of older ones."""
    _KEEP.each(connection, [_row(result, claim.task_uuid, now) for result in results])


def which_are_kept(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    """Give those of the answer keys whose answers are kept."""
    wanted = sorted(set(keys))
    found: set[str] = set()
    for at in range(0, len(wanted), KEYS_PER_QUERY):
        some = answers.c.key.in_(wanted[at : at + KEYS_PER_QUERY])
        found.update(connection.scalars(select(answers.c.key).where(some)))
    return frozenset(found)


def _row(result: Result, task_uuid: str, now: float) -> dict[str, Any]:
    usage = result.usage
    return {
        "key": result.answer_key,
        "task_uuid": task_uuid,
        "text": result.text,
        "thoughts": result.thoughts,
        "finish_reason": result.finish_reason,
        "prompt_tokens": usage and usage.prompt_tokens,
        "completion_tokens": usage and usage.completion_tokens,
        "total_tokens": usage and usage.total_tokens,
        "thinking_tokens": usage and usage.thinking_tokens,
        "cost_usd": result.cost_usd,
        "answered_at": now,
    }


def _result(row: dict[str, Any]) -> Result:
    usage = None
    if row["total_tokens"] is not None:
        usage = Usage(
            prompt_tokens=row["prompt_tokens"],
            completion_tokens=row["completion_tokens"],
            total_tokens=row["total_tokens"],
            thinking_tokens=row["thinking_tokens"],
        )
    return Result(
        answer_key=row["key"],
        text=row["text"],
        thoughts=row["thoughts"],
        finish_reason=row["finish_reason"],
        usage=usage,
        cost_usd=row["cost_usd"],
        reused=True,
    )
