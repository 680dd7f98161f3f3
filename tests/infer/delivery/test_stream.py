import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tasks.core.answers import Result, Usage
from tasks.core.errors import InferenceError, RejectedError, TransientError
from tasks.infer.delivery.stream import StreamDelivery
from tests.infer.building import (
    KEY,
    UUID,
    Json,
    Reply,
    Script,
    a_task,
    done,
    poller,
    refusal,
    success,
)

USAGE = {"promptTokens": 57, "completionTokens": 212, "totalTokens": 269}
LAST = {"delta": {}, "finishReason": "stop", "usage": USAGE, "cost": 0.0002715}


def chunk(**fields: Any) -> bytes:
    whole = {"taskUUID": UUID, "taskType": "textInference", **fields}
    return f"data: {json.dumps(whole, ensure_ascii=False)}\n\n".encode()


def text(words: str) -> bytes:
    return chunk(delta={"text": words}, finishReason=None)


def thoughts(words: Any) -> bytes:
    return chunk(delta={"reasoningContent": words})


DONE = b"data: [DONE]\n\n"
WHOLE = (thoughts("Let me "), thoughts("see."), text("Lis"), b": ping\n\n", text("bon."))


def stream(*pieces: bytes | Exception) -> httpx.Response:
    async def give() -> AsyncIterator[bytes]:
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=give())


def delivery(script: Script, **changes: Any) -> StreamDelivery:
    connection = script.connection()
    return StreamDelivery(connection, poller(connection, script.time), **changes)


async def deliver(*replies: Reply, **changes: Any) -> tuple[Result, ...]:
    return await delivery(Script(replies), **changes).deliver(a_task(), begun=False)


async def test_puts_the_answer_together() -> None:
    script = Script([stream(*WHOLE, chunk(**LAST), DONE)])

    (result,) = await delivery(script).deliver(a_task(), begun=False)

    assert result == Result(
        answer_key="k",
        text="Lisbon.",
        thoughts="Let me see.",
        finish_reason="stop",
        usage=Usage(prompt_tokens=57, completion_tokens=212, total_tokens=269),
        cost_usd=0.0002715,
    )
    assert script.tasks[0]["deliveryMethod"] == "stream"
    assert script.headers[0]["accept"] == "text/event-stream"


async def test_characters_that_are_cut_in_two_come_whole() -> None:
    whole = b"".join((text("Þú 😀 é"), chunk(**LAST), DONE))

    (result,) = await deliver(stream(*(bytes([byte]) for byte in whole)))

    assert result.text == "Þú 😀 é"


async def test_takes_lists_of_thoughts_and_data_without_a_space() -> None:
    tight = text("Lisbon.").replace(b"data: ", b"data:")

    (result,) = await deliver(stream(thoughts(["a", "b"]), tight, chunk(**LAST), DONE))

    assert (result.text, result.thoughts) == ("Lisbon.", "ab")


async def test_takes_usage_that_comes_after_the_finish_reason() -> None:
    late = (chunk(delta={}, finishReason="stop"), chunk(usage=USAGE, cost=0.5), DONE)

    (result,) = await deliver(stream(*WHOLE, *late))

    assert result.usage is not None
    assert result.cost_usd == 0.5


@pytest.mark.parametrize("after", [(), (DONE, text(" More.")), (DONE, b"data: {not json\n")])
async def test_the_finish_reason_is_enough_and_done_is_the_end(after: tuple[bytes, ...]) -> None:
    (result,) = await deliver(stream(*WHOLE, chunk(**LAST), *after))

    assert result.text == "Lisbon."


