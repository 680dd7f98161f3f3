"""What an inference task may cost at most, and what it should have cost."""

from dataclasses import dataclass

from tasks.core.answers import Result, Usage
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

    def at_least(self, drift: float | None) -> "Prices":
        """Give the prices that a bill shows which is above ours by a share; never lower ones."""
        factor = 1 + max(drift or 0.0, 0.0)
        return Prices(
            factor * self.usd_per_million_prompt_tokens,
            factor * self.usd_per_million_completion_tokens,
        )


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


NOTHING = Worst(0, 0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPrice:
    """What is still to be asked, and what it takes at most; `kept` chunks have their answers."""

    documents: int
    chunks: int
    kept: int
    usd: float
    tokens: int


def worst_case(request: InferenceRequest, prices: Prices, *, prompt_tokens: int) -> Worst:
    """Price a task whose every result takes the full prompt and the full `max_tokens`.

    `prompt_tokens` are those that the provider may count at most.
    """
    prompt = prompt_tokens * request.number_results
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
