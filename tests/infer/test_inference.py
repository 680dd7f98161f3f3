import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tasks.core.errors import LostError, RejectedError, TransientError
from tasks.ledger.ledger import Ledger, open_ledger
from tests.infer.asking import AT_ONCE, BROKEN, BUSY, PRICES, Places, asking, inference, polling
from tests.infer.building import (
    KEY,
    Asynchronous,
    Json,
    Reply,
    Said,
    Time,
    done,
    item,
    refusal,
    request,
    running,
    success,
)


async def test_the_same_question_is_paid_once(ledger: Ledger) -> None:
    asker, script = inference(ledger, success)

    outcomes = await asyncio.gather(*(asker.ask(request()) for _ in range(20)))

    assert len(script.tasks) == 1
    assert {outcome.result.text for outcome in outcomes} == {"Lisbon."}
    assert sum(not outcome.result.reused for outcome in outcomes) == 1


async def test_what_is_not_billed_by_answer_has_its_cost_by_usage(ledger: Ledger) -> None:
    asker, _ = inference(ledger, lambda task: success(task, cost=None), prices=PRICES)

    outcome = await asker.ask(request())

    assert outcome.result.cost_usd == pytest.approx((57 * 0.30 + 212 * 1.20) / 1e6)


async def test_siblings_are_kept_together_and_given_again(ledger: Ledger) -> None:
    def three(task: Json) -> httpx.Response:
        data = [item(task["taskUUID"], text=text) for text in "abc"]
        return httpx.Response(200, json={"data": data})

    asker, script = inference(ledger, three)
    asked = request(number_results=3)

    first, again = await asker.ask(asked), await asker.ask(asked)

    assert [result.text for result in first.results] == ["a", "b", "c"]
    assert [result.text for result in again.results] == ["a", "b", "c"]
    assert all(result.reused for result in again.results)
    assert len(script.tasks) == 1


async def test_another_provider_endpoint_or_setting_is_another_question(ledger: Ledger) -> None:
    asker, script = inference(ledger, success)
    elsewhere = script.client()
    elsewhere = replace(
        elsewhere, connection=replace(elsewhere.connection, endpoint="http://elsewhere.test/v1")
    )

    await asker.ask(request())
    await asker.ask(request(seed=1))
    await replace(asker, delivery=elsewhere).ask(request())
    await replace(asker, delivery=script.client(provider="offline")).ask(request())

    assert len(script.tasks) == 4


async def test_tries_again_under_the_same_uuid(ledger: Ledger) -> None:
    asker, script = inference(ledger, BUSY, httpx.ReadTimeout("slow"), success)

    outcome = await asker.ask(request())

    assert outcome.result.text == "Lisbon."
    assert len(script.tasks) == 3
    assert len({task["taskUUID"] for task in script.tasks}) == 1


async def test_gives_up_in_the_end_and_a_later_run_keeps_the_uuid(ledger: Ledger) -> None:
    asker, script = inference(ledger, *[BROKEN] * AT_ONCE.attempts, success)

    with pytest.raises(TransientError, match="500"):
        await asker.ask(request())
    await asker.ask(request())

    assert len(script.tasks) == AT_ONCE.attempts + 1
    assert len({task["taskUUID"] for task in script.tasks}) == 1


async def test_a_busy_provider_is_waited_for_as_long_as_is_said(ledger: Ledger) -> None:
    time = Time()

    def busy(_task: Json) -> httpx.Response:
        time.now += 100.0
        return BUSY

    retries = replace(AT_ONCE, busy_s=1000.0, clock=time)
    asker, script = inference(ledger, busy, retries=retries)

    with pytest.raises(TransientError, match="503"):
        await asker.ask(request())

    assert len(script.tasks) == 10


async def test_the_throttle_hears_how_each_task_ended(ledger: Ledger) -> None:
    slow_down = refusal(429, "rateLimitExceeded", **{"retry-after": "0.0"})
    asker, _ = inference(ledger, BUSY, slow_down, BROKEN, success)

    await asker.ask(request())

    assert isinstance(asker.throttle, Places)
    assert asker.throttle.heard == [0.0, 0.0, "succeeded"]
    assert asker.throttle.taken == 0


async def test_what_is_kept_tells_the_throttle_nothing(ledger: Ledger) -> None:
    asker, _ = inference(ledger, success)
    await asker.ask(request())

    again = replace(asker, throttle=Places())
    await again.ask(request())

    assert isinstance(again.throttle, Places)
    assert again.throttle.heard == []


