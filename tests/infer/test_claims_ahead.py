import asyncio

from tasks.core.requests import Message
from tasks.infer.inference import CLAIMS_AHEAD, Inference
from tasks.infer.throttle.gate import fixed
from tasks.ledger.ledger import Asked, Claim, Ledger
from tests.infer.asking import inference
from tests.infer.building import request, success


async def test_what_was_claimed_and_never_sent_leaves_nothing_to_look_for(ledger: Ledger) -> None:
    asker, script = inference(ledger, success, throttle=fixed(1))
    async with asker.throttle.slot():
        waiting = asyncio.create_task(asker.ask(request()))
        while not ledger.leases.held:
            await ledger.answered([])
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    claim = await ledger.claim(asked_for(asker))

    assert isinstance(claim, Claim)
    assert not claim.begun
    assert script.tasks == []


async def test_few_tasks_are_claimed_before_there_is_a_place_for_them(ledger: Ledger) -> None:
    asker, _ = inference(ledger, success, throttle=fixed(1))
    several = [request(messages=(Message("user", f"{number}?"),)) for number in range(30)]
    async with asker.throttle.slot():
        waiting = asyncio.gather(*map(asker.ask, several))
        while len(ledger.leases.held) < CLAIMS_AHEAD:
            await ledger.answered([])
        for _ in range(20):
            await ledger.answered([])
        held = len(ledger.leases.held)
    outcomes = await waiting

    assert held == CLAIMS_AHEAD
    assert all(outcome.result.text == "Lisbon." for outcome in outcomes)


def asked_for(asker: Inference) -> Asked:
    key = asker.key_of(request())
    return Asked(key, asker.delivery.provider, asker.delivery.endpoint, request().model)
