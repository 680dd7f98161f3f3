"""What is asked of a model, apart from who answers and how it is delivered."""

import hashlib
import json
from dataclasses import dataclass, fields, replace
from typing import Literal

from tasks.core.tokens import count_tokens

REQUEST_TOKENS = 24
"""What the provider adds to every prompt, seen in samples of its usage."""

SEEDS = 2**32

MESSAGE_TOKENS = 8
"""What the provider adds to every message: its role and its end."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation; system text is not a message but the request's own field."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceRequest:
    """One inference task before it has a UUID; equal requests have equal answers.

    The limits of each field are those of the provider and are checked by its client. `attempt`
    counts how often the same was asked before and brought no answer; the provider is not told.
    """

    model: str
    system_prompt: str
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float = 1.0
    top_p: float = 0.95
    seed: int | None = None
    number_results: int = 1
    attempt: int = 0

    def anew(self) -> "InferenceRequest":
        """Give the request that asks the same once more, by the next seed where there is one."""
        seed = None if self.seed is None else (self.seed + 1) % SEEDS
        return replace(self, seed=seed, attempt=self.attempt + 1)


_ASKED = tuple(field.name for field in fields(InferenceRequest) if field.name != "attempt")


def request_key(request: InferenceRequest, *, provider: str, endpoint: str) -> str:
    """Give the name under which the ledger keeps a request: a SHA-256 in hex.

    Provider and endpoint are part of it, so that an offline extract is never taken for a model's
    answer, nor one server's answer for another's.
    """
    asked = {name: getattr(request, name) for name in _ASKED}
    asked["messages"] = [{"role": m.role, "content": m.content} for m in request.messages]
    if request.attempt:  # there is none in older names
        asked["attempt"] = request.attempt
    content = [provider, endpoint, asked]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def answer_key(key: str, index: int) -> str:
    """Name one of a request's answers; the first bears the name of the request."""
    return f"{key}-{index}" if index else key


def request_tokens(request: InferenceRequest) -> int:
    """Count the whole prompt by our tokenizer; the provider's own may count more."""
    messages = sum(MESSAGE_TOKENS + count_tokens(m.content) for m in request.messages)
    return REQUEST_TOKENS + count_tokens(request.system_prompt) + messages
