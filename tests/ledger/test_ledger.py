import asyncio

import pytest

from tasks.core.answers import Result
from tasks.core.errors import LostError
from tasks.ledger.leases import LEASE_S
from tasks.ledger.ledger import Asked, Claim, Ledger, open_ledger
from tests.ledger.building import ASKED, RESULT, Clock, answers, asked, claimed, owners


async def test_an_answer_is_given_again_whole(ledger: Ledger) -> None:
    await ledger.settle(await claimed(ledger), (RESULT,))

    again = await ledger.claim(ASKED)

    assert isinstance(again, tuple)
    (result,) = again
    assert result.reused
    assert (result.text, result.thoughts, result.usage, result.cost_usd) == (
        RESULT.text,
        RESULT.thoughts,
        RESULT.usage,
        RESULT.cost_usd,
    )


async def test_siblings_are_kept_and_given_in_their_order(ledger: Ledger) -> None:
    wanted = asked("k", results=3)
    await ledger.settle(await claimed(ledger, wanted), tuple(reversed(answers("k", 3))))

    again = await ledger.claim(wanted)

    assert isinstance(again, tuple)
    assert [result.text for result in again] == ["Lisbon.0", "Lisbon.1", "Lisbon.2"]
    assert await ledger.answered(["k", "k-1", "k-2", "k-3"]) == {"k", "k-1", "k-2"}


async def test_what_lacks_a_sibling_is_asked_for_again_and_its_answers_stay(
    ledger: Ledger,
) -> None:
    wanted = asked("k", results=3)
    first = await claimed(ledger, wanted)
    await ledger.settle(first, answers("k", 2))

    assert (await claimed(ledger, wanted)).task_uuid != first.task_uuid
    assert await ledger.answered(["k", "k-1", "k-2"]) == {"k", "k-1"}


async def test_answers_outlive_the_process(url: str) -> None:
    async with open_ledger(url) as first:
        await first.settle(await claimed(first), (RESULT,))

    async with open_ledger(url) as second:
        assert await second.answered(["k1", "k2"]) == {"k1"}


async def test_only_one_may_ask_for_an_answer(ledger: Ledger, url: str) -> None:
    await claimed(ledger)

    async with open_ledger(url) as other:
        assert await other.claim(ASKED) is None
    assert await ledger.claim(ASKED) is None


async def test_a_released_attempt_is_taken_over_under_its_uuid(ledger: Ledger) -> None:
    first = await claimed(ledger)

    ledger.release(first)

    again = await claimed(ledger)
    assert again.task_uuid == first.task_uuid
    assert (first.begun, again.begun, again.accepted) == (False, True, False)


async def test_who_takes_over_is_told_that_the_provider_has_the_task(ledger: Ledger) -> None:
    first = await claimed(ledger)
    await ledger.accept(first)

    ledger.release(first)

    again = await claimed(ledger)
    assert (again.task_uuid, again.begun, again.accepted) == (first.task_uuid, True, True)


async def test_a_closed_ledger_lets_others_go_on_at_once(url: str) -> None:
    async with open_ledger(url) as first:
        claim = await claimed(first)

    async with open_ledger(url) as second:
        assert (await claimed(second)).task_uuid == claim.task_uuid


async def test_a_refused_attempt_is_followed_by_one_with_a_new_uuid(ledger: Ledger) -> None:
    first = await claimed(ledger)

    await ledger.fail(first, "invalidSettings")

    again = await claimed(ledger)
    assert again.task_uuid != first.task_uuid
    assert not again.begun


async def test_a_lost_answer_is_not_bought_again_unasked(ledger: Ledger) -> None:
    lost = await claimed(ledger)

    await ledger.lose(lost, "its result has expired")

    with pytest.raises(LostError, match=r"\$0.5000 at most.*its result has expired") as raised:
        await ledger.claim(ASKED)
    assert raised.value.task_uuid == lost.task_uuid


async def test_a_lost_answer_is_bought_again_once_where_that_is_allowed(url: str) -> None:
    async with open_ledger(url) as careful:
        lost = await claimed(careful)
        await careful.lose(lost, "expired")

    async with open_ledger(url, buy_lost=True) as bold:
        bought = await claimed(bold)
        assert bought.task_uuid != lost.task_uuid
        assert (bought.replaces, bought.begun) == (lost.task_uuid, False)
        await bold.lose(bought, "expired, too")

    async with open_ledger(url) as careful:
        with pytest.raises(LostError, match="expired, too"):
            await careful.claim(ASKED)


