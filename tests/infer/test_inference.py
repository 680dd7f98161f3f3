import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tasks.core.errors import RejectedError, TransientError
from tasks.infer.inference import ATTEMPTS, Inference
from tasks.ledger.ledger import Ledger, open_ledger
from tests.infer.building import KEY, Reply, Script, refusal, request, success

BUSY = refusal(503, "serviceUnavailable", **{"retry-after": "0"})


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    async with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


def inference(ledger: Ledger, *replies: Reply) -> tuple[Inference, Script]:
    script = Script(replies)
    slots = asyncio.Semaphore(4)
    return Inference(client=script.client(), ledger=ledger, slots=slots, wait_initial_s=0), script


async def test_the_same_question_is_paid_once(ledger: Ledger) -> None:
    asker, script = inference(ledger, success)

    results = await asyncio.gather(*(asker.ask(request()) for _ in range(20)))

    assert len(script.tasks) == 1
    assert {result.text for result in results} == {"Lisbon."}
    assert sum(not result.reused for result in results) == 1


async def test_another_provider_endpoint_or_setting_is_another_question(ledger: Ledger) -> None:
    asker, script = inference(ledger, success)
    elsewhere = replace(script.client(), endpoint="http://elsewhere.test/v1")
    offline = replace(script.client(), provider="offline")

    await asker.ask(request())
    await asker.ask(request(seed=1))
    await replace(asker, client=elsewhere).ask(request())
    await replace(asker, client=offline).ask(request())

    assert len(script.tasks) == 4


async def test_tries_again_under_the_same_uuid(ledger: Ledger) -> None:
    asker, script = inference(ledger, BUSY, httpx.ReadTimeout("slow"), success)

    result = await asker.ask(request())

    assert result.text == "Lisbon."
    assert len(script.tasks) == 3
    assert len({task["taskUUID"] for task in script.tasks}) == 1


async def test_gives_up_in_the_end_and_a_later_run_keeps_the_uuid(ledger: Ledger) -> None:
    asker, script = inference(ledger, *[BUSY] * ATTEMPTS, success)

    with pytest.raises(TransientError, match="503"):
        await asker.ask(request())
    await asker.ask(request())

    assert len(script.tasks) == ATTEMPTS + 1
    assert len({task["taskUUID"] for task in script.tasks}) == 1


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

    http = httpx.AsyncClient(transport=httpx.MockTransport(hang))
    hanging = replace(asker, client=replace(script.client(), http=http))
    asking = asyncio.create_task(hanging.ask(request()))
    await begun.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)

    await asker.ask(request())

    assert script.tasks[0]["taskUUID"] == script.tasks[1]["taskUUID"]


async def test_a_truncated_answer_is_kept_since_it_is_paid(ledger: Ledger) -> None:
    asker, script = inference(ledger, lambda task: success(task, finishReason="length"))

    first = await asker.ask(request())
    second = await asker.ask(request())

    assert (first.finish_reason, second.finish_reason) == ("length", "length")
    assert len(script.tasks) == 1


async def test_the_key_is_in_no_row_of_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    asker, _ = inference(ledger, refusal(401, "invalidApiKey"))

    with pytest.raises(RejectedError):
        await asker.ask(request())

    written = b"".join(file.read_bytes() for file in tmp_path.glob("ledger.db*"))
    assert b"invalidApiKey" in written
    assert KEY.get_secret_value().encode() not in written
