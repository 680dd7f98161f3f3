import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from math import ceil

import httpx
import pytest

from tasks.core.errors import BudgetError, RejectedError
from tasks.core.requests import Message, request_tokens
from tasks.infer.budget import Budget
from tasks.infer.throttle.gate import fixed
from tasks.ledger.ledger import Ledger
from tests.infer.asking import PRICES, asking, inference
from tests.infer.building import (
    Json,
    Script,
    refusal,
    request,
    success,
)


async def test_the_budget_is_promised_before_and_settled_by_the_real_cost(ledger: Ledger) -> None:
    seen: list[tuple[float, int]] = []

    async def promised(task: Json) -> None:
        spent = await ledger.spent("job")
        seen.append((spent.open_usd, spent.open_tokens))

    class Watching(Script):
        async def handle(self, sent: httpx.Request) -> httpx.Response:
            reply = self(sent)
            await promised(self.tasks[-1])
            return reply

    script = Watching([success])
    connection = replace(script.connection(), transport=httpx.MockTransport(script.handle))
    delivery = replace(script.client(), connection=connection)
    asker = asking(ledger, delivery, prices=PRICES, budget=Budget(job="job", usd_limit=1.0))

    await asker.ask(request(max_tokens=1000))

    ((usd, tokens),) = seen
    assert usd >= 1000 * 1.20 / 1e6
    assert tokens > 1000
    spent = await ledger.spent("job")
    assert (spent.open_usd, spent.open_tokens) == (0.0, 0)
    assert spent.usd == pytest.approx(0.0002715)
    assert spent.tokens == 269


async def test_what_would_pass_the_budget_is_not_sent_and_may_be_later(ledger: Ledger) -> None:
    asker, script = inference(
        ledger, success, prices=PRICES, budget=Budget(job="job", usd_limit=0.0001)
    )

    with pytest.raises(BudgetError):
        await asker.ask(request(max_tokens=1000))
    assert script.tasks == []

    await replace(asker, budget=Budget(job="job", usd_limit=1.0)).ask(request(max_tokens=1000))
    assert len(script.tasks) == 1


async def test_where_the_budget_has_no_more_room_what_was_paid_for_stays_visible(
    ledger: Ledger,
) -> None:
    def cut(task: Json) -> httpx.Response:
        return success(task, text="", finishReason="length")

    asker, script = inference(ledger, cut, budget=Budget(job="job", tokens_limit=300))

    outcome = await asker.ask(request(max_tokens=100))

    assert outcome.result.finish_reason == "length"
    assert outcome.result.cost_usd == pytest.approx(0.0002715)
    assert len(script.tasks) == 1


async def test_what_is_refused_costs_the_budget_nothing(ledger: Ledger) -> None:
    asker, _ = inference(
        ledger,
        refusal(400, "invalidSettings"),
        prices=PRICES,
        budget=Budget(job="job", usd_limit=1.0),
    )

    with pytest.raises(RejectedError):
        await asker.ask(request())

    spent = await ledger.spent("job")
    assert (spent.usd, spent.open_usd) == (0.0, 0.0)


LENGTHS = {
    "all as long as they may be": lambda _: MOST,
    "short, until the budget is nearly promised away": lambda number: 1 if number < 200 else MOST,
    "long ones between short ones": lambda number: MOST if number % 7 else 1,
    "any": lambda number: random.Random(number).randint(1, MOST),
}
MOST = 1000


@pytest.mark.parametrize("lengths", LENGTHS.values(), ids=LENGTHS)
async def test_no_lengths_of_answers_make_64_at_once_pass_the_budget(
    ledger: Ledger, lengths: Callable[[int], int]
) -> None:
    billed: list[float] = []
    prompt = ceil(request_tokens(request(messages=(Message("user", "9. What is it?"),))) * 1.2)

    def reply(task: Json) -> httpx.Response:
        """Bill a prompt of which the provider counts as many more tokens as it ever does."""
        completion = lengths(len(billed))
        billed.append(PRICES.usd(prompt_tokens=prompt, completion_tokens=completion))
        usage = {"promptTokens": prompt, "completionTokens": completion}
        usage["totalTokens"] = prompt + completion
        return success(task, cost=billed[-1], usage=usage)

    budget = Budget(job="job", usd_limit=0.1)
    asker, _ = inference(ledger, reply, prices=PRICES, budget=budget, throttle=fixed(64))
    asked = [
        request(max_tokens=MOST, messages=(Message("user", f"{number}. What is it?"),))
        for number in range(400)
    ]

    outcomes = await asyncio.gather(*map(asker.ask, asked), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, BudgetError)]
    spent = await ledger.spent("job")
    assert len(billed) + len(refused) == len(asked)
    assert refused, "the budget is too small for all of them"
    assert sum(billed) <= 0.1
    assert spent.usd == pytest.approx(sum(billed))
    assert sum(billed) > 0.05


async def test_a_bill_above_our_prices_is_what_further_tasks_are_promised_at(
    ledger: Ledger,
) -> None:
    def twice_as_dear(task: Json) -> httpx.Response:
        return success(task, cost=2 * PRICES.usd(prompt_tokens=57, completion_tokens=212))

    budget = Budget(job="job", usd_limit=1.0)
    asker, _ = inference(ledger, twice_as_dear, prices=PRICES, budget=budget)
    await asker.ask(request())
    one = replace(asker, budget=Budget(job="other", usd_limit=0.00021))
    asked = request(messages=(Message("user", "Another?"),), max_tokens=100)

    with pytest.raises(BudgetError, match=r"may cost \$0\.0003"):
        await one.ask(asked)
