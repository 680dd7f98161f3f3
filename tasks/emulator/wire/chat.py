"""The OpenAI-compatible endpoint: its request, reply and error shapes, without streaming."""

from collections.abc import Mapping
from typing import Any

from tasks.emulator.options import (
    DEFAULT_OUTPUT_TOKENS,
    MAX_OUTPUT_TOKENS,
    MODEL,
    MODEL_SLUG,
)
from tasks.emulator.refusal import RefusedError, invalid
from tasks.emulator.wire import fields
from tasks.emulator.wire.fields import Field
from tasks.emulator.wire.requests import InferenceRequest, Message
from tasks.emulator.work.service import Answer

_MESSAGE = (
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


def _not_streamed(value: object, path: str) -> bool:
    if fields.boolean(value, path):
        raise RefusedError(
            "unsupported_parameter", "Streaming is not emulated; leave it out.", parameter=path
        )
    return False


_REQUEST = (
    Field("model", fields.constant(MODEL, MODEL_SLUG), required=True),
    Field("messages", _messages, required=True),
    Field("max_tokens", fields.integer(1, MAX_OUTPUT_TOKENS)),
    Field("max_completion_tokens", fields.integer(1, MAX_OUTPUT_TOKENS)),
    Field("temperature", fields.decimal(0, 2), default=1.0),
    Field("top_p", fields.decimal(0, 1), default=0.95),
    Field("seed", fields.integer(0, 2**32 - 1)),
    Field("n", fields.integer(1, 1)),
    Field("stream", _not_streamed),
    Field("user", fields.string(0)),
)


def read_request(raw: object) -> InferenceRequest:
    """Check a chat completion request; RefusedError names the first breach."""
    values = fields.read(fields.mapping(raw, "body"), _REQUEST)
    turns: list[Message] = values["messages"]
    system = "\n\n".join(turn.content for turn in turns if turn.role == "system")
    return InferenceRequest(
        messages=tuple(turn for turn in turns if turn.role != "system"),
        system_prompt=system or None,
        temperature=values["temperature"],
        top_p=values["top_p"],
        max_tokens=_max_tokens(values),
        seed=values["seed"],
    )


def _max_tokens(values: Mapping[str, Any]) -> int:
    given = {values["max_tokens"], values["max_completion_tokens"]} - {None}
    if len(given) > 1:
        raise RefusedError(
            "invalid_value",
            "'max_tokens' and 'max_completion_tokens' differ; send one of them.",
            parameter="max_tokens",
        )
    return int(given.pop()) if given else DEFAULT_OUTPUT_TOKENS


def reply(request: InferenceRequest, answer: Answer, *, created_s: int) -> dict[str, Any]:
    """Give the body of a finished completion; thoughts are counted but not shown."""
    completion = answer.completion
    return {
        "id": f"chatcmpl-{request.digest()[:24]}",
        "object": "chat.completion",
        "created": created_s,
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": completion.text},
                "finish_reason": completion.finish_reason,
            }
        ],
        "usage": {
            "prompt_tokens": answer.prompt_tokens,
            "completion_tokens": completion.completion_tokens,
            "total_tokens": answer.prompt_tokens + completion.completion_tokens,
        },
    }


def error(refusal: RefusedError) -> dict[str, Any]:
    """Give the body of a refusal as OpenAI shapes it."""
    kind = "authentication_error" if refusal.status == 401 else "invalid_request_error"
    return {
        "error": {
            "message": refusal.message,
            "type": kind,
            "param": refusal.parameter,
            "code": refusal.code,
        }
    }
