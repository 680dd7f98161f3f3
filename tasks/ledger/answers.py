"""The answers: what was paid for, under the key of its request and its place among siblings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Connection, String, bindparam, func, select

from tasks.core.answers import Result, Usage
from tasks.core.requests import answer_key
from tasks.ledger.prepared import Kind, Prepared
from tasks.ledger.schema import answers, attempts, sharing
from tasks.ledger.values import Asked

_COLUMNS = answers.c.keys()
_FIND = Prepared(lambda kind: select(*answers.c).where(kind.among(answers.c.key, "keys")))
_WHICH = Prepared(lambda kind: select(answers.c.key).where(kind.among(answers.c.key, "keys")))
_SHARE = Prepared(lambda kind: kind.insert(sharing).on_conflict_do_nothing())


def _keep(kind: Kind) -> ClauseElement:
    """Put an answer in the place of an older one, for the document that its attempt is about."""
    document = select(attempts.c.document).where(
        attempts.c.task_uuid == bindparam("task_uuid", type_=String)
    )
    values = {column.name: bindparam(column.name, type_=column.type) for column in answers.c}
    about = func.coalesce(document.scalar_subquery(), "")
    kept = kind.insert(answers).values({**values, "document": about})
    changed = {column.name: kept.excluded[column.name] for column in answers.c[1:]}
    statement: ClauseElement = kept.on_conflict_do_update(index_elements=["key"], set_=changed)
    return statement


_KEEP = Prepared(_keep)


@dataclass(frozen=True, slots=True)
class Wish:
    """Answers that are wanted, none of them older than `not_before`."""

    asked: Asked
    not_before: float


def kept_answers(connection: Connection, wishes: Sequence[Wish]) -> list[tuple[Result, ...] | None]:
    """Give all answers of each request, or None where one of them is absent or too old."""
    wanted = [key for wish in wishes for key in _keys(wish.asked)]
    found = {
        row[0]: dict(zip(_COLUMNS, row, strict=True)) for row in _FIND.rows(connection, keys=wanted)
    }
    kept = [_whole(wish, found) for wish in wishes]
    further = [
        wish.asked
        for wish, rows in zip(wishes, kept, strict=True)
        if rows and any(row["document"] != wish.asked.document for row in rows)
    ]
    share_answers(connection, further)
    return [None if rows is None else tuple(map(_result, rows)) for rows in kept]


def share_answers(connection: Connection, further: Iterable[Asked]) -> None:
    """Note that the answers of requests are those of further documents."""
    _SHARE.each(
        connection,
        [
            {"document": asked.document, "key": key}
            for asked in further
            if asked.document
            for key in _keys(asked)
        ],
    )


def keep_answers(connection: Connection, paid: Iterable[tuple[str, Result]], now: float) -> None:
    """Keep answers, each with the UUID of its task, in the place of older ones."""
    _KEEP.each(connection, [_row(result, task_uuid, now) for task_uuid, result in paid])


def which_are_kept(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    """Give those of the answer keys whose answers are kept."""
    return frozenset(row[0] for row in _WHICH.rows(connection, keys=list(keys)))


def _keys(asked: Asked) -> list[str]:
    return [answer_key(asked.key, index) for index in range(asked.results)]


def _whole(
    wish: Wish, found: Mapping[str, Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...] | None:
    rows = [found.get(key) for key in _keys(wish.asked)]
    fresh = tuple(row for row in rows if row and row["answered_at"] >= wish.not_before)
    return fresh if len(fresh) == len(rows) else None


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


def _result(row: Mapping[str, Any]) -> Result:
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
