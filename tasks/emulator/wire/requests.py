"""What is asked of the engine, whichever endpoint it came through."""

import hashlib
import json
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceRequest:
    """A checked request, with every default put in."""

    messages: tuple[Message, ...]
    system_prompt: str | None = None
    temperature: float = 1.0
    top_p: float = 0.95
    max_tokens: int = DEFAULT_OUTPUT_TOKENS
    results: int = 1
    seed: int | None = None

    def digest(self) -> str:
        """Give a hash of the content, by which a repeated request is known."""
        content = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def count_prompt_tokens(request: InferenceRequest) -> int:
    """Count the tokens of the whole prompt, frame included."""
    texts = [message.content for message in request.messages]
    frame = _FRAME_TOKENS + _MESSAGE_TOKENS * len(texts)
    if request.system_prompt is None:
        frame += _DEFAULT_SYSTEM_PROMPT_TOKENS
    else:
        frame += _MESSAGE_TOKENS
        texts.append(request.system_prompt)
    return frame + sum(count_tokens(text) for text in texts)


def check_window(request: InferenceRequest, *, parameter: str) -> int:
    """Give the prompt's tokens; refuse a request that overflows the context window."""
    prompt = count_prompt_tokens(request)
    if prompt + request.max_tokens > CONTEXT_WINDOW_TOKENS:
        raise RefusedError(
            "invalidMaxTokens",
            f"The prompt has {prompt} tokens; with '{parameter}' {request.max_tokens} this passes"
            f" the context window of {CONTEXT_WINDOW_TOKENS} tokens.",
            parameter=parameter,
        )
    return prompt
