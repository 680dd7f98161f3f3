"""Both sides of the wire against one table: each field at, inside and beyond each of its limits.

The client and the emulator share no code. What one sends, the other has to take; what the contract
forbids, neither lets through.
"""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from tasks.emulator.options import EmulatorOptions
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire.contract import read_task
from tasks.infer.wire.sent import TextInferenceTask

UUID = "5b0c6f0e-3f0a-4c63-9a3f-0a7a2f1f9d11"
USER = {"role": "user", "content": "Who?"}
SETTINGS = {"systemPrompt": "Answer.", "temperature": 1, "topP": 0.95, "maxTokens": 100}
WHOLE: dict[str, Any] = {
    "taskType": "textInference",
    "taskUUID": UUID,
    "deliveryMethod": "async",
    "includeCost": True,
    "includeUsage": True,
    "numberResults": 1,
    "model": "minimax:m2.7@0",
    "messages": [USER],
    "settings": SETTINGS,
}

SHARES = [0, 0.01, 0.29, 0.58, 0.95, 0.99, 1], [-0.01, 1.01, 2, 0.005, 0.333, "0.5", True, None]
FLAGS = [True, False], [0, 1, "true", None]

TABLE: dict[str, tuple[list[Any], list[Any]]] = {
    "taskType": (["textInference"], ["imageInference", "", "TextInference", 5, None]),
    "taskUUID": (
        [UUID],
        [
            "",
            "x",
            UUID[:-1],
            UUID.replace("-", ""),
            UUID.replace("4c63", "1c63"),  # another version
            7,
            None,
        ],
    ),
    "webhookURL": (
        ["http://127.0.0.1:8686/webhook?token=t", "https://localhost/x", "http://[::1]:9/"],
        ["", "127.0.0.1/x", "ftp://localhost/x", "http://", "http://[::1", 5],
    ),
    "deliveryMethod": (["sync", "async", "stream"], ["", "ASYNC", "webhook", "push", 1, None]),
    "includeCost": FLAGS,
    "includeUsage": FLAGS,
    "numberResults": ([1, 2, 3, 4], [0, -1, 5, 2.5, "2", True, None]),
    "model": (["minimax:m2.7@0"], ["", "minimax-m2-7", "minimax:m2.7@1", 27, None]),
    "seed": ([0, 1, 77, 4_294_967_294, 4_294_967_295], [-1, 4_294_967_296, 1.5, "7", True]),
    "messages": (
        [[USER], [USER, {"role": "assistant", "content": "x"}, USER], [USER] * 200],
        [[], [{"role": "assistant", "content": "x"}], ["Who?"], "Who?", {}, None],
    ),
    "messages.role": (["user"], ["system", "tool", "User", "", 1, None]),
    "messages.content": (["x", "x" * 1_000_000], ["", [], 7, None]),
    "settings.systemPrompt": (["x", "x" * 199_999, "é" * 200_000], ["", "x" * 200_001, 7]),
    "settings.temperature": SHARES,
    "settings.topP": SHARES,
    "settings.maxTokens": (
        [1, 2, 32_768, 196_607, 196_608],
        [0, -1, 196_609, 10.5, "100", True, None],
    ),
}


def task(name: str, value: object) -> dict[str, Any]:
    """Give a whole task with one field changed."""
    field, _, inner = name.partition(".")
    if field == "messages" and inner:
        return {**WHOLE, "messages": [{**USER, inner: value}]}
    if inner:
        return {**WHOLE, field: {**SETTINGS, inner: value}}
    return {**WHOLE, field: value}


def rows(column: int) -> list[Any]:
    return [
        pytest.param(name, value, id=f"{name}={str(value)[:20]}")
        for name, columns in TABLE.items()
        for value in columns[column]
    ]


@pytest.mark.parametrize(("name", "value"), rows(0))
def test_both_sides_take_what_is_at_and_inside_the_limits(name: str, value: object) -> None:
    raw = task(name, value)

    sent = TextInferenceTask.model_validate_json(json.dumps(raw))
    written = sent.model_dump(mode="json", by_alias=True, exclude_none=True)

    assert written == raw
    read_task(written, EmulatorOptions())


@pytest.mark.parametrize(("name", "value"), rows(1))
def test_neither_side_takes_what_is_beyond_the_limits(name: str, value: object) -> None:
    raw = task(name, value)
    last = name.rsplit(".", maxsplit=1)[-1]

    with pytest.raises(ValidationError, match=last):
        TextInferenceTask.model_validate_json(json.dumps(raw))
    with pytest.raises(RefusedError, match=last):
        read_task(raw, EmulatorOptions())
