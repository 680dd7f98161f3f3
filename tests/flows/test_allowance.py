import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flows.allowance import Allowance
from tasks.core.errors import BudgetError
from tasks.infer.budget import Budget
from tasks.infer.prices import NOTHING, Worst
from tasks.ledger.ledger import Ledger, open_ledger

ONE = Worst(1000, 1000, 1.0)


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    async with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


async def spend(ledger: Ledger, usd: float, tokens: int = 0) -> None:
    held = await ledger.reserve("job", usd=usd, tokens=tokens, usd_limit=None, tokens_limit=None)
    await ledger.close_reservation(held, usd=usd, tokens=tokens)


async def run(allowance: Allowance, worst: Worst, log: list[str]) -> None:
    """Begin and end; others come in between."""
    try:
        async with allowance.begun(worst):
            log.append("begun")
            await asyncio.sleep(0.02)
            log.append("ended")
    except BudgetError:
        log.append("refused")


async def test_documents_begin_as_long_as_all_of_them_can_be_finished(ledger: Ledger) -> None:
    allowance, log = Allowance(ledger, Budget(job="job", usd_limit=2.5)), list[str]()

    await asyncio.gather(*(run(allowance, ONE, log) for _ in range(4)))

    assert log[:2] == ["begun", "begun"]
    assert log.count("ended") == 4, "they cost nothing in the end, so that all could be done"
    assert log[2] == "ended", "the third waited for the first"


async def test_what_does_not_fit_once_others_have_ended_is_refused(ledger: Ledger) -> None:
    allowance, log = Allowance(ledger, Budget(job="job", usd_limit=2.5)), list[str]()

    async def spending() -> None:
        async with allowance.begun(ONE):
            await spend(ledger, 1.0)

    await asyncio.gather(spending(), spending())
    await run(allowance, ONE, log)

    assert log == ["refused"]


async def test_a_refusal_says_what_is_spent_what_is_needed_and_what_to_do(ledger: Ledger) -> None:
    await spend(ledger, 0.75)

    with pytest.raises(BudgetError, match=r"\$1\.50, \$0\.7500.*\$1\.0000.*raise the budget"):
        async with Allowance(ledger, Budget(job="job", usd_limit=1.5)).begun(ONE):
            pass


async def test_a_resume_with_more_goes_on(ledger: Ledger) -> None:
    await spend(ledger, 0.75)
    log = list[str]()

    await run(Allowance(ledger, Budget(job="job", usd_limit=1.75)), ONE, log)

    assert log == ["begun", "ended"]


async def test_tokens_are_a_limit_as_well(ledger: Ledger) -> None:
    await spend(ledger, 0.0, 500)
    log = list[str]()

    await run(Allowance(ledger, Budget(job="job", tokens_limit=2499)), ONE, log)
    await run(Allowance(ledger, Budget(job="job", tokens_limit=2500)), ONE, log)

    assert log == ["refused", "begun", "ended"]


async def test_what_costs_nothing_more_begins_though_all_is_spent(ledger: Ledger) -> None:
    await spend(ledger, 9.0)
    log = list[str]()

    await run(Allowance(ledger, Budget(job="job", usd_limit=1.0)), NOTHING, log)

    assert log == ["begun", "ended"]


async def test_a_document_that_fails_frees_what_it_held(ledger: Ledger) -> None:
    allowance, log = Allowance(ledger, Budget(job="job", usd_limit=1.0)), list[str]()

    with pytest.raises(OSError, match="disk"):
        async with allowance.begun(ONE):
            raise OSError("disk")
    await run(allowance, ONE, log)

    assert log == ["begun", "ended"]