async def test_a_late_answer_to_a_lost_attempt_is_an_answer(ledger: Ledger) -> None:
    lost = await claimed(ledger)
    await ledger.lose(lost, "expired")

    await ledger.settle(lost, (RESULT,))

    assert isinstance(await ledger.claim(ASKED), tuple)


async def test_a_dead_owners_lease_runs_out(url: str) -> None:
    clock = Clock()
    async with owners(url, clock) as (dead, heir):
        claim = await claimed(dead)

        clock.now += LEASE_S - 1
        assert await heir.claim(ASKED) is None
        clock.now += 2
        taken = await claimed(heir)

        assert (taken.task_uuid, taken.begun) == (claim.task_uuid, True)


async def test_who_lost_the_lease_cannot_close_what_another_holds(url: str) -> None:
    clock = Clock()
    async with owners(url, clock) as (slow, heir):
        claim = await claimed(slow)
        clock.now += LEASE_S + 1
        await claimed(heir)

        await slow.fail(claim, "too late")
        await slow.lose(claim, "too late")
        slow.release(claim)

        assert await slow.claim(ASKED) is None


async def test_an_owner_that_stood_still_does_not_compete_with_itself(url: str) -> None:
    clock = Clock()
    async with owners(url, clock, 1) as (ledger,):
        await claimed(ledger)
        clock.now += LEASE_S + 1

        assert await ledger.claim(ASKED) is None


async def test_fresh_asks_anew_only_for_what_is_older(ledger: Ledger) -> None:
    await ledger.settle(await claimed(ledger), (RESULT,))

    assert isinstance(await ledger.claim(ASKED, not_before=0.0), tuple)
    anew = await ledger.claim(ASKED, not_before=9e12)
    assert isinstance(anew, Claim)
    await ledger.settle(anew, (RESULT,))
    assert await ledger.answered(["k1"]) == {"k1"}


async def test_a_hundred_at_once_ask_for_each_answer_once(ledger: Ledger, url: str) -> None:
    wanted = [asked(f"k{n % 10}") for n in range(100)]

    async with open_ledger(url) as other:
        both = [ledger.claim(one) for one in wanted] + [other.claim(one) for one in wanted]
        claims = await asyncio.gather(*both)

        assert sum(isinstance(claim, Claim) for claim in claims) == 10


async def test_work_that_fails_takes_nothing_else_along(ledger: Ledger) -> None:
    claim = await claimed(ledger)
    broken = Result(answer_key="k1", text=object(), cost_usd=1.0)  # type: ignore[arg-type]  # on purpose

    outcomes = await asyncio.gather(
        ledger.settle(claim, (broken,)),
        ledger.claim(Asked(key="k2", provider="p", endpoint="e", model="m")),
        return_exceptions=True,
    )

    assert isinstance(outcomes[0], Exception)
    assert isinstance(outcomes[1], Claim)
    assert await ledger.answered(["k1"]) == frozenset()


async def test_an_answer_is_kept_although_its_caller_is_cancelled(ledger: Ledger) -> None:
    claim = await claimed(ledger)
    settling = asyncio.create_task(ledger.settle(claim, (RESULT,)))
    await asyncio.sleep(0)  # it is handed in

    settling.cancel()

    with pytest.raises(asyncio.CancelledError):
        await settling
    assert await ledger.answered(["k1"]) == {"k1"}


async def test_an_answer_is_kept_although_the_ledger_is_closed_in_that_moment(url: str) -> None:
    async with open_ledger(url) as ledger:
        settling = asyncio.create_task(ledger.settle(await claimed(ledger), (RESULT,)))
        await asyncio.sleep(0)  # it is handed in
        settling.cancel()

    async with open_ledger(url) as later:
        assert await later.answered(["k1"]) == {"k1"}


async def test_a_claim_whose_caller_is_cancelled_is_given_back(ledger: Ledger) -> None:
    claiming = asyncio.create_task(ledger.claim(ASKED))
    await asyncio.sleep(0)  # it is handed in

    claiming.cancel()

    with pytest.raises(asyncio.CancelledError):
        await claiming
    while (claim := await ledger.claim(ASKED)) is None:
        pass
    assert isinstance(claim, Claim)
    assert claim.begun
