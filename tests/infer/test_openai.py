import json
from typing import Any

import httpx
import pytest

from tasks.core.answers import Result, Usage
from tasks.core.errors import InferenceError, RejectedError, TransientError
from tasks.infer.connection import Connection
from tasks.infer.openai import OpenAIDelivery
from tests.infer.building import KEY, UUID, Json, Reply, a_task, refusal

USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}


def choice(content: str | None = "Lisbon.", reason: str | None = "stop", **message: Any) -> Json:
    return {
        "message": {"role": "assistant", "content": content, **message},
        "finish_reason": reason,
    }


class Server:
    def __init__(self, *replies: Reply) -> None:
        self.replies = replies
        self.bodies: list[Json] = []
        self.urls: list[str] = []

    def __call__(self, sent: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(sent.content))
        self.urls.append(str(sent.url))
        reply = self.replies[min(len(self.bodies), len(self.replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(self.bodies[-1])

    async def deliver(self, **changes: Any) -> tuple[Result, ...]:
        transport = httpx.MockTransport(self)
        connection = Connection(transport, "http://local.test/v1/", KEY, provider="openai")
        return await OpenAIDelivery(connection).deliver(a_task(**changes), begun=False)


def completion(*choices: Json, **changes: Any) -> httpx.Response:
    return httpx.Response(200, json={"choices": list(choices), "usage": USAGE, **changes})


async def test_sends_the_system_prompt_as_a_message_and_reads_the_answer() -> None:
    server = Server(completion(choice()))

    (result,) = await server.deliver(seed=3, temperature=0.5)

    assert server.urls == ["http://local.test/v1/chat/completions"]
    assert server.bodies == [
        {
            "model": "minimax:m2.7@0",
            "messages": [
                {"role": "system", "content": "Answer."},
                {"role": "user", "content": "What is the capital of Portugal?"},
            ],
            "max_tokens": 100,
            "temperature": 0.5,
            "top_p": 0.95,
            "seed": 3,
        }
    ]
    assert (result.text, result.answer_key, result.finish_reason) == ("Lisbon.", "k", "stop")
    assert result.usage == Usage(prompt_tokens=5, completion_tokens=7, total_tokens=12)


@pytest.mark.parametrize(
    ("message", "thoughts"),
    [
        ({"reasoning_content": "Hm."}, "Hm."),
        ({"reasoning_content": ["Hm.", "Yes."]}, "Hm.\nYes."),
        ({"reasoning": "Hm."}, "Hm."),
        ({"reasoning_content": {"odd": 1}}, ""),
        ({"content": "<think>Hm.</think>Lisbon."}, "Hm."),
    ],
)
async def test_keeps_thoughts_apart(message: Json, thoughts: str) -> None:
    (result,) = await Server(completion(choice(**message))).deliver()

    assert (result.text, result.thoughts) == ("Lisbon.", thoughts)


async def test_names_ends_that_are_no_end() -> None:
    cut, refused = completion(choice("", "length")), completion(choice(None, refusal="No."))

    assert (await Server(cut).deliver())[0].finish_reason == "length"
    assert (await Server(refused).deliver())[0].finish_reason == "content_filter"


async def test_takes_several_choices_and_counts_their_usage_once() -> None:
    server = Server(completion(choice("a"), choice("b"), choice("c")))

    results = await server.deliver(number_results=3)

    assert server.bodies[0]["n"] == 3
    assert [(result.text, result.answer_key) for result in results] == [
        ("a", "k"),
        ("b", "k-1"),
        ("c", "k-2"),
    ]
    assert [result.usage is None for result in results] == [False, True, True]


async def test_asks_a_server_that_gives_one_choice_for_the_others_with_other_seeds() -> None:
    server = Server(lambda body: completion(choice(str(body["seed"]))))

    results = await server.deliver(number_results=3, seed=2**32 - 1)

    assert [result.text for result in results] == [str(2**32 - 1), "0", "1"]
    assert all(result.usage for result in results)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(400, "invalidModel"), RejectedError),
        (httpx.Response(400, json={"error": {"code": None, "message": "too long"}}), RejectedError),
        (httpx.Response(404, json={"error": "no such model"}), RejectedError),
        (httpx.Response(429, json={"error": {"message": "slow"}}), TransientError),
        (httpx.Response(500, content=b"oops"), TransientError),
        (httpx.Response(200, content=b"not json"), TransientError),
        (httpx.Response(200, json=[]), TransientError),
        (completion(), TransientError),
        (httpx.ReadTimeout("slow"), TransientError),
    ],
)
async def test_sorts_failures(reply: Reply, error: type[InferenceError]) -> None:
    with pytest.raises(error) as caught:
        await Server(reply).deliver()

    assert caught.value.task_uuid == UUID
    assert KEY.get_secret_value() not in str(caught.value)


async def test_a_damaged_usage_does_not_cost_the_text() -> None:
    (result,) = await Server(completion(choice(), usage={"prompt_tokens": "x"})).deliver()

    assert (result.text, result.usage) == ("Lisbon.", None)
