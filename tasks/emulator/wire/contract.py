"""Check `textInference` tasks, as raw JSON, against the published wire contract.

Nothing here is shared with the client: a field that the client misspells is refused here, and not
first in production.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tasks.core.loopback import is_loopback_url
from tasks.emulator.engine.tokens import count_tokens, estimate_tokens
from tasks.emulator.options import (
    DEFAULT_OUTPUT_TOKENS,
    MAX_OUTPUT_TOKENS,
    MODEL,
    EmulatorOptions,
)
from tasks.emulator.refusal import RefusedError, invalid, missing
from tasks.emulator.wire import fields, relaxed
from tasks.emulator.wire.fields import Field, Table
from tasks.emulator.wire.requests import InferenceRequest, Message

TASK_TYPE = "textInference"
POLL_TYPE = "getResponse"

Delivery = Literal["sync", "async", "stream"]

_MESSAGE = Table(
    Field("role", fields.constant("user", "assistant"), required=True),
    Field("content", fields.string(1), required=True),
)

_SETTINGS = Table(
    Field("systemPrompt", fields.string(1, 200_000)),
    Field("temperature", fields.decimal(0, 1, step=0.01), default=1.0),
    Field("topP", fields.decimal(0, 1, step=0.01), default=0.95),
    Field("maxTokens", fields.integer(1, MAX_OUTPUT_TOKENS), default=DEFAULT_OUTPUT_TOKENS),
)


def _messages(value: object, path: str) -> tuple[Message, ...]:
    raw = fields.array(value, path)
    if not raw:
        raise RefusedError("arrayTooSmall", f"'{path}' must hold at least 1 item.", parameter=path)
    return tuple(_message(item, f"{path}[{at}]") for at, item in enumerate(raw))


def _message(value: object, path: str) -> Message:
    message = fields.mapping(value, path)
    if message.get("role") == "system":
        demand = "'user' or 'assistant' (system text belongs in 'settings.systemPrompt')"
        raise invalid(f"{path}.role", demand, "system")
    return Message(**fields.read(message, _MESSAGE, under=f"{path}."))


def _settings(value: object, path: str) -> dict[str, Any]:
    return fields.read(fields.mapping(value, path), _SETTINGS, under=f"{path}.")


def _webhook(value: object, path: str) -> str:
    """Demand a URL of this machine: an emulator that posts anywhere could be made to attack."""
    if not isinstance(value, str) or not is_loopback_url(value):
        demand = "an http or https URI of this machine (127.0.0.1, [::1] or localhost)"
        # The value is not repeated: a webhook's URL holds its secret.
        raise RefusedError("invalidWebhookURL", f"'{path}' must be {demand}.", parameter=path)
    return value


def _tools(value: object, path: str) -> list[Any]:
    return [
        fields.mapping(item, f"{path}[{at}]") for at, item in enumerate(fields.array(value, path))
    ]


_TASK = Table(
    Field("taskType", fields.constant(TASK_TYPE), required=True),
    Field("taskUUID", fields.uuid_v4, required=True),
    Field("model", fields.constant(MODEL), required=True),
    Field("messages", _messages, required=True),
    Field("settings", _settings, default=fields.read({}, _SETTINGS)),
    Field("deliveryMethod", fields.constant("sync", "async", "stream"), default="sync"),
    Field("webhookURL", _webhook),
    Field("includeCost", fields.boolean, default=False),
    Field("includeUsage", fields.boolean, default=False),
    Field("numberResults", fields.integer(1, 4), default=1),
    Field("seed", fields.integer(0, 2**32 - 1)),
)

# The current schema bundle lists these for the model, its page does not: taken and ignored.
_EXTRAS = Table(
    Field("outputFormat", fields.constant("TEXT")),
    Field("tools", _tools),
    Field("toolChoice", fields.mapping),
    Field("routing", fields.mapping),
)


_WHOLE = _TASK + _EXTRAS


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceTask:
    """A checked task: what is asked, and how the answer is to be delivered."""

    task_uuid: str
    delivery: Delivery
    webhook_url: str | None
    include_cost: bool
    include_usage: bool
    request: InferenceRequest


def read_task(raw: object, options: EmulatorOptions) -> InferenceTask:
    """Check one element of the request array; RefusedError names the first breach."""
    task = _task_of_known_type(raw)
    table = _TASK if options.refuse_extras else _WHOLE
    if options.system_role == "accept":
        task = relaxed.move_system_text(task)
    if options.unknown_fields == "ignore":
        task = relaxed.drop_unknown(task, table, _SETTINGS)
    if not _SETTINGS.names.isdisjoint(task):
        name = next(name for name in task if name in _SETTINGS.names)
        raise fields.unknown(name, f" It belongs in 'settings.{name}'.")
    values = fields.read(task, table)
    _check_together(values, options)
    return _task(values, count_tokens if options.prompt_count == "pieces" else estimate_tokens)


def _task(values: Mapping[str, Any], count: Callable[[str], int]) -> InferenceTask:
    settings = values["settings"]
    return InferenceTask(
        task_uuid=values["taskUUID"],
        delivery=values["deliveryMethod"],
        webhook_url=values["webhookURL"],
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
            count=count,
        ),
    )


def _check_together(values: Mapping[str, Any], options: EmulatorOptions) -> None:
    """Check what takes more than one field to see, or is a switch."""
    messages: tuple[Message, ...] = values["messages"]
    if messages[-1].role != "user" and options.last_message == "user":
        path = f"messages[{len(messages) - 1}].role"
        raise invalid(path, "'user' in the last message", messages[-1].role)
    if values["deliveryMethod"] == "stream":
        _check_stream(values, options)
    if options.refuse_zero_temperature and values["settings"]["temperature"] == 0:
        raise invalid("settings.temperature", "above 0", 0)


def _check_stream(values: Mapping[str, Any], options: EmulatorOptions) -> None:
    if values["webhookURL"] is not None:
        raise RefusedError(
            "incompatibleParameters",
            "A stream has no webhook: leave out 'webhookURL' or choose another 'deliveryMethod'.",
            parameter="webhookURL",
        )
    if values["numberResults"] > 1 and options.stream_of_several == "refuse":
        raise RefusedError(
            "incompatibleParameters",
            f"'numberResults' must be 1 in a stream, not {values['numberResults']}.",
            parameter="numberResults",
        )


def _task_of_known_type(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise RefusedError("invalidTask", "Each element of the array must be a task object.")
    if "taskType" not in raw:
        raise missing("taskType")
    if raw["taskType"] != TASK_TYPE:
        shown = repr(raw["taskType"])[:60]
        raise RefusedError(
            "unsupportedTaskType",
            f"taskType {shown} is not emulated; '{TASK_TYPE}' and '{POLL_TYPE}' are.",
            parameter="taskType",
        )
    return raw


_POLL = Table(
    Field("taskType", fields.constant(POLL_TYPE), required=True),
    Field("taskUUID", fields.uuid_v4, required=True),
)


def is_poll(raw: object) -> bool:
    """Tell whether an element asks for the results of an earlier task."""
    return isinstance(raw, dict) and raw.get("taskType") == POLL_TYPE


def read_poll(raw: Mapping[str, object]) -> str:
    """Check a `getResponse` and give the UUID of the task that it asks for."""
    uuid: str = fields.read(raw, _POLL)["taskUUID"]
    return uuid
