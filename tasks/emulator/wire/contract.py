"""Check `textInference` tasks, as raw JSON, against the published wire contract.

Nothing here is shared with the client: a field that the client misspells is refused here, and not
first in production.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tasks.emulator.options import (
    DEFAULT_OUTPUT_TOKENS,
    MAX_OUTPUT_TOKENS,
    MODEL,
    EmulatorOptions,
)
from tasks.emulator.refusal import RefusedError, invalid, missing
from tasks.emulator.wire import fields
from tasks.emulator.wire.fields import Field
from tasks.emulator.wire.requests import InferenceRequest, Message

TASK_TYPE = "textInference"

_MESSAGE = (
    Field("role", fields.constant("user", "assistant"), required=True),
    Field("content", fields.string(1), required=True),
)

_SETTINGS = (
    Field("systemPrompt", fields.string(1, 200_000)),
    Field("temperature", fields.decimal(0, 1, step=0.01), default=1.0),
    Field("topP", fields.decimal(0, 1, step=0.01), default=0.95),
    Field("maxTokens", fields.integer(1, MAX_OUTPUT_TOKENS), default=DEFAULT_OUTPUT_TOKENS),
)
_SETTING_NAMES = frozenset(field.name for field in _SETTINGS)


def _messages(value: object, path: str) -> tuple[Message, ...]:
    raw = fields.array(value, path)
    if not raw:
        raise RefusedError("arrayTooSmall", f"'{path}' must hold at least 1 item.", parameter=path)
    messages = tuple(_message(item, f"{path}[{at}]") for at, item in enumerate(raw))
    if messages[-1].role != "user":
        last = f"{path}[{len(raw) - 1}].role"
        raise invalid(last, "'user' in the last message", messages[-1].role)
    return messages


def _message(value: object, path: str) -> Message:
    message = fields.mapping(value, path)
    if message.get("role") == "system":
        demand = "'user' or 'assistant' (system text belongs in 'settings.systemPrompt')"
        raise invalid(f"{path}.role", demand, "system")
    return Message(**fields.read(message, _MESSAGE, under=f"{path}."))


def _settings(value: object, path: str) -> dict[str, Any]:
    return fields.read(fields.mapping(value, path), _SETTINGS, under=f"{path}.")


def _delivery(value: object, path: str) -> str:
    method: str = fields.constant("sync", "async", "stream")(value, path)
    if method != "sync":
        raise unsupported(path, f"deliveryMethod '{method}' is not emulated; send 'sync'")
    return method


def _webhook(value: object, path: str) -> str:
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        raise invalid(path, "an http or https URI", value)
    raise unsupported(path, "webhooks are not emulated; leave it out")


def _tools(value: object, path: str) -> list[Any]:
    return [
        fields.mapping(item, f"{path}[{at}]") for at, item in enumerate(fields.array(value, path))
    ]


_TASK = (
    Field("taskType", fields.constant(TASK_TYPE), required=True),
    Field("taskUUID", fields.uuid_v4, required=True),
    Field("model", fields.constant(MODEL), required=True),
    Field("messages", _messages, required=True),
    Field("settings", _settings, default=fields.read({}, _SETTINGS)),
    Field("deliveryMethod", _delivery, default="sync"),
    Field("webhookURL", _webhook),
    Field("includeCost", fields.boolean, default=False),
    Field("includeUsage", fields.boolean, default=False),
    Field("numberResults", fields.integer(1, 4), default=1),
    Field("seed", fields.integer(0, 2**32 - 1)),
)

# The current schema bundle lists these for the model, its page does not: taken and ignored.
_EXTRAS = (
    Field("outputFormat", fields.constant("TEXT")),
    Field("tools", _tools),
    Field("toolChoice", fields.mapping),
    Field("routing", fields.mapping),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceTask:
    """A checked task: what is asked, and how the answer is to be delivered."""

    task_uuid: str
    include_cost: bool
    include_usage: bool
    request: InferenceRequest


def read_task(raw: object, options: EmulatorOptions) -> InferenceTask:
    """Check one element of the request array; RefusedError names the first breach."""
    task = _task_of_known_type(raw)
    for name in task:
        if name in _SETTING_NAMES:
            raise fields.unknown(name, f" It belongs in 'settings.{name}'.")
    values = fields.read(task, _TASK if options.refuse_extras else _TASK + _EXTRAS)
    settings = values["settings"]
    return InferenceTask(
        task_uuid=values["taskUUID"],
        include_cost=values["includeCost"],
        include_usage=values["includeUsage"],
        request=InferenceRequest(
            messages=values["messages"],
            system_prompt=settings["systemPrompt"],
            temperature=settings["temperature"],
            top_p=settings["topP"],
            max_tokens=settings["maxTokens"],
            results=values["numberResults"],
            seed=values["seed"],
        ),
    )


def _task_of_known_type(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise RefusedError("invalidTask", "Each element of the array must be a task object.")
    if "taskType" not in raw:
        raise missing("taskType")
    if raw["taskType"] != TASK_TYPE:
        raise RefusedError(
            "unsupportedTaskType",
            f"taskType {raw['taskType']!r} is not emulated; '{TASK_TYPE}' is.",
            parameter="taskType",
        )
    return raw


def unsupported(path: str, why: str) -> RefusedError:
    """Make the error for what the contract has and the emulator does not serve."""
    return RefusedError("unsupportedParameter", f"'{path}': {why}.", parameter=path)
