import asyncio
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.core.errors import BudgetError
from tasks.ledger.leases import LEASE_S
from tasks.ledger.ledger import Claim, Ledger, Reservation, open_ledger
from tasks.ledger.reservations import nano
from tests.ledger.building import Clock, answers, asked, claimed, owners


async def reserved(
    ledger: Ledger,
    usd: float,
    *,
    tokens: int = 0,
    usd_limit: float | None = 1.0,
    tokens_limit: int | None = None,
    job: str = "job",
    claim: Claim | None = None,
) -> Reservation:
    return await ledger.reserve(
        job,
        usd=usd,
        tokens=tokens,
        usd_limit=usd_limit,
        tokens_limit=tokens_limit,
        claim=claim,
    )


async def test_open_promises_count_at_their_worst_case(ledger: Ledger) -> None:
    await reserved(ledger, 0.6)

    with pytest.raises(BudgetError, match=r"\$1.00 would be passed.*\$0.6000 is promised"):
        await reserved(ledger, 0.5)


async def test_closed_promises_count_at_what_was_spent(ledger: Ledger) -> None:
    await ledger.close_reservation(await reserved(ledger, 0.6), usd=0.2, tokens=7)

    await reserved(ledger, 0.8)

    account = await ledger.spent("job")
    assert (account.usd, account.tokens, account.open_usd) == (0.2, 7, 0.8)
    with pytest.raises(BudgetError, match=r"\$0.2000 is spent"):
        await reserved(ledger, 0.000001)


async def test_a_limit_may_be_met_to_the_last_cent(ledger: Ledger) -> None:
    for _ in range(3):
        await reserved(ledger, 0.1, usd_limit=0.3)

    with pytest.raises(BudgetError):
        await reserved(ledger, 1e-9, usd_limit=0.3)


async def test_tokens_have_a_limit_of_their_own(ledger: Ledger) -> None:
    await reserved(ledger, 9.0, tokens=60, usd_limit=None, tokens_limit=100)

    with pytest.raises(BudgetError, match="100 tokens"):
        await reserved(ledger, 0.0, tokens=41, usd_limit=None, tokens_limit=100)
    await reserved(ledger, 0.0, tokens=40, usd_limit=None, tokens_limit=100)


async def test_each_job_has_its_own_budget(ledger: Ledger) -> None:
    await reserved(ledger, 1.0, job="one")

    await reserved(ledger, 1.0, job="two")


async def test_a_raised_budget_goes_on_where_the_old_one_ended(ledger: Ledger, url: str) -> None:
    await ledger.close_reservation(await reserved(ledger, 1.0), usd=1.0, tokens=1)

    async with open_ledger(url) as later:
        with pytest.raises(BudgetError):
            await reserved(later, 0.5)
        await reserved(later, 0.5, usd_limit=1.5)


async def test_closing_twice_is_closing_once(ledger: Ledger) -> None:
    reservation = await reserved(ledger, 0.6)

    await ledger.close_reservation(reservation, usd=0.2, tokens=1)
    await ledger.close_reservation(reservation, usd=0.2, tokens=1)

    assert (await ledger.spent("job")).usd == 0.2


async def test_who_takes_a_task_over_takes_over_what_was_promised_to_it(url: str) -> None:
    clock = Clock()
    async with owners(url, clock) as (dead, heir):
        claim = await claimed(dead)
        await reserved(dead, 0.6, claim=claim)
        clock.now += LEASE_S + 1

        await reserved(heir, 0.6, claim=await claimed(heir))

        assert (await heir.spent("job")).open_usd == 0.6


async def test_promises_to_tasks_that_ended_make_room_when_it_is_needed(url: str) -> None:
    clock = Clock()
    async with owners(url, clock) as (dead, heir):
        settled, failed = await claimed(dead, asked("k")), await claimed(dead, asked("l"))
        await reserved(dead, 0.5, claim=settled)
        await reserved(dead, 0.5, claim=failed)
        await dead.settle(settled, answers("k"))  # and here its process is killed
        await dead.fail(failed, "refused")
        with pytest.raises(BudgetError):
            await reserved(heir, 0.5)
        clock.now += LEASE_S + 1

        with pytest.raises(BudgetError):  # what its answer cost in tokens was never told
            await reserved(heir, 0.51)
        await reserved(heir, 0.5)


@given(usd=st.floats(0, 1e6))
def test_money_is_counted_as_it_is_read_and_never_too_low(usd: float) -> None:
    assert nano(usd) >= Decimal(repr(usd)) * 10**9
    assert nano(usd) - 1 < Decimal(repr(usd)) * 10**9
    assert nano(0.1) + nano(0.2) == nano(0.3)


Step = tuple[int, float, float]
"""Which ledger, the worst case in dollars, and which share of it is spent in the end."""

STEPS = st.lists(st.tuples(st.integers(0, 1), st.floats(0, 0.7), st.floats(0, 1)), max_size=25)


@settings(max_examples=30)
@given(steps=STEPS, at_once=st.integers(1, 8))
async def test_no_interleaving_passes_the_limit(steps: list[Step], at_once: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        await overspend(f"sqlite:///{Path(folder) / 'ledger.db'}", steps, at_once)


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.full)], indirect=True)
async def test_no_interleaving_passes_the_limit_on_postgresql(url: str) -> None:
    steps = [(n % 2, 0.01 * (n % 7), 0.1 * (n % 11)) for n in range(200)]
    await overspend(url, steps, 16)


async def overspend(url: str, steps: list[Step], at_once: int) -> None:
    """Spend all that two ledgers allow, many at once, and look at the sum at each moment."""
    worst, spent = 0, 0

    async def spend(ledger: Ledger, usd: float, share: float) -> None:
        nonlocal worst, spent
        async with slots:
            try:
                reservation = await reserved(ledger, usd)
            except BudgetError:
                return
            worst += nano(usd)
            assert worst + spent <= nano(1.0)
            await asyncio.sleep(0)
            worst, spent = worst - nano(usd), spent + nano(usd * share)
            await ledger.close_reservation(reservation, usd=usd * share, tokens=0)

    slots = asyncio.Semaphore(at_once)
    async with open_ledger(url) as one, open_ledger(url) as two:
        await asyncio.gather(*(spend((one, two)[n], usd, share) for n, usd, share in steps))
        account = await one.spent("job")
        assert (nano(account.usd), account.open_usd) == (spent, 0.0)
