from typing import Any

import pytest

from tasks.core.errors import RejectedError
from tasks.core.requests import Message
from tasks.infer.wire import read_errors, read_results, task_json
from tests.infer.building import UUID, request


def test_puts_each_field_where_the_contract_has_it() -> None:
    asked = request(temperature=0.29, top_p=0.07, seed=7, max_tokens=2048)

    assert task_json(asked, task_uuid=UUID) == {
        "taskType": "textInference",
        "taskUUID": UUID,
        "deliveryMethod": "sync",
        "includeCost": True,
        "includeUsage": True,
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


@pytest.mark.parametrize(
    "within",
    [
        {"temperature": 0.0},
        {"temperature": 1.0},
        {"top_p": 0.0},
        {"top_p": 1.0},
        {"max_tokens": 1},
        {"max_tokens": 196_608},
        {"seed": 0},
        {"seed": 4_294_967_295},
        {"system_prompt": "x" * 200_000},
        {"messages": (Message("user", "a"), Message("assistant", "b"), Message("user", "c"))},
    ],
)
def test_takes_values_at_their_limits(within: dict[str, Any]) -> None:
    assert task_json(request(**within), task_uuid=UUID)["taskUUID"] == UUID


@pytest.mark.parametrize(
    ("beyond", "named"),
    [
        ({"temperature": -0.01}, "temperature"),
        ({"temperature": 1.01}, "temperature"),
        ({"temperature": 0.333}, "multiple of 0.01"),
        ({"top_p": 1.01}, "topP"),
        ({"max_tokens": 0}, "maxTokens"),
        ({"max_tokens": 196_609}, "196608"),
        ({"seed": -1}, "seed"),
        ({"seed": 4_294_967_296}, "seed"),
        ({"system_prompt": ""}, "systemPrompt"),
        ({"system_prompt": "x" * 200_001}, "200000"),
        ({"messages": ()}, "messages"),
        ({"messages": (Message("user", ""),)}, "content"),
        ({"messages": (Message("user", "a"), Message("assistant", "b"))}, "last one"),
        ({"model": ""}, "model"),
    ],
)
def test_refuses_values_beyond_their_limits_by_name(beyond: dict[str, Any], named: str) -> None:
    with pytest.raises(RejectedError, match=named):
        task_json(request(**beyond), task_uuid=UUID)


def test_a_refusal_does_not_repeat_the_text_that_was_not_sent() -> None:
    with pytest.raises(RejectedError) as caught:
        task_json(request(system_prompt="secret clause " * 20_000), task_uuid=UUID)

    assert "secret clause" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"errors": [{"code": "a", "message": "m"}, {"code": "b", "message": "m"}]}, ["a", "b"]),
        ({"error": {"code": "a", "message": "m"}, "taskUUID": UUID}, ["a"]),
        ({"error": "plain words"}, ["unknown"]),
        ({"error": True, "errorId": 19, "errorMessage": "m"}, ["19"]),
        ({"code": "a", "message": "m"}, ["a"]),
        ([{"code": "a", "message": "m"}], ["a"]),
        ({"errors": [{"code": "a", "message": "m", "parameter": ["x", "y"]}]}, ["a"]),
        ({"data": [], "errors": []}, []),
        ({"data": []}, []),
    ],
)
def test_reads_errors_in_every_known_shape(body: Any, codes: list[str]) -> None:
    assert [error.code for error in read_errors(body)] == codes


@pytest.mark.parametrize("body", [None, [], "text", {}, {"data": None}, {"data": [3, None]}])
def test_a_body_without_results_gives_none(body: Any) -> None:
    assert read_results(body) == ()
