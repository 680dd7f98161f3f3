"""Faults of the answer itself, and of its way."""

import json
from typing import Any

import pytest

from tasks.emulator.engine.tokens import count_tokens
from tasks.emulator.faults.replies import split_characters
from tasks.emulator.options import EmulatorOptions
from tests.emulator.conftest import ANSWER, SCRIPT, FakeClock, client_of, settle, task, uuid
from tests.emulator.driving import call

RECORD = '{"name": "Ghent", "parts": [1, 2]}'


async def item_of(
    fault: dict[str, Any], answer: str = ANSWER, reasoning: str = "I weigh it.", **changes: Any
) -> dict[str, Any]:
    script = ({"answer": {"text": answer, "reasoning": reasoning}},)
    options = EmulatorOptions(script=script, faults=(fault,))
    async with client_of(options) as client:
        whole: dict[str, Any] = {"includeUsage": True, "includeCost": True} | changes
        reply = await client.post("/v1", json=[task(**whole)])
    item: dict[str, Any] = reply.json()["data"][0]
    return item


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("whole", f"<think>\nI weigh it.\n</think>\n\n{ANSWER}"),
        (
            "nested",
            f"<think>\nI weigh it.\n<think>\nAgain?\n</think>\nYes.\n</think>\n\n{ANSWER}",
        ),
        ("unopened", f"I weigh it.\n</think>\n\n{ANSWER}"),
        ("unclosed", f"<think>\nI weigh it.\n\n{ANSWER}"),
    ],
)
async def test_thoughts_leak_into_the_text(form: str, text: str) -> None:
    item = await item_of({"fault": "thoughts", "form": form})

    assert item["text"] == text
    assert "reasoningContent" not in item


@pytest.mark.parametrize(("form", "shown"), [("string", "I weigh it."), ("list", ["I weigh it."])])
async def test_thoughts_come_beside_the_text(form: str, shown: object) -> None:
    item = await item_of({"fault": "thoughts", "form": form})

    assert (item["text"], item["reasoningContent"]) == (ANSWER, shown)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("fence", f"```json\n{RECORD}\n```"),
        ("trailing_comma", '{"name": "Ghent", "parts": [1, 2],}'),
        ("truncated", RECORD[: len(RECORD) * 3 // 5]),
    ],
)
async def test_json_is_damaged(form: str, text: str) -> None:
    item = await item_of({"fault": "damaged_json", "form": form}, RECORD)

    assert (item["text"], item["finishReason"]) == (text, "stop")
    with pytest.raises(json.JSONDecodeError):
        json.loads(item["text"])


async def test_json_has_prose_around_it() -> None:
    item = await item_of({"fault": "damaged_json", "form": "prose"}, RECORD)

    assert RECORD in item["text"]
    assert not item["text"].startswith("{")


async def test_an_oversized_answer_is_longer_than_asked_and_billed_in_full() -> None:
    fault = {"fault": "oversized", "factor": 2}
    item = await item_of(fault, settings={"maxTokens": 100})

    assert count_tokens(item["text"]) >= 200
    usage = item["usage"]
    assert usage["completionTokens"] == count_tokens(item["text"]) + usage["thinkingTokens"]
    dollars = usage["promptTokens"] * 0.30e-6 + usage["completionTokens"] * 1.20e-6
    assert item["cost"] == pytest.approx(dollars)


async def test_an_empty_answer_has_thought_away_all_its_room() -> None:
    item = await item_of({"fault": "empty"}, settings={"maxTokens": 100})

    assert (item["text"], item["finishReason"]) == ("", "length")
    assert item["usage"]["completionTokens"] == item["usage"]["thinkingTokens"] == 100


@pytest.mark.parametrize(
    ("fault", "text", "reason"),
    [
        ({"fault": "empty", "finishReason": "stop"}, "", "stop"),
        ({"fault": "refusal", "text": "No."}, "No.", "stop"),
        ({"fault": "content_filter"}, "", "content_filter"),
        ({"fault": "content_filter", "text": "Lis"}, "Lis", "content_filter"),
    ],
)
async def test_an_answer_is_withheld(fault: dict[str, Any], text: str, reason: str) -> None:
    item = await item_of(fault)

    assert (item["text"], item["finishReason"]) == (text, reason)


