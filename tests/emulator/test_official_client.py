"""Runware's own client (its REST transport) and ours against the emulator, case by case.

Where the official one is known to err, the case says how; ours has to pass it all the same.
"""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import runware
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from tasks.core.errors import TransientError
from tasks.core.requests import InferenceRequest, Message
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Delivery, Task
from tasks.infer.delivery.poller import Poller, PollTimes
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.stream import StreamDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.delivery.sync import SyncDelivery
from tests.emulator.conftest import SCRIPT, uuid
from tests.emulator.test_over_http import served

ANSWER = SCRIPT[0]["answer"]
POLL_MS = 2500


@dataclass(frozen=True)
class Case:
    """What befalls one task, and what the official client makes of it: a text or an error code."""

    name: str
    delivery: str
    official: str
    faults: tuple[dict[str, Any], ...] = ()
    results: int = 1
    answer: str = ANSWER
    cut: bool = False  # the stream ends after a frame, before that of the finish reason
    ours: str = ""  # the error after which ours tries again under the same UUID


def failing(code: str) -> tuple[dict[str, Any], ...]:
    return ({"fault": "status", "status": 500, "code": code, "times": 1},)


ACCENTS = "Älteste Brücken über die Saône – ça coûte 12 €."

CASES = (
    Case("sync", "sync", ANSWER),
    Case("async", "async", ANSWER),
    Case("stream", "stream", ANSWER),
    Case("siblings in sync", "sync", ANSWER, results=2),
    Case("siblings in async never come", "async", "timeout", results=2),
    Case("a cut stream looks whole", "stream", "part", cut=True, ours="cut off"),
    Case("characters cut in two", "stream", "\ufffd", ({"fault": "split_utf8"},), answer=ACCENTS),
    Case("an empty list of errors", "sync", "unknown", ({"fault": "errors_empty"},)),
    Case(
        "timeoutProvider is not known",
        "sync",
        "unknown",
        failing("timeoutProvider"),
        ours="timeoutProvider",
    ),
)


def params(case: Case) -> dict[str, Any]:
    return {
        "taskType": "textInference",
        "taskUUID": uuid(1),
        "model": "minimax:m2.7@0",
        "messages": [{"role": "user", "content": "What is the capital?"}],
        "deliveryMethod": case.delivery,
        "numberResults": case.results,
        "settings": {"systemPrompt": "Answer.", "maxTokens": 2000},
        "includeUsage": True,
        "includeCost": True,
    }


@asynccontextmanager
async def emulator(case: Case) -> AsyncIterator[str]:
    """Serve the case, and give the URL of its API."""
    async with served(*case.faults, answers=({"answer": case.answer},)) as client:
        if case.cut:
            await cut_after_a_frame(client, case)
        yield f"{str(client.base_url).rstrip('/')}/v1"


async def cut_after_a_frame(client: httpx.AsyncClient, case: Case) -> None:
    """Have the next stream end where the last frame but two of an equal stream ends."""
    whole = (await client.post("/v1", json=[{**params(case), "taskUUID": uuid(2)}])).content
    end = len(b"\n\n".join(whole.split(b"\n\n")[:-4])) + 2
    fault = {"fault": "truncate", "at": (end + 0.5) / len(whole), "times": 1}
    assert (await client.post("/_emulator/faults", json=[fault])).is_success


@asynccontextmanager
async def official(url: str, key: str = "any-key") -> AsyncIterator[Any]:
    client = runware.Runware(
        api_key=key, transport="rest", http_base_url=url, poll_timeout=POLL_MS, max_retries=0
    )
    async with client:
        yield client


async def asked(client: Any, case: Case) -> list[str]:
    """Give the texts that the official client gives."""
    if case.delivery != "stream":
        return [result["text"] for result in await client.run(params(case))]
    stream = await client.stream(params(case))
    pieces = [piece async for piece in stream.text_stream]
    whole = await stream.result()
    assert "".join(pieces) == whole.text
    return [whole.text]


async def texts_or_code(client: Any, case: Case) -> list[str]:
    try:
        return await asked(client, case)
    except runware.RunwareError as error:
        return [error.code]


def delivery_of(case: Case, connection: Connection) -> Delivery:
    poller = Poller(connection, times=PollTimes(first_s=0.01))
    makers: dict[str, Callable[[], Delivery]] = {
        "sync": lambda: SyncDelivery(connection, poller),
        "async": lambda: AsyncDelivery(connection, Submitter(connection), poller),
        "stream": lambda: StreamDelivery(connection, poller),
    }
    return makers[case.delivery]()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_the_official_client_makes_of_it(case: Case) -> None:
    async with emulator(case) as url, official(url) as client:
        texts = await texts_or_code(client, case)

    if case.official == "part":
        assert texts != [case.answer]
        assert case.answer.startswith(texts[0])
    elif case.official == "\ufffd":
        assert "\ufffd" in texts[0]
    elif case.official == case.answer:
        assert texts == [case.answer] * case.results
    else:
        assert texts == [case.official]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_ours_passes_the_same_case(case: Case) -> None:
    request = InferenceRequest(
        model="minimax:m2.7@0",
        system_prompt="Answer.",
        messages=(Message("user", "What is the capital?"),),
        max_tokens=2000,
        number_results=case.results,
    )
    task = Task(request=request, task_uuid=uuid(1), key="k")
    async with emulator(case) as url, AiohttpTransport() as transport:
        delivery = delivery_of(case, Connection(transport, url, SecretStr("any-key")))
        if case.ours:
            with pytest.raises(TransientError, match=case.ours):
                await delivery.deliver(task, begun=False)
        results = await delivery.deliver(task, begun=bool(case.ours))

    assert [result.text for result in results] == [case.answer] * case.results


async def test_the_official_stream_gives_thoughts_before_text_and_the_account_at_its_end() -> None:
    case = Case("stream", "stream", ANSWER)
    async with emulator(case) as url, official(url) as client:
        stream = await client.stream(params(case))
        thoughts = "".join([piece async for piece in stream.reasoning_stream])
        whole = await stream.result()

    assert thoughts == whole.reasoning_content
    assert thoughts
    assert (whole.text, whole.finish_reason) == (ANSWER, "stop")
    assert whole.usage["totalTokens"] > 0
    assert whole.cost > 0


@pytest.mark.parametrize("delivery", ["sync", "async", "stream"])
async def test_the_official_client_names_our_refusals(delivery: str) -> None:
    case = Case("refused", delivery, "")
    wrong = {**params(case), "settings": {"temperature": 2}}
    async with emulator(case) as url, official(url) as client:
        began = time.monotonic()
        work = (await client.stream(wrong)).result() if delivery == "stream" else client.run(wrong)
        with pytest.raises(runware.RunwareError, match="temperature"):
            await work

    assert time.monotonic() - began < POLL_MS / 1000
