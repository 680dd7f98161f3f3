"""Margins in the ledger: learned by all, and remembered with each plan."""

import subprocess
import sys

import pytest

from tasks.core.margin import ENOUGH_ANSWERS, MARGIN, Margin
from tasks.ledger.books import open_books, reading
from tasks.ledger.engine import open_engine
from tasks.ledger.ledger import Answerer, Counted, Ledger, Plan, open_ledger
from tasks.ledger.margins import recalled
from tasks.ledger.upkeep import forget, prune
from tests.ledger.building import ASKED, Clock, answers, asked, claimed, owners

BY = ASKED.by
OTHER = Answerer("runware", "https://api/v1", "another")
PLAN = Plan("p" * 64, "d" * 64)
LATER = Plan("q" * 64, "e" * 64)
FUTURE = 4e9


async def answered(ledger: Ledger, count: int, ratio: float, *, first: int = 0) -> None:
    """Have so many prompts answered of which the provider counted `ratio` times our tokens."""
    for number in range(first, first + count):
        key = f"k{number}"
        counted = Counted(BY, 10_000, round(10_000 * ratio))
        await ledger.settle(await claimed(ledger, asked(key)), answers(key), (counted,))


async def test_answers_teach_the_margin_of_their_model_alone(ledger: Ledger) -> None:
    await answered(ledger, ENOUGH_ANSWERS, 1.1)

    (learned,) = await ledger.margins([PLAN], BY)
    (default,) = await ledger.margins([LATER], OTHER)

    assert learned.share == pytest.approx(0.12)
    assert learned.answers == ENOUGH_ANSWERS
    assert default == Margin()


async def test_what_is_planned_keeps_its_margin_whatever_is_learned_after(ledger: Ledger) -> None:
    (first,) = await ledger.margins([PLAN], BY)
    await answered(ledger, ENOUGH_ANSWERS, 1.1)

    again, new = await ledger.margins([PLAN, LATER], BY)

    assert not first.remembered
    assert again == Margin(MARGIN, 0, remembered=True)
    assert new.share == pytest.approx(0.12)


async def test_a_larger_ratio_counts_for_the_next_document(ledger: Ledger) -> None:
    await answered(ledger, ENOUGH_ANSWERS, 1.1)
    await ledger.margins([PLAN], BY)
    await ledger.learn(Counted(BY, 10_000, 13_000))

    again, new = await ledger.margins([PLAN, LATER], BY)

    assert again.share == pytest.approx(0.12)
    assert new.share > 0.3


async def test_all_processes_learn_into_one_place(url: str) -> None:
    async with owners(url, Clock()) as (one, other):
        await answered(one, ENOUGH_ANSWERS // 2, 1.05)
        await answered(other, ENOUGH_ANSWERS // 2, 1.1, first=100)
        (seen,) = await one.margins([PLAN], BY)
        (same,) = await other.margins([PLAN], BY)

    assert seen.answers == same.answers == ENOUGH_ANSWERS
    assert seen.share == same.share > 0.12


async def test_a_plan_that_is_asked_for_anew_gets_the_margin_that_is_learned(url: str) -> None:
    clock = Clock()
    async with owners(url, clock, 1) as (ledger,):
        await ledger.margins([PLAN], BY)
        await answered(ledger, ENOUGH_ANSWERS, 1.1)
        clock.now += 10
        (fresh,) = await ledger.margins([PLAN], BY, not_before=clock.now)
        clock.now += 10
        (kept,) = await ledger.margins([PLAN], BY)

    assert fresh.share == kept.share == pytest.approx(0.12)
    assert not fresh.remembered
    assert kept.remembered


async def test_looking_writes_nothing_down(ledger: Ledger, url: str) -> None:
    with open_books(url) as engine, reading(engine) as connection:
        assert recalled(connection, [PLAN], BY, not_before=0.0) == (Margin(),)
    await answered(ledger, ENOUGH_ANSWERS, 1.1)

    (margin,) = await ledger.margins([PLAN], BY)

    assert not margin.remembered
    assert margin.answers == ENOUGH_ANSWERS


PLAN_AT_ONCE = """
import asyncio, sys
from tasks.ledger.ledger import Answerer, Counted, Plan, open_ledger
from tests.ledger.test_margins import BY

async def main(url, ratio):
    plans = [Plan(f"p{n}", f"d{n}") for n in range(200)]
    async with open_ledger(url) as ledger:
        for plan in plans:
            await ledger.learn(Counted(BY, 10_000, int(10_000 * float(ratio))))
            await ledger.margins([plan], BY)
        margins = await ledger.margins(plans, BY)
    print([margin.share for margin in margins], flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


def test_processes_that_plan_the_same_at_once_agree(url: str) -> None:
    """Each of them has learned more by every plan; the first one to plan a document wins."""
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen([sys.executable, "-c", PLAN_AT_ONCE, url, ratio], stdout=pipe)
        for ratio in ("1.3", "1.4", "1.5")
    ]
    told = [process.communicate()[0] for process in processes]

    assert all(process.returncode == 0 for process in processes)
    assert len(set(told)) == 1
    assert len(set(told[0].split(b", "))) > 1


@pytest.mark.parametrize("version", [1, 2, 3])
async def test_documents_of_an_older_ledger_keep_the_margin_that_all_had(
    url: str, version: int
) -> None:
    async with open_ledger(url) as ledger:
        wanted = asked("old", document=PLAN.document)
        await ledger.settle(await claimed(ledger, wanted), answers("old"))
        await claimed(ledger, asked("under way", document=LATER.document))
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE plans")
        connection.exec_driver_sql("DROP TABLE token_ratios")
        connection.exec_driver_sql(f"UPDATE schema SET version = {version}")
    engine.dispose()

    async with open_ledger(url) as ledger:
        for _ in range(ENOUGH_ANSWERS):
            await ledger.learn(Counted(BY, 10_000, 11_000))
        *old, new = await ledger.margins([PLAN, LATER, Plan("r" * 64, "f" * 64)], BY)
        (fresh,) = await ledger.margins([PLAN], BY, not_before=FUTURE)

    assert old == [Margin(MARGIN, 0, remembered=True)] * 2
    assert new.share == fresh.share == pytest.approx(0.12)


async def test_plans_go_with_their_document(ledger: Ledger, url: str) -> None:
    await ledger.margins([PLAN, LATER], BY)
    await answered(ledger, ENOUGH_ANSWERS, 1.1)

    with open_books(url) as engine:
        forget(engine, PLAN.document)

    gone, kept = await ledger.margins([PLAN, LATER], BY)
    assert (gone.remembered, kept.remembered) == (False, True)


async def test_pruning_keeps_the_plans_of_what_is_still_answered(ledger: Ledger, url: str) -> None:
    await ledger.margins([PLAN, LATER], BY)
    wanted = asked("late", document=PLAN.document)
    claim = await claimed(ledger, wanted)

    with open_books(url) as engine:
        prune(engine, before=FUTURE)  # what is in flight stays
    await ledger.settle(claim, answers("late"))

    kept, gone = await ledger.margins([PLAN, LATER], BY)
    assert (kept.remembered, gone.remembered) == (True, False)