async def test_faults_of_one_answer_add_up() -> None:
    script = ({"answer": RECORD},)
    faults = ({"fault": "damaged_json", "form": "fence"}, {"fault": "thoughts", "form": "whole"})
    async with client_of(EmulatorOptions(script=script, faults=faults)) as client:
        reply = await client.post("/v1", json=[task()])

    text = reply.json()["data"][0]["text"]
    assert text.startswith("<think>")
    assert text.endswith(f"```json\n{RECORD}\n```")


async def raw_reply(fault: dict[str, Any], answer: str = ANSWER, **changes: Any) -> list[bytes]:
    options = EmulatorOptions(script=({"answer": answer},), faults=(fault,))
    clock = FakeClock()
    running = call(options, clock, [task(**changes)])
    await clock.advance(10)
    await running.done
    return [piece for piece in running.pieces if piece]


@pytest.mark.parametrize("delivery", ["sync", "stream"])
async def test_a_reply_is_cut_in_the_middle(delivery: str) -> None:
    whole = b"".join(await raw_reply({"fault": "shuffle"}, deliveryMethod=delivery))
    cut = b"".join(await raw_reply({"fault": "truncate", "at": 0.4}, deliveryMethod=delivery))

    assert whole.startswith(cut)
    assert len(cut) == int(len(whole) * 0.4)
    assert b"[DONE]" not in cut


@pytest.mark.parametrize("delivery", ["sync", "stream"])
async def test_a_reply_is_garbled(delivery: str) -> None:
    garbled = b"".join(await raw_reply({"fault": "garble"}, deliveryMethod=delivery))
    page = b"".join(await raw_reply({"fault": "garble", "form": "html"}, deliveryMethod=delivery))

    with pytest.raises(UnicodeDecodeError):
        garbled.decode()
    assert page.startswith(b"<html>")


@pytest.mark.parametrize("delivery", ["sync", "stream"])
async def test_a_reply_is_split_within_its_characters(delivery: str) -> None:
    answer = "Łódź, Zürich, 東京 and 🦊."
    pieces = await raw_reply({"fault": "split_utf8"}, answer, deliveryMethod=delivery)

    assert len(pieces) > 4
    for piece in pieces[:-1]:
        with pytest.raises(UnicodeDecodeError):
            piece.decode()
    whole = b"".join(pieces).decode()
    assert all(word in whole for word in ("Łódź", "Zürich", "東京", "🦊"))


def test_plain_ascii_is_not_split() -> None:
    assert split_characters(b"plain") == [b"plain"]
    assert len(split_characters("é".encode() * 10_000)) <= 66


@pytest.mark.parametrize(("done", "ends"), [(None, False), (True, True), (False, False)])
async def test_a_stream_fails_in_its_middle(done: bool | None, ends: bool) -> None:  # noqa: FBT001 # parameters of the test
    fault: dict[str, Any] = {"fault": "mid_stream_error"}
    if done is not None:
        fault["done"] = done
    options = EmulatorOptions(script=SCRIPT, faults=(fault,))
    async with client_of(options) as client:
        reply = await client.post("/v1", json=[task(deliveryMethod="stream")])
        stats = (await client.get("/_emulator/stats")).json()

    frames = [frame for frame in reply.text.split("\n\n") if frame.startswith("data: ")]
    assert (frames[-1] == "data: [DONE]") is ends
    if ends:
        frames.pop()
    [error] = json.loads(frames[-1].removeprefix("data: "))["errors"]
    assert (error["code"], error["taskUUID"]) == ("providerError", uuid(1))
    assert len(frames) > 1
    assert '"finishReason": "stop"' not in reply.text
    assert (reply.status_code, stats["tasks_billed"]) == (200, 0)