async def test_a_refusal_is_not_repeated(ledger: Ledger) -> None:
    asker, script = inference(ledger, refusal(400, "invalidSettings"), success)

    with pytest.raises(RejectedError, match="invalidSettings"):
        await asker.ask(request())
    assert len(script.tasks) == 1

    await asker.ask(request())
    assert script.tasks[0]["taskUUID"] != script.tasks[1]["taskUUID"]


async def test_what_is_cancelled_goes_on_under_its_uuid(ledger: Ledger) -> None:
    asker, script = inference(ledger, success)
    begun, never = asyncio.Event(), asyncio.Event()

    async def hang(sent: httpx.Request) -> httpx.Response:
        script(sent)
        begun.set()
        await never.wait()
        raise AssertionError("cancelled before")

    connection = replace(script.connection(), transport=httpx.MockTransport(hang))
    hanging = replace(asker, delivery=replace(script.client(), connection=connection))
    waiting = asyncio.create_task(hanging.ask(request()))
    await begun.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    await asker.ask(request())

    assert script.tasks[0]["taskUUID"] == script.tasks[1]["taskUUID"]


async def test_what_was_in_flight_when_we_died_is_picked_up_and_not_sent_again(url: str) -> None:
    provider = Asynchronous(lambda uuid, _nth: [running(uuid)])
    async with open_ledger(url) as first:
        dying = asyncio.create_task(asking(first, polling(provider)).ask(request()))
        await _until(lambda: len(provider.polled) > 3)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)

    later = Asynchronous(lambda uuid, _nth: [done(uuid)])
    async with open_ledger(url) as second:
        outcome = await asking(second, polling(later)).ask(request())

    assert outcome.result.text == "Lisbon."
    assert later.submitted == []
    assert later.polled == [provider.posts]


async def test_a_task_that_failed_at_the_provider_is_tried_under_a_new_uuid(
    ledger: Ledger,
) -> None:
    failed = {"code": "timeoutProvider", "message": "slow"}

    def say(uuid: str, _nth: int) -> Said:
        return [failed | {"taskUUID": uuid}] if len(provider.posts) < 3 else [done(uuid)]

    provider = Asynchronous(say)
    outcome = await asking(ledger, polling(provider)).ask(request())

    assert outcome.result.text == "Lisbon."
    assert len(set(provider.posts)) == len(provider.posts) == 3


async def test_a_submit_without_an_answer_is_never_sent_twice_while_it_is_known(
    ledger: Ledger,
) -> None:
    provider = Asynchronous(
        lambda uuid, nth: [done(uuid)] if nth > 2 else [running(uuid)],
        submits=[BUSY, httpx.ReadTimeout("slow")],
    )

    await asking(ledger, polling(provider)).ask(request())

    assert len(provider.posts) == 2
    assert len(set(provider.posts)) == 1


async def test_what_is_lost_is_not_bought_again_unasked(url: str) -> None:
    provider = Asynchronous(lambda _uuid, _nth: [], submits=[refusal(400, "conflictTaskUUID")])
    async with open_ledger(url) as ledger:
        for _ in range(2):
            with pytest.raises(LostError):
                await asking(ledger, polling(provider)).ask(request())
    assert len(provider.posts) == 1

    bought = Asynchronous(lambda uuid, _nth: [done(uuid)])
    async with open_ledger(url, buy_lost=True) as ledger:
        outcome = await asking(ledger, polling(bought)).ask(request())

    assert outcome.result.text == "Lisbon."
    assert bought.posts != provider.posts


async def test_a_truncated_answer_is_kept_since_it_is_paid(ledger: Ledger) -> None:
    asker, script = inference(ledger, lambda task: success(task, finishReason="length"))

    first = await asker.ask(request())
    second = await asker.ask(request())

    assert (first.result.finish_reason, second.result.finish_reason) == ("length", "length")
    assert (first.spent, second.spent) == ((), ())
    assert len(script.tasks) == 1


async def test_the_key_is_in_no_log_and_no_row(
    ledger: Ledger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    failures: Sequence[Reply] = (
        BUSY,
        BROKEN,
        httpx.ConnectError("refused"),
        refusal(401, "invalidApiKey"),
    )
    asker, _ = inference(ledger, *failures)

    with pytest.raises(RejectedError):
        await asker.ask(request())

    written = b"".join(file.read_bytes() for file in tmp_path.glob("ledger.db*"))
    assert b"invalidApiKey" in written
    assert KEY.get_secret_value().encode() not in written
    assert "trying again" in caplog.text
    assert KEY.get_secret_value() not in caplog.text


async def _until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 # of a fake without events
            await asyncio.sleep(0)
