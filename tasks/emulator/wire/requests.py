"""What is asked of the engine, whichever endpoint it came through."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from tasks.emulator.engine.tokens import count_tokens
from tasks.emulator.options import CONTEXT_WINDOW_TOKENS, DEFAULT_OUTPUT_TOKENS
from tasks.emulator.refusal import RefusedError

# "Hello" alone is billed as 42 prompt tokens upstream: the frame of the conversation costs some,
# and where no system prompt is given the vendor's own takes its place.
_FRAME_TOKENS = 8
_MESSAGE_TOKENS = 4
_DEFAULT_SYSTEM_PROMPT_TOKENS = 29


class Message(NamedTuple):
    """A turn of the conversation; the role is `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, kw_only=True)
class InferenceRequest:
    """A checked request, with every default put in."""

    messages: tuple[Message, ...]
    system_prompt: str | None = None
    temperature: float = 1.0
    top_p: float = 0.95
    max_tokens: int = DEFAULT_OUTPUT_TOKENS
    results: int = 1
    seed: int | None = None
    count: Callable[[str], int] = field(default=count_tokens, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The last message: what is asked now."""
        return self.messages[-1].content

    @cached_property
    def digest(self) -> str:
        """A hash of the content, by which a repeated request is known."""
        content = json.dumps([getattr(self, one.name) for one in fields(self) if one.compare])
        return hashlib.sha256(content.encode()).hexdigest()

    @cached_property
    def prompt_tokens(self) -> int:
        """The tokens of the whole prompt, frame included; long texts take milliseconds."""
        frame = _FRAME_TOKENS + _MESSAGE_TOKENS * len(self.messages)
        if self.system_prompt is None:
            frame += _DEFAULT_SYSTEM_PROMPT_TOKENS
        else:
            frame += _MESSAGE_TOKENS + _count_system_prompt(self.count, self.system_prompt)
        return frame + sum(self.count(message.content) for message in self.messages)

    def characters(self) -> int:
        """Count the characters of the prompt."""
        return len(self.system_prompt or "") + sum(len(one.content) for one in self.messages)


@lru_cache(maxsize=64)
def _count_system_prompt(count: Callable[[str], int], text: str) -> int:
    # A run sends the same system prompt with each of its tasks.
    return count(text)


def fit_window(
    request: InferenceRequest,
    *,
    parameter: str,
    window: int = CONTEXT_WINDOW_TOKENS,
    clamp: bool = False,
) -> InferenceRequest:
    """Refuse a request that overflows the context window, or lower its maxTokens."""
    room = window - request.prompt_tokens
    if request.max_tokens <= room:
        return request
    if clamp and room > 0:
        return replace(request, max_tokens=room)
    raise RefusedError(
        "invalidMaxTokens",
        f"The prompt has {request.prompt_tokens} tokens; with '{parameter}' {request.max_tokens}"
        f" this passes the context window of {window} tokens.",
        parameter=parameter,
    )
