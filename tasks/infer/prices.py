"""What an inference task may cost, what it should have cost, and how far the bill is off."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from tasks.core.capacity import MARGIN
from tasks.core.documents import Result, Usage
from tasks.core.requests import InferenceRequest


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for a million tokens; thinking tokens are billed as completion."""

    usd_per_million_prompt_tokens: float
    usd_per_million_completion_tokens: float

    def usd(self, *, prompt_tokens: int, completion_tokens: int) -> float:
        """Give the price of tokens."""
        return (
            prompt_tokens * self.usd_per_million_prompt_tokens
            + completion_tokens * self.usd_per_million_completion_tokens
        ) / 1_000_000


@dataclass(frozen=True, slots=True)
class Worst:
    """The most that a task can take."""

    prompt_tokens: int
    completion_tokens: int
    usd: float

    @property
    def tokens(self) -> int:
        """Give all tokens."""
        return self.prompt_tokens + self.completion_tokens


def worst_case(request: InferenceRequest, prices: Prices, *, prompt_tokens: int) -> Worst:
    """Price a task whose every result takes the full prompt and the full `max_tokens`.

    `prompt_tokens` are by our count, and the provider's tokenizer may make more of them.
    """
    prompt = ceil(prompt_tokens * (1 + MARGIN)) * request.number_results
    completion = request.max_tokens * request.number_results
    usd = prices.usd(prompt_tokens=prompt, completion_tokens=completion)
    return Worst(prompt, completion, usd)


def expected_usd(usage: Usage, prices: Prices) -> float:
    """Give what the provider's own count of tokens should cost."""
    return prices.usd(prompt_tokens=usage.prompt_tokens, completion_tokens=usage.completion_tokens)


def cost_usd(result: Result, prices: Prices) -> float | None:
    """Give what a result cost: as billed, else by its usage; None when neither is known."""
    if result.cost_usd is not None:
        return result.cost_usd
    return expected_usd(result.usage, prices) if result.usage else None


def drift(result: Result, prices: Prices) -> float | None:
    """Give by what share the bill is above (or below) our prices; None when it cannot be told."""
    return drift_of([result], prices)


def drift_of(results: Iterable[Result], prices: Prices) -> float | None:
    """Give the drift over all results that were billed with usage and cost."""
    billed = expected = 0.0
    for result in results:
        if result.cost_usd is not None and result.usage is not None:
            billed += result.cost_usd
            expected += expected_usd(result.usage, prices)
    return billed / expected - 1 if expected else None
