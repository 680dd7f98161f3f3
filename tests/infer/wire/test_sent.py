"""The table of every parameter: at, inside and beyond each limit."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from tasks.core.errors import RejectedError
from tasks.core.requests import Message
from tasks.infer.wire.sent import TextInferenceTask, WireMessage, task_json
from tests.infer.building import UUID, request

Role: Any = Message  # with what its types forbid, too
HOOK = "https://here.example/webhook?token=t"


def sent(**changes: Any) -> dict[str, Any]:
    """Give the task as sent; changes are of the request or of how it is delivered."""
    ways = ("task_uuid", "delivery", "webhook_url", "include_cost", "include_usage")
    way = {name: changes.pop(name) for name in ways if name in changes}
    return task_json(request(**changes), **{"task_uuid": UUID, **way})


def test_puts_each_field_where_the_contract_has_it() -> None:
    asked = request(temperature=0.29, top_p=0.07, seed=7, max_tokens=2048, number_results=3)

    assert task_json(asked, task_uuid=UUID, delivery="async", webhook_url=HOOK) == {
        "taskType": "textInference",
        "taskUUID": UUID,
        "webhookURL": HOOK,
        "deliveryMethod": "async",
        "includeCost": True,
        "includeUsage": True,
        "numberResults": 3,
        "model": "minimax:m2.7@0",
        "seed": 7,
        "messages": [{"role": "user", "content": "What is the capital of Portugal?"}],
        "settings": {
            "systemPrompt": "Answer.",
            "temperature": 0.29,
            "topP": 0.07,
            "maxTokens": 2048,
        },
    }


def test_what_is_not_given_is_left_out() -> None:
    assert {"seed", "webhookURL"}.isdisjoint(sent())


DIALOGUE = (Message("user", "a"), Message("assistant", "b"), Message("user", "c"))


@pytest.mark.parametrize(
    ("within", "path"),
    [
        ({"task_uuid": UUID}, "taskUUID"),
        ({"webhook_url": HOOK, "delivery": "async"}, "webhookURL"),
        ({"webhook_url": "http://10.0.0.1:8080/x", "delivery": "async"}, "webhookURL"),
        ({"delivery": "sync"}, "deliveryMethod"),
        ({"delivery": "async"}, "deliveryMethod"),
        ({"delivery": "stream"}, "deliveryMethod"),
        ({"include_cost": True}, "includeCost"),
        ({"include_cost": False}, "includeCost"),
        ({"include_usage": True}, "includeUsage"),
        ({"include_usage": False}, "includeUsage"),
        ({"number_results": 1}, "numberResults"),
        ({"number_results": 2}, "numberResults"),
        ({"number_results": 4}, "numberResults"),
        ({"model": "minimax:m2.7@0"}, "model"),
        ({"seed": 0}, "seed"),
        ({"seed": 77}, "seed"),
        ({"seed": 4_294_967_295}, "seed"),
        ({"messages": (Message("user", "x"),)}, "messages"),
        ({"messages": DIALOGUE}, "messages"),
        ({"messages": DIALOGUE * 50}, "messages"),
        ({"system_prompt": "x"}, "settings.systemPrompt"),
        ({"system_prompt": "x" * 199_999}, "settings.systemPrompt"),
        ({"system_prompt": "é" * 200_000}, "settings.systemPrompt"),
        *(
            ({field: value}, f"settings.{name}")
            for field, name in (("temperature", "temperature"), ("top_p", "topP"))
            for value in (0, 0.0, 0.01, 0.07, 0.29, 0.57, 0.58, 0.95, 0.99, 1.0, 1)
        ),
        ({"max_tokens": 1}, "settings.maxTokens"),
        ({"max_tokens": 32_768}, "settings.maxTokens"),
        ({"max_tokens": 196_608}, "settings.maxTokens"),
    ],
)
def test_takes_values_at_and_inside_their_limits(within: dict[str, Any], path: str) -> None:
    value: Any = sent(**within)
    for name in path.split("."):
        value = value[name]

    given = next(iter(within.values()))
    if path == "messages":
        given = [{"role": m.role, "content": m.content} for m in given]
    assert value == given


@pytest.mark.parametrize(
    ("beyond", "named", "limit"),
    [
        ({"task_uuid": ""}, "taskUUID", "UUID of version 4"),
        ({"task_uuid": "no-uuid"}, "taskUUID", "UUID of version 4"),
        ({"task_uuid": UUID[:-1]}, "taskUUID", "UUID of version 4"),
        ({"task_uuid": "5b0c6f0e-3f0a-1c63-9a3f-0a7a2f1f9d11"}, "taskUUID", "version 4"),
        ({"task_uuid": UUID.replace("-", "")}, "taskUUID", "version 4"),
        ({"webhook_url": "", "delivery": "async"}, "webhookURL", "http or https URI"),
        ({"webhook_url": "ftp://x/y", "delivery": "async"}, "webhookURL", "http or https URI"),
        ({"webhook_url": "here.example/x", "delivery": "async"}, "webhookURL", "absolute"),
        ({"webhook_url": "http://[", "delivery": "async"}, "webhookURL", "http or https URI"),
        ({"webhook_url": HOOK}, "webhookURL", "webhook delivery only"),
        ({"webhook_url": HOOK, "delivery": "stream"}, "webhookURL", "webhook delivery only"),
        ({"delivery": "webhook"}, "deliveryMethod", "'sync', 'async' or 'stream'"),
        ({"delivery": "ASYNC"}, "deliveryMethod", "'sync', 'async' or 'stream'"),
        ({"include_cost": "yes"}, "includeCost", "boolean"),
        ({"include_cost": 1}, "includeCost", "boolean"),
        ({"include_usage": "yes"}, "includeUsage", "boolean"),
        ({"number_results": 0}, "numberResults", "equal to 1"),
        ({"number_results": -1}, "numberResults", "equal to 1"),
        ({"number_results": 5}, "numberResults", "equal to 4"),
        ({"number_results": 2.0}, "numberResults", "integer"),
        ({"number_results": True}, "numberResults", "integer"),
        ({"number_results": 2, "delivery": "stream"}, "numberResults", "a stream gives 1"),
        ({"model": ""}, "model", "'minimax:m2.7@0'"),
        ({"model": "minimax-m2-7"}, "model", "'minimax:m2.7@0'"),
        ({"seed": -1}, "seed", "equal to 0"),
        ({"seed": 4_294_967_296}, "seed", "equal to 4294967295"),
        ({"seed": 1.5}, "seed", "integer"),
        ({"seed": True}, "seed", "integer"),
        ({"messages": ()}, "messages", "at least 1 item"),
        ({"messages": (Role("system", "a"),)}, "messages[0].role", "'user' or 'assistant'"),
        ({"messages": (Message("user", ""),)}, "messages[0].content", "at least 1 character"),
        ({"messages": (*DIALOGUE, Role("user", 3))}, "messages[3].content", "string"),
        ({"messages": DIALOGUE[:2]}, "messages", "'user'"),
        ({"system_prompt": ""}, "settings.systemPrompt", "at least 1 character"),
        ({"system_prompt": "x" * 200_001}, "settings.systemPrompt", "at most 200000"),
        *(
            ({field: value}, f"settings.{name}", limit)
            for field, name in (("temperature", "temperature"), ("top_p", "topP"))
            for value, limit in (
                (-0.01, "equal to 0"),
                (1.01, "equal to 1"),
                (2, "equal to 1"),
                (0.333, "multiple of 0.01"),
                (0.005, "multiple of 0.01"),
                (float("nan"), "equal to 1"),
                (float("inf"), "equal to 1"),
                ("0.5", "number"),
                (True, "number"),
            )
        ),
        ({"max_tokens": 0}, "settings.maxTokens", "equal to 1"),
        ({"max_tokens": -5}, "settings.maxTokens", "equal to 1"),
        ({"max_tokens": 196_609}, "settings.maxTokens", "equal to 196608"),
        ({"max_tokens": 10.5}, "settings.maxTokens", "integer"),
    ],
)
def test_refuses_values_beyond_their_limits_by_name_and_limit(
    beyond: dict[str, Any], named: str, limit: str
) -> None:
    expected = rf"not sent, {re.escape(named)}: .*{re.escape(limit)}"

    with pytest.raises(RejectedError, match=expected) as caught:
        sent(**beyond)

    assert caught.value.task_uuid == beyond.get("task_uuid", UUID)


@pytest.mark.parametrize("task_type", ["imageInference", "", "textinference", None])
def test_the_task_type_is_fixed(task_type: Any) -> None:
    fields = {**sent(), "messages": (WireMessage(role="user", content="a"),)}
    assert TextInferenceTask.model_validate(fields).task_type == "textInference"

    with pytest.raises(ValidationError, match="taskType"):
        TextInferenceTask.model_validate({**fields, "taskType": task_type})


def test_there_are_no_other_fields() -> None:
    fields = {**sent(), "messages": (WireMessage(role="user", content="a"),), "topK": 3}

    with pytest.raises(ValidationError, match="topK"):
        TextInferenceTask.model_validate(fields)


def test_names_all_that_is_wrong_at_once() -> None:
    with pytest.raises(RejectedError, match=r"seed: .*; settings\.temperature: .*maxTokens: "):
        sent(seed=-1, temperature=7.0, max_tokens=0)


def test_a_refusal_does_not_repeat_the_text_that_was_not_sent() -> None:
    with pytest.raises(RejectedError) as caught:
        sent(system_prompt="secret clause " * 20_000, webhook_url="secret", delivery="async")

    assert "secret" not in str(caught.value)
