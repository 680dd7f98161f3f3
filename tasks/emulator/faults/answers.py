"""Spoil an answer: what models do to those who read their texts."""

import re
from collections.abc import Callable
from dataclasses import replace

from tasks.emulator.engine.completion import Completion
from tasks.emulator.engine.tokens import count_tokens
from tasks.emulator.faults.rules import Fired, Plan
from tasks.emulator.wire.requests import InferenceRequest

_LAST_CLOSING = re.compile(r"(?s)^(.*?)(\s*[}\]][^}\]]*)$")


def spoil(completion: Completion, request: InferenceRequest, plan: Plan) -> Completion:
    """Give the completion as the faults leave it; its tokens are those of the spoilt text."""
    for name, change in _CHANGES.items():
        if name in plan:
            completion = change(completion, request, plan[name])
    return completion


def thoughts_shown(plan: Plan, completion: Completion) -> dict[str, str | list[str]]:
    """Give the `reasoningContent` that a sync item has only by fault, as a string or a list."""
    form = plan["thoughts"]["form"] if "thoughts" in plan else None
    if form == "string":
        return {"reasoningContent": completion.reasoning}
    return {"reasoningContent": [completion.reasoning]} if form == "list" else {}


def _retold(completion: Completion, text: str, finish_reason: str | None = None) -> Completion:
    return replace(
        completion,
        text=text,
        finish_reason=finish_reason or completion.finish_reason,
        completion_tokens=completion.thinking_tokens + count_tokens(text),
    )


def _empty(completion: Completion, request: InferenceRequest, fired: Fired) -> Completion:
    if fired["finishReason"] == "stop":
        return _retold(completion, "", "stop")
    # The thoughts have eaten all the room.
    most = request.max_tokens
    return replace(
        completion,
        text="",
        finish_reason="length",
        completion_tokens=most,
        thinking_tokens=most,
        thoughts=completion.reasoning,
    )


def _refusal(completion: Completion, _: InferenceRequest, fired: Fired) -> Completion:
    return _retold(completion, fired["text"], "stop")


def _content_filter(completion: Completion, _: InferenceRequest, fired: Fired) -> Completion:
    return _retold(completion, fired["text"], "content_filter")


def _oversized(completion: Completion, request: InferenceRequest, fired: Fired) -> Completion:
    wanted = int(request.max_tokens * fired["factor"])
    unit = (completion.text or "More.") + "\n"
    times = wanted // max(count_tokens(unit), 1) + 1
    return _retold(completion, unit * times, "stop")


def _damaged_json(completion: Completion, _: InferenceRequest, fired: Fired) -> Completion:
    text = completion.text
    damaged = {
        "fence": f"```json\n{text}\n```",
        "prose": f"Here is the JSON that you asked for:\n\n{text}\n\nI hope this helps!",
        "trailing_comma": _LAST_CLOSING.sub(r"\1,\2", text),
        "truncated": text[: len(text) * 3 // 5],
    }
    return _retold(completion, damaged[fired["form"]])


def _thoughts(completion: Completion, _: InferenceRequest, fired: Fired) -> Completion:
    thought, text = completion.reasoning, completion.text
    leaked = {
        "whole": f"<think>\n{thought}\n</think>\n\n{text}",
        "nested": f"<think>\n{thought}\n<think>\nAgain?\n</think>\nYes.\n</think>\n\n{text}",
        "unopened": f"{thought}\n</think>\n\n{text}",
        "unclosed": f"<think>\n{thought}\n\n{text}",
    }
    # The thoughts are counted already, so that only where they stand changes.
    return replace(completion, text=leaked.get(fired["form"], text), thoughts=thought)


_CHANGES: dict[str, Callable[[Completion, InferenceRequest, Fired], Completion]] = {
    "refusal": _refusal,
    "content_filter": _content_filter,
    "damaged_json": _damaged_json,
    "oversized": _oversized,
    "empty": _empty,
    "thoughts": _thoughts,
}
