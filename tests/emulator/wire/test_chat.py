from typing import Any

import httpx
import pytest

from tests.emulator.conftest import PROSE, task

PATH = "/v1/chat/completions"
USER = {"role": "user", "content": PROSE}


def body(**changes: Any) -> dict[str, Any]:
    return {"model": "minimax:m2.7@0", "messages": [USER]} | changes


async def test_answers_in_the_shape_of_openai(client: httpx.AsyncClient) -> None:
    reply = await client.post(PATH, json=body())

    assert reply.status_code == 200
    whole = reply.json()
    assert whole["object"] == "chat.completion"
    assert whole["id"].startswith("chatcmpl-")
    [choice] = whole["choices"]
    assert choice["finish_reason"] == "stop"
    assert set(choice["message"]) == {"role", "content"}
    assert "Offline extract" in choice["message"]["content"]
    usage = whole["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "minimax-m2-7"},
        {"max_tokens": 200},
        {"max_completion_tokens": 200},
        {"max_tokens": 200, "max_completion_tokens": 200},
        {"temperature": 0, "top_p": 1, "seed": 5, "n": 1, "stream": False, "user": "me"},
        {"messages": [{"role": "system", "content": "Quote."}, USER]},
    ],
)
async def test_takes_the_usual_parameters(
    client: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    assert (await client.post(PATH, json=body(**changes))).status_code == 200


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"model": "gpt-5"}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 5, "max_completion_tokens": 6}, "max_tokens"),
        ({"max_tokens": 196_608, "messages": [USER | {"content": "a b " * 9_000}]}, "max_tokens"),
        ({"temperature": 2.1}, "temperature"),
        ({"n": 2}, "n"),
        ({"stream": 1}, "stream"),
        ({"stream_options": {"other": True}}, "stream_options.other"),
        ({"maxTokens": 5}, "maxTokens"),
    ],
)
async def test_refuses_in_the_shape_of_openai(
    client: httpx.AsyncClient, changes: dict[str, Any], parameter: str
) -> None:
    reply = await client.post(PATH, json=body(**changes))

    assert reply.status_code == 400
    error = reply.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["param"] == parameter


async def test_refuses_a_request_without_a_key(client: httpx.AsyncClient) -> None:
    reply = await client.post(PATH, json=body(), headers={"Authorization": ""})

    assert reply.status_code == 401
    assert reply.json()["error"]["code"] == "missingApiKey"


async def test_gives_the_answer_that_the_native_task_gets(client: httpx.AsyncClient) -> None:
    question = "Question: How long is the warranty?"
    chat = await client.post(
        PATH, json=body(messages=[{"role": "system", "content": question}, USER], seed=3)
    )
    native = await client.post("/v1", json=[task(settings={"systemPrompt": question}, seed=3)])

    text = native.json()["data"][0]["text"]
    assert chat.json()["choices"][0]["message"]["content"] == text
    assert "warranty of two years" in text


async def test_is_counted_and_billed(client: httpx.AsyncClient) -> None:
    await client.post(PATH, json=body())
    await client.post(PATH, json=body(seed=1, stream=True))
    await client.post(PATH, json=body(n=2))
    stats = (await client.get("/_emulator/stats")).json()

    assert (stats["requests"], stats["tasks_billed"]) == (3, 2)
    assert (stats["tasks_billed_twice"], stats["tasks_refused"]) == (0, 1)
    assert stats["usd_billed"] > 0