async def test_a_failed_stream_may_be_billed() -> None:
    fault = {"fault": "mid_stream_error", "billed": True, "after": 1}
    async with client_of(EmulatorOptions(script=SCRIPT, faults=(fault,))) as client:
        await client.post("/v1", json=[task(deliveryMethod="stream")])

        assert (await client.get("/_emulator/stats")).json()["tasks_billed"] == 1


async def test_a_chat_stream_fails_in_its_middle() -> None:
    body = {"model": "minimax:m2.7@0", "messages": [{"role": "user", "content": "?"}]}
    fault = {"fault": "mid_stream_error"}
    async with client_of(EmulatorOptions(script=SCRIPT, faults=(fault,))) as client:
        reply = await client.post("/v1/chat/completions", json=body | {"stream": True})

    assert '"error": {' in reply.text
    assert '"finish_reason": "stop"' not in reply.text


async def test_an_empty_errors_key_stands_beside_the_data() -> None:
    async with client_of(
        EmulatorOptions(script=SCRIPT, faults=({"fault": "errors_empty"},))
    ) as client:
        body = (await client.post("/v1", json=[task()])).json()

    assert body["errors"] == []
    assert body["data"][0]["text"] == ANSWER


async def test_the_order_of_a_batch_is_shuffled_the_same_way_each_run() -> None:
    orders = []
    for _ in range(2):
        async with client_of(
            EmulatorOptions(script=SCRIPT, faults=({"fault": "shuffle"},))
        ) as client:
            reply = await client.post("/v1", json=[task(n, seed=n) for n in range(8)])
            orders.append([item["taskUUID"] for item in reply.json()["data"]])

    assert orders[0] == orders[1] != [uuid(n) for n in range(8)]
    assert sorted(orders[0]) == [uuid(n) for n in range(8)]


async def test_faults_of_a_reply_wait_for_one_with_an_answer() -> None:
    fault = {"fault": "errors_empty", "times": 1}
    options = EmulatorOptions(script=SCRIPT, faults=(fault,), latency_s=1)
    clock = FakeClock()
    async with client_of(options, clock=clock) as client:
        polls = [{"taskType": "getResponse", "taskUUID": uuid(1)}]
        bodies = [(await client.post("/v1", json=[task(deliveryMethod="async")])).json()]
        bodies.append((await client.post("/v1", json=polls)).json())
        await clock.advance(1)
        bodies.append((await client.post("/v1", json=polls)).json())

    assert ["errors" in body for body in bodies] == [False, False, True]


async def test_faults_of_a_reply_may_befall_the_acknowledgement() -> None:
    fault = {"fault": "errors_empty", "on": "ack"}
    async with client_of(EmulatorOptions(script=SCRIPT, faults=(fault,))) as client:
        acknowledged = (await client.post("/v1", json=[task(deliveryMethod="async")])).json()
        answered = (await client.post("/v1", json=[task(2, seed=1)])).json()

    assert ["errors" in acknowledged, "errors" in answered] == [True, False]


@pytest.mark.parametrize(
    ("fault", "low", "high"),
    [
        ({"seconds": 2}, 2, 2),
        ({"distribution": "uniform", "low": 1, "high": 3}, 1, 3),
        ({"distribution": "lognormal", "seconds": 2, "sigma": 0.5}, 0.2, 20),
    ],
)
async def test_latency_takes_the_place_of_the_option(
    fault: dict[str, Any], low: float, high: float
) -> None:
    clock = FakeClock()
    options = EmulatorOptions(script=SCRIPT, latency_s=99, faults=({"fault": "latency", **fault},))
    async with client_of(options, clock=clock) as client:
        tasks = [task(n, seed=n, deliveryMethod="async") for n in range(20)]
        await client.post("/v1", json=tasks)
        await settle()

    assert len(clock.slept) == 20
    assert all(low <= seconds <= high for seconds in clock.slept)
    assert (len(set(clock.slept)) > 1) == (low < high)
