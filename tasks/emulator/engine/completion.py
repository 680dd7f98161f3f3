"""An answer as the engine or a script gives it, and the thoughts that come before it."""

import random
import zlib
from dataclasses import dataclass
from typing import Literal

from tasks.emulator.engine.tokens import count_tokens, first_tokens
from tasks.emulator.wire.requests import InferenceRequest

_THOUGHT = "Which sentences bear on what is asked? I weigh them and keep those that matter most. "
_THOUGHT_TOKENS = count_tokens(_THOUGHT)


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer; the thinking tokens lie inside the completion tokens."""

    text: str
    finish_reason: str
    completion_tokens: int
    thinking_tokens: int
    seed: int = 0
    thoughts: str | None = None

    @property
    def reasoning(self) -> str:
        """The thoughts: those of a script, else a stand-in of as many tokens as were counted."""
        if self.thoughts is not None:
            return self.thoughts
        times = self.thinking_tokens // _THOUGHT_TOKENS + 1
        return first_tokens(_THOUGHT * times, self.thinking_tokens)


def seeds_of(
    request: InferenceRequest, *, derived: Literal["next", "random"] = "next"
) -> list[int]:
    """Give the seed of each result; where the contract draws one, the content gives it."""
    first = request.seed if request.seed is not None else int(request.digest[:8], 16)
    if derived == "random":
        draw = random.Random(first)  # noqa: S311 # the seeds are no secret
        return [first, *(draw.randrange(2**32) for _ in range(request.results - 1))]
    return [(first + offset) % 2**32 for offset in range(request.results)]


def natural_thinking_tokens(request: InferenceRequest, seed: int) -> int:
    """Emulate the thoughts that the model always has, and that count against maxTokens."""
    beginning = f"{seed}:{request.text[:1000]}".encode("utf-8", "backslashreplace")
    return min(24 + zlib.crc32(beginning) % 40, request.max_tokens // 4)


def cut_to_room(
    text: str,
    *,
    tokens: int | None = None,
    thinking_tokens: int,
    max_tokens: int,
    seed: int,
    thoughts: str | None = None,
) -> Completion:
    """Make a completion; a text longer than its room is cut as a model's answer would be."""
    room = max(max_tokens - thinking_tokens, 0)
    tokens = count_tokens(text) if tokens is None else tokens
    shown = text if tokens <= room else first_tokens(text, room)
    reason = "stop" if tokens <= room else "length"
    completion_tokens = thinking_tokens + min(tokens, room)
    return Completion(shown, reason, completion_tokens, thinking_tokens, seed, thoughts)
