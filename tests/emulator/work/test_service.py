"""What can go wrong in the background comes to an end that pollers see."""

import pytest

from tasks.emulator.engine import extractive
from tasks.emulator.options import EmulatorOptions
from tests.emulator.conftest import PROSE, FakeClock, client_of, poll, post, settle, stats_of, task
from tests.emulator.conftest import uuid as uuid_of

CHAT = "/v1/chat/completions"
CHAT_BODY = {"model": "minimax:m2.7@0", "messages": [{"role": "user", "content": PROSE}]}


def broken(*_: object) -> None:
    raise ZeroDivisionError


async def test_a_breakdown_is_a_500_and_is_not_billed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extractive, "complete", broken)
    async with client_of(EmulatorOptions()) as client:
        sync = await client.post("/v1", json=[task()])
        chat = await client.post(CHAT, json=CHAT_BODY)
        stats = await stats_of(client)

    assert (sync.status_code, chat.status_code) == (500, 500)
    assert sync.json()["errors"][0]["code"] == "internalServerError"
    assert chat.json()["error"]["type"] == "server_error"
    assert (stats["tasks_billed"], stats["tasks_running"]) == (0, 0)


async def test_a_uuid_of_a_failed_task_is_free_even_where_finished_ones_are_not() -> None:
    fault = {"fault": "poll_failed", "times": 1}
    options = EmulatorOptions(
        script=({"answer": "x"},), faults=(fault,), refuse_finished_uuids=True
    )
    async with client_of(options, clock=FakeClock()) as client:
        await post(client, task(deliveryMethod="async"))
        await settle()
        failed = await poll(client, 1)
        again = await client.post("/v1", json=[task(deliveryMethod="async")])
        await settle()
        polled = await poll(client, 1)

    assert failed["data"][0]["status"] == "error"
    assert again.status_code == 200
    assert polled["data"][0]["status"] == "success"


async def test_long_prompts_are_counted_as_short_ones_are() -> None:
    script = ({"answer": "x"},)
    usages = []
    for content in ("word " * 10, "word " * 30_000):
        async with client_of(EmulatorOptions(script=script)) as client:
            messages = [{"role": "user", "content": content}]
            body = await post(client, task(messages=messages, includeUsage=True))
            usages.append(body["data"][0]["usage"]["promptTokens"])

    assert usages[1] - usages[0] == 30_000 - 10


async def test_an_equal_task_is_billed_twice_by_content_and_once_by_uuid() -> None:
    async with client_of(EmulatorOptions(script=({"answer": "x"},))) as client:
        for number in (1, 2):
            await post(client, task(number))
        await client.post(CHAT, json=CHAT_BODY)
        stats = await stats_of(client)
        assert uuid_of(1) not in str(stats)

    assert (stats["tasks_billed_twice"], stats["uuids_billed_twice"]) == (2, 0)


async def test_thoughts_come_beside_a_chat_answer_by_fault() -> None:
    faults = ({"fault": "thoughts", "form": "string"},)
    options = EmulatorOptions(
        script=({"answer": {"text": "x", "reasoning": "Hm."}},), faults=faults
    )
    async with client_of(options) as client:
        reply = await client.post(CHAT, json=CHAT_BODY)

    message = reply.json()["choices"][0]["message"]
    assert message == {"role": "assistant", "content": "x", "reasoning_content": "Hm."}
