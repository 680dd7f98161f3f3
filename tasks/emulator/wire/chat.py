"""Check the requests of the OpenAI-compatible endpoint."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tasks.emulator.options import (
    DEFAULT_OUTPUT_TOKENS,
    MAX_OUTPUT_TOKENS,
    MODEL,
    MODEL_SLUG,
)
from tasks.emulator.refusal import RefusedError, invalid
from tasks.emulator.wire import fields
from tasks.emulator.wire.contract import InferenceTask
from tasks.emulator.wire.fields import Field, Table
from tasks.emulator.wire.requests import InferenceRequest, Message

_MESSAGE = Table(
    Field("role", fields.constant("system", "user", "assistant"), required=True),
    Field("content", fields.string(1), required=True),
)


def _messages(value: object, path: str) -> list[Message]:
    raw = fields.array(value, path)
    if not raw:
        raise invalid(path, "an array of at least 1 message", raw)
    messages = [_message(item, f"{path}[{at}]") for at, item in enumerate(raw)]
    if messages[-1].role != "user":
        raise invalid(
            f"{path}[{len(raw) - 1}].role", "'user' in the last message", messages[-1].role
        )
    return messages


def _message(item: object, path: str) -> Message:
    return Message(**fields.read(fields.mapping(item, path), _MESSAGE, under=f"{path}."))


_STREAM_OPTIONS = Table(Field("include_usage", fields.boolean, default=False))


def _stream_options(value: object, path: str) -> dict[str, Any]:
    return fields.read(fields.mapping(value, path), _STREAM_OPTIONS, under=f"{path}.")


_FORMAT = Table(
    Field("type", fields.constant("text", "json_object", "json_schema"), required=True),
    Field("json_schema", fields.mapping),
)


def _response_format(value: object, path: str) -> str:
    """Give the demand for JSON of a schema as servers put it to a model: in the system text."""
    wanted = fields.read(fields.mapping(value, path), _FORMAT, under=f"{path}.")
    if wanted["type"] != "json_schema":
        return ""
    schema = (wanted["json_schema"] or {}).get("schema")
    if not isinstance(schema, dict):
        raise invalid(f"{path}.json_schema.schema", "a JSON Schema", schema)
    return f"Answer by this JSON Schema:\n```json\n{json.dumps(schema)}\n```"


_REQUEST = Table(
    Field("model", fields.constant(MODEL, MODEL_SLUG), required=True),
    Field("messages", _messages, required=True),
    Field("max_tokens", fields.integer(1, MAX_OUTPUT_TOKENS)),
    Field("max_completion_tokens", fields.integer(1, MAX_OUTPUT_TOKENS)),
    Field("temperature", fields.decimal(0, 2), default=1.0),
    Field("top_p", fields.decimal(0, 1), default=0.95),
    Field("seed", fields.integer(0, 2**32 - 1)),
    Field("n", fields.integer(1, 1)),
    Field("stream", fields.boolean, default=False),
    Field("stream_options", _stream_options, default={"include_usage": False}),
    Field("user", fields.string(0)),
    Field("response_format", _response_format, default=""),
)


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A checked request, and how its answer is to come."""

    task: InferenceTask
    streamed: bool
    with_usage: bool


def read_request(raw: object) -> ChatRequest:
    """Check a chat completion request; RefusedError names the first breach."""
    values = fields.read(fields.mapping(raw, "body"), _REQUEST)
    turns: list[Message] = values["messages"]
    told = [turn.content for turn in turns if turn.role == "system"]
    system = "\n\n".join(filter(None, [*told, values["response_format"]]))
    request = InferenceRequest(
        messages=tuple(turn for turn in turns if turn.role != "system"),
        system_prompt=system or None,
        temperature=values["temperature"],
        top_p=values["top_p"],
        max_tokens=_max_tokens(values),
        seed=values["seed"],
    )
    streamed: bool = values["stream"]
    task = InferenceTask(
        task_uuid="",  # this endpoint knows no UUIDs
        delivery="stream" if streamed else "sync",
        webhook_url=None,
        include_cost=False,
        include_usage=False,
        request=request,
    )
    return ChatRequest(task, streamed, values["stream_options"]["include_usage"])


def _max_tokens(values: Mapping[str, Any]) -> int:
    given = {values["max_tokens"], values["max_completion_tokens"]} - {None}
    if len(given) > 1:
        raise RefusedError(
            "invalid_value",
            "'max_tokens' and 'max_completion_tokens' differ; send one of them.",
            parameter="max_tokens",
        )
    return int(given.pop()) if given else DEFAULT_OUTPUT_TOKENS