@pytest.mark.parametrize(
    "pieces",
    [
        WHOLE,
        (*WHOLE, DONE),
        (),
        (*WHOLE, chunk(**LAST)[:40]),
        (*WHOLE, b'data: {"delta": \n\n', chunk(**LAST)),
        (*WHOLE, b"data: \xff\xfe\n\n", chunk(**LAST)),
        (*WHOLE, httpx.ReadError("connection reset")),
        (*WHOLE, httpx.RemoteProtocolError("incomplete chunked read")),
        (*WHOLE, httpx.ReadTimeout("slow")),
    ],
)
async def test_a_stream_that_was_cut_or_damaged_is_no_answer(
    pieces: tuple[bytes | Exception, ...],
) -> None:
    with pytest.raises(TransientError) as caught:
        await deliver(stream(*pieces))

    assert caught.value.task_uuid == UUID


@pytest.mark.parametrize(
    ("piece", "error"),
    [
        ({"errors": [{"code": "timeoutProvider", "message": "m"}]}, TransientError),
        ({"error": {"code": "providerError", "message": "m"}}, TransientError),
        ({"errors": [{"code": "promptBlocked", "message": "m", "taskUUID": UUID}]}, RejectedError),
    ],
)
async def test_an_error_in_the_middle_ends_the_stream(
    piece: Json, error: type[InferenceError]
) -> None:
    broken = f"data: {json.dumps(piece)}\n\n".encode()

    with pytest.raises(error):
        await deliver(stream(*WHOLE, broken, chunk(**LAST), DONE))


async def test_an_empty_list_of_errors_is_no_error() -> None:
    (result,) = await deliver(stream(*WHOLE, chunk(**LAST, errors=[]), DONE))

    assert result.text == "Lisbon."


async def test_pieces_of_another_task_are_passed_over() -> None:
    other = chunk(delta={"text": "Madrid."}).replace(UUID.encode(), b"other")

    (result,) = await deliver(stream(other, *WHOLE, chunk(**LAST), DONE))

    assert result.text == "Lisbon."


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(400, "invalidSettings"), RejectedError),
        (refusal(429, "rateLimitExceeded"), TransientError),
        (
            httpx.Response(400, json={"error": {"code": "invalidModel"}, "taskUUID": UUID}),
            RejectedError,
        ),
        (httpx.Response(502, content=b"<html>"), TransientError),
        (httpx.ConnectError("refused"), TransientError),
    ],
)
async def test_a_failure_before_the_stream_is_sorted_like_any(
    reply: Reply, error: type[InferenceError]
) -> None:
    with pytest.raises(error) as caught:
        await deliver(reply)

    assert KEY.get_secret_value() not in str(caught.value)


async def test_a_whole_answer_instead_of_a_stream_is_taken() -> None:
    (result,) = await deliver(success)

    assert result.text == "Lisbon."


async def test_a_task_that_is_there_already_is_fetched() -> None:
    script = Script(
        [refusal(400, "conflictTaskUUID"), httpx.Response(200, json={"data": [done()]})]
    )

    (result,) = await delivery(script).deliver(a_task(), begun=True)

    assert result.text == "Lisbon."


async def test_progress_is_heard_as_the_answer_grows() -> None:
    heard: list[tuple[str, int]] = []

    await deliver(
        stream(*WHOLE, chunk(**LAST), DONE), on_text=lambda uuid, chars: heard.append((uuid, chars))
    )

    counts = [chars for _, chars in heard]
    assert {uuid for uuid, _ in heard} == {UUID}
    assert counts == sorted(counts)
    assert counts[-1] == len("Let me see.Lisbon.")


async def test_pings_alone_do_not_keep_a_stream_for_ever() -> None:
    async def ping() -> AsyncIterator[bytes]:
        while True:
            yield b": ping\n\n"
            await asyncio.sleep(0)

    endless = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=ping())

    with pytest.raises(TransientError, match="did not end"):
        await deliver(endless, deadline_s=0.0)


async def test_several_results_are_refused_before_anything_is_sent() -> None:
    script = Script([stream()])

    with pytest.raises(RejectedError, match="numberResults"):
        await delivery(script).deliver(a_task(number_results=2), begun=False)

    assert script.tasks == []
