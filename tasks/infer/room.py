"""More room for an answer that its thoughts left none for."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.core.answers import Result
from tasks.core.capacity import Window
from tasks.core.requests import InferenceRequest
from tasks.infer.wire.sent import MAX_TOKENS_AT_MOST


def with_more_room(
    request: InferenceRequest, results: Sequence[Result], *, window: Window, prompt_tokens: int
) -> InferenceRequest | None:
    """Give the request with twice the `max_tokens`, or what the window allows.

    None when a result has text, ended otherwise than by `length`, or no room is left. The prompt
    has `prompt_tokens` by our count; the provider's own is taken where it is known.
    """
    if any(result.text or result.finish_reason != "length" for result in results):
        return None
    counted = next((r.usage.prompt_tokens for r in results if r.usage), None)
    prompt = counted or window.counted(prompt_tokens)
    room = min(2 * request.max_tokens, MAX_TOKENS_AT_MOST, window.tokens - prompt)
    return replace(request, max_tokens=room) if room > request.max_tokens else None
