"""What a plan costs at most, before anything is asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from tasks.core.requests import InferenceRequest, request_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Prompt tokens by our tokenizer, and US dollars if every answer used all that it may."""

    requests: int
    prompt_tokens: int
    usd_at_most: float


def estimate(
    requests: Iterable[InferenceRequest],
    *,
    usd_per_million_prompt_tokens: float,
    usd_per_million_completion_tokens: float,
) -> Estimate:
    """Price requests: every prompt as it will be sent, every answer at its full `max_tokens`.

    Requests that merge answers come later and are not known yet.
    """
    asked = tuple(requests)
    prompt = sum(request_tokens(request) * request.number_results for request in asked)
    answers = sum(request.max_tokens * request.number_results for request in asked)
    return Estimate(
        requests=len(asked),
        prompt_tokens=prompt,
        usd_at_most=(
            prompt * usd_per_million_prompt_tokens + answers * usd_per_million_completion_tokens
        )
        / 1_000_000,
    )
