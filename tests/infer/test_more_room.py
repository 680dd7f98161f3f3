import httpx

from tasks.infer.inference import ROOM_ATTEMPTS
from tasks.ledger.ledger import Ledger
from tests.infer.asking import inference
from tests.infer.building import (
    Json,
    refusal,
    request,
    success,
)


def thinking(task: Json, *, room: int) -> httpx.Response:
    """Answer only where thoughts leave room for it."""
    if task["settings"]["maxTokens"] >= room:
        return success(task)
    return success(task, text="<think>Portugal is", finishReason="length")


async def test_an_answer_that_thoughts_left_no_room_for_gets_more_and_both_are_seen(
    ledger: Ledger,
) -> None:
    asker, script = inference(ledger, lambda task: thinking(task, room=400))

    outcome = await asker.ask(request(max_tokens=100))

    assert outcome.result.text == "Lisbon."
    assert [task["settings"]["maxTokens"] for task in script.tasks] == [100, 200, 400]
    assert [result.text for result in outcome.spent] == ["", ""]
    assert all(result.thoughts and result.cost_usd for result in outcome.spent)
    keys = {result.answer_key for result in (*outcome.spent, *outcome.results)}
    assert await asker.kept(keys) == keys
    assert len(keys) == 3


async def test_more_room_is_not_paid_twice_either(ledger: Ledger) -> None:
    asker, script = inference(ledger, lambda task: thinking(task, room=200))
    await asker.ask(request(max_tokens=100))

    outcome = await asker.ask(request(max_tokens=100))

    assert len(script.tasks) == 2
    assert all(result.reused for result in (*outcome.spent, *outcome.results))


async def test_more_room_has_an_end(ledger: Ledger) -> None:
    asker, script = inference(ledger, lambda task: thinking(task, room=10**9))

    outcome = await asker.ask(request(max_tokens=100))

    assert outcome.result.finish_reason == "length"
    assert len(script.tasks) == 1 + ROOM_ATTEMPTS


async def test_what_was_paid_is_seen_though_more_room_is_refused(ledger: Ledger) -> None:
    no = refusal(400, "invalidSettings")
    asker, _ = inference(ledger, lambda task: thinking(task, room=10**9), no)

    outcome = await asker.ask(request())

    assert outcome.result.finish_reason == "length"
    assert outcome.result.cost_usd is not None
