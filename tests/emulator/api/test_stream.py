"""Streams, native and as OpenAI shapes them."""

import json
from typing import Any

import httpx
import pytest

from tasks.emulator.options import EmulatorOptions
from tests.emulator.conftest import (
    ANSWER,
    SCRIPT,
    FakeClock,
    client_of,
    stats_of,
    task,
    uuid,
)
from tests.emulator.driving import call

CHAT = "/v1/chat/completions"


def stream_task(number: int = 1, **changes: Any) -> dict[str, Any]:
    return task(number, **{"deliveryMethod": "stream"} | changes)


def chunks_of(body: str) -> list[dict[str, Any]]:
    """Give the chunks of a whole stream, having checked its form."""
    frames = body.split("\n\n")
    assert frames.pop() == ""
    assert frames.pop() == "data: [DONE]"
    assert ": ping" in frames
    return [json.loads(frame.removeprefix("data: ")) for frame in frames if frame != ": ping"]


async def test_streams_reasoning_then_text_then_the_account() -> None:
    async with client_of(EmulatorOptions(script=SCRIPT)) as client:
        reply = await client.post("/v1", json=[stream_task(includeCost=True, includeUsage=True)])
        stats = await stats_of(client)

    assert reply.headers["content-type"].startswith("text/event-stream")
    *deltas, last = chunks_of(reply.text)
    kinds = [next(iter(chunk["delta"])) for chunk in deltas]
    assert kinds == sorted(kinds)  # reasoningContent before text
    assert set(kinds) == {"reasoningContent", "text"}
    assert "".join(chunk["delta"].get("text", "") for chunk in deltas) == ANSWER
    assert all(chunk["finishReason"] is None for chunk in deltas)
    assert all(chunk["taskUUID"] == uuid(1) for chunk in [*deltas, last])
    assert (last["delta"], last["finishReason"]) == ({}, "stop")
    assert last["usage"]["totalTokens"] > last["usage"]["thinkingTokens"] > 0
    assert last["cost"] == stats["usd_billed"]
    assert stats["tasks_billed"] == 1


async def test_gives_no_account_unasked() -> None:
    async with client_of(EmulatorOptions(script=SCRIPT)) as client:
        reply = await client.post("/v1", json=[stream_task()])

    assert set(chunks_of(reply.text)[-1]) == {"taskUUID", "taskType", "delta", "finishReason"}


async def test_streams_the_answer_that_sync_gives(client: httpx.AsyncClient) -> None:
    sync = (await client.post("/v1", json=[task()])).json()["data"][0]["text"]
    streamed = chunks_of((await client.post("/v1", json=[stream_task()])).text)

    assert "".join(chunk["delta"].get("text", "") for chunk in streamed) == sync


@pytest.mark.parametrize("others", [[task(2)], [stream_task(2)], [task(2, seed=-1)]])
async def test_refuses_a_stream_beside_other_tasks(
    client: httpx.AsyncClient, others: list[dict[str, Any]]
) -> None:
    reply = await client.post("/v1", json=[stream_task(1), *others])

    assert reply.status_code == 400
    assert {error["code"] for error in reply.json()["errors"]} == {"incompatibleParameters"}
    stats = await stats_of(client)
    assert (stats["tasks_billed"], stats["tasks_refused"]) == (0, 2)


async def test_a_switch_streams_several_results_and_tasks() -> None:
    chosen = EmulatorOptions(script=SCRIPT, stream_of_several="accept")
    async with client_of(chosen) as client:
        reply = await client.post("/v1", json=[stream_task(1, numberResults=2), stream_task(2)])

    chunks = chunks_of(reply.text)
    ends = [
        (chunk["taskUUID"], chunk.get("resultIndex")) for chunk in chunks if chunk["finishReason"]
    ]
    assert ends == [(uuid(1), 0), (uuid(1), 1), (uuid(2), None)]


async def test_refusals_come_before_the_stream() -> None:
    async with client_of(EmulatorOptions()) as client:
        reply = await client.post("/v1", json=[stream_task(seed=-1)])

    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == "invalidSeed"


async def test_pings_while_the_answer_is_awaited_and_paces_the_deltas() -> None:
    clock = FakeClock()
    chosen = EmulatorOptions(script=SCRIPT, latency_s=40, stream_delta_s=0.5)
    running = call(chosen, clock, [stream_task()])
    await clock.advance(39)
    waiting = list(running.pieces)
    await clock.advance(60)
    await running.done

    assert waiting == [b": ping\n\n"] * 2
    assert len(running.pieces) > 8
    assert clock.slept.count(0.5) == len(running.pieces) - 1 - 3  # pings, and the empty end
    assert chunks_of(b"".join(running.pieces).decode())[-1]["finishReason"] == "stop"


async def test_a_chat_completion_streams_in_chunks() -> None:
    async with client_of(EmulatorOptions(script=SCRIPT)) as client:
        messages = [{"role": "user", "content": "Which capital?"}]
        body = {"model": "minimax:m2.7@0", "messages": messages, "stream": True}
        reply = await client.post(CHAT, json=body)
        whole = await client.post(CHAT, json=body | {"stream_options": {"include_usage": True}})

    chunks = chunks_of(reply.text)
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0]["role"] == "assistant"
    assert "".join(delta.get("content", "") for delta in deltas) == ANSWER
    assert any("reasoning_content" in delta for delta in deltas)
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert all(chunk["object"] == "chat.completion.chunk" for chunk in chunks)
    last = chunks_of(whole.text)[-1]
    assert last["choices"] == []
    assert last["usage"]["total_tokens"] > 0
