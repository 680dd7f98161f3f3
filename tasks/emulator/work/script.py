"""Scripted answers: rules that say what the model says, so that the engine is not asked."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tasks.emulator.engine.completion import Completion, cut_to_room, natural_thinking_tokens
from tasks.emulator.engine.tokens import count_tokens
from tasks.emulator.faults.matching import Matcher, matcher
from tasks.emulator.wire import fields
from tasks.emulator.wire.fields import Field, Table
from tasks.emulator.wire.requests import InferenceRequest

_count = lru_cache(maxsize=256)(count_tokens)  # a script says the same again and again

_ANSWER = Table(
    Field("text", fields.string(0), default=""),
    Field("finishReason", fields.constant("stop", "length", "content_filter", "unknown")),
    Field("reasoning", fields.string(0)),
)


def _answer(value: object, path: str) -> dict[str, Any]:
    given = {"text": value} if isinstance(value, str) else fields.mapping(value, path)
    return fields.read(given, _ANSWER, under=f"{path}.")


def _times(value: object, path: str) -> int | None:
    return None if value is None else fields.integer(0, 10**9)(value, path)


_RULE = Table(
    Field("match", matcher),
    Field("answer", _answer, required=True),
    Field("times", _times),
)


@dataclass
class _Rule:
    match: Matcher | None
    answer: dict[str, Any]
    times: int | None
    used: int = 0


class Script:
    """The rules in force; the first that fits a message gives its answer."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []

    def set(self, raw: object) -> None:
        """Put other rules in the place of those in force; a wrong one leaves all as it was."""
        rules = enumerate(fields.array(raw, "rules"))
        self._rules = [
            _Rule(**fields.read(fields.mapping(rule, f"rules[{at}]"), _RULE, under=f"rules[{at}]."))
            for at, rule in rules
        ]

    def answer(self, text: str) -> dict[str, Any] | None:
        """Take the answer to a last message out of the first rule that fits; None without one."""
        for rule in self._rules:
            if rule.times is not None and rule.used >= rule.times:
                continue
            if rule.match is None or rule.match(text):
                rule.used += 1
                return rule.answer
        return None


def complete(
    request: InferenceRequest, answer: dict[str, Any], seeds: list[int]
) -> list[Completion]:
    """Give the scripted answer as often as results are asked for.

    It is cut at maxTokens as any answer, unless its finishReason is scripted, too.
    """
    return [_complete(request, answer, seed) for seed in seeds]


def _complete(request: InferenceRequest, answer: dict[str, Any], seed: int) -> Completion:
    thoughts: str | None = answer["reasoning"]
    thinking = natural_thinking_tokens(request, seed) if thoughts is None else _count(thoughts)
    reason: str | None = answer["finishReason"]
    if reason is None:
        return cut_to_room(
            answer["text"],
            tokens=_count(answer["text"]),
            thinking_tokens=thinking,
            max_tokens=request.max_tokens,
            seed=seed,
            thoughts=thoughts,
        )
    tokens = thinking + _count(answer["text"])
    return Completion(answer["text"], reason, tokens, thinking, seed, thoughts)
