"""Margins: how the provider's counts compare with ours, and with which margin what was planned.

A margin that changes moves the cuts of a document, and with them the keys of its answers: all would
be paid for again. So the first who plans a document writes down the margin, and everybody after
takes that one, in this run and in all others, until the plan is asked for anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import (
    ClauseElement,
    Connection,
    bindparam,
    case,
    insert,
    literal,
    select,
    union,
)

from tasks.core.margin import MARGIN, Margin, Ratios, learned, ratios
from tasks.ledger.prepared import Kind, Prepared
from tasks.ledger.schema import answers, attempts, plans, sharing, token_ratios
from tasks.ledger.values import Answerer, Counted, Plan

_SEEN = Prepared(
    lambda _: select(
        token_ratios.c.answers,
        token_ratios.c.total,
        token_ratios.c.squares,
        token_ratios.c.largest,
    ).where(
        token_ratios.c.provider == bindparam("its_provider"),
        token_ratios.c.endpoint == bindparam("its_endpoint"),
        token_ratios.c.model == bindparam("its_model"),
    )
)
_KNOWN = Prepared(lambda kind: select(*plans.c).where(kind.among(plans.c.key, "keys")))


def _add(kind: Kind) -> ClauseElement:
    """Add what a few answers tell to what was known of their model."""
    added = kind.insert(token_ratios)
    new, old = added.excluded, token_ratios.c
    statement: ClauseElement = added.on_conflict_do_update(
        index_elements=["provider", "endpoint", "model"],
        set_={
            "answers": old.answers + new.answers,
            "total": old.total + new.total,
            "squares": old.squares + new.squares,
            "largest": case((new.largest > old.largest, new.largest), else_=old.largest),
        },
    )
    return statement


def _make(kind: Kind) -> ClauseElement:
    """Write a plan down, unless there is one that counts."""
    made = kind.insert(plans)
    changed = {name: made.excluded[name] for name in ("margin", "answers", "made_at")}
    statement: ClauseElement = made.on_conflict_do_update(
        index_elements=["key"], set_=changed, where=plans.c.made_at < bindparam("not_before")
    )
    return statement


_ADD, _MAKE = Prepared(_add), Prepared(_make)


def learn(connection: Connection, counted: Iterable[Counted]) -> None:
    """Take in how the provider counted prompts, those long enough to tell anything."""
    by_model: dict[Answerer, list[tuple[int, int]]] = defaultdict(list)
    for one in counted:
        by_model[one.by].append((one.ours, one.theirs))
    rows = []
    for by, pairs in by_model.items():
        seen = ratios(pairs)
        if seen.answers:
            rows.append(
                {
                    "provider": by.provider,
                    "endpoint": by.endpoint,
                    "model": by.model,
                    "answers": seen.answers,
                    "total": seen.total,
                    "squares": seen.squares,
                    "largest": seen.largest,
                }
            )
    _ADD.each(connection, rows)


def margin_for(connection: Connection, by: Answerer) -> Margin:
    """Give the margin that new documents get."""
    rows = _SEEN.rows(
        connection, its_provider=by.provider, its_endpoint=by.endpoint, its_model=by.model
    )
    return learned(Ratios(*rows[0])) if rows else Margin()


def recalled(
    connection: Connection, wanted: Sequence[Plan], by: Answerer, *, not_before: float
) -> tuple[Margin, ...]:
    """Give for each plan the margin that it was made with, else that of new documents.

    Plans made before `not_before` (seconds since the epoch) do not count. Nothing is written.
    """
    new, known = margin_for(connection, by), _known(connection, wanted, not_before)
    return tuple(known.get(plan.key) or known.get(plan.document) or new for plan in wanted)


def remembered(
    connection: Connection,
    wanted: Sequence[Plan],
    by: Answerer,
    *,
    not_before: float,
    now: float,
) -> tuple[Margin, ...]:
    """Give margins as `recalled` does, and write down those of new plans: the first one counts."""
    margins = recalled(connection, wanted, by, not_before=not_before)
    rows = {
        plan.key: {
            "key": plan.key,
            "document": plan.document,
            "margin": margin.share,
            "answers": margin.answers,
            "made_at": now,
            "not_before": not_before,
        }
        for plan, margin in zip(wanted, margins, strict=True)
    }
    _MAKE.each(connection, rows.values())
    return margins


def keep_older_plans(connection: Connection, now: float) -> None:
    """Write down for each document of an older ledger that it was planned with the wide margin.

    Its plans have no keys yet, so one that bears the document's digest stands for all of them.
    """
    documents = union(
        select(answers.c.document), select(sharing.c.document), select(attempts.c.document)
    ).subquery()
    document = documents.c.document
    older = select(document, document, literal(MARGIN), literal(0), literal(now)).where(
        document != "", document.not_in(select(plans.c.key))
    )
    columns = ["key", "document", "margin", "answers", "made_at"]
    connection.execute(insert(plans).from_select(columns, older))


def _known(
    connection: Connection, wanted: Sequence[Plan], not_before: float
) -> Mapping[str, Margin]:
    keys = {key for plan in wanted for key in (plan.key, plan.document)}
    return {
        key: Margin(share, learned_from, remembered=True)
        for key, _, share, learned_from, made_at in _KNOWN.rows(connection, keys=list(keys))
        if made_at >= not_before
    }
