"""How much document text fits one request.

    capacity = (context window - answer) / (1 + margin) - (system prompt + examples + frame)

All in tokens. The answer is the reserved `maxTokens`: M2.7 always thinks, and its thoughts count
against them. The margin covers that the provider counts with a tokenizer of its own.
"""

from tasks.core.errors import ConfigError

CONTEXT_WINDOW_TOKENS = 204_800
"""Context window of `minimax:m2.7@0`: prompt and answer together."""

MARGIN = 0.2
"""Share by which the provider's count of a text may exceed ours."""

SMALLEST_CAPACITY_TOKENS = 64
"""Below this a request would hold more frame than document."""


def prompt_tokens_at_most(*, window: int, max_tokens: int) -> int:
    """Give the tokens, by our count, that a whole prompt may have."""
    return int((window - max_tokens) / (1 + MARGIN))


def capacity_tokens(*, window: int, fixed_tokens: int, max_tokens: int) -> int:
    """Give the tokens of document text that fit one request.

    `fixed_tokens` counts the system prompt, the worked examples and the frame of the message.
    ConfigError when hardly any text would fit.
    """
    capacity = prompt_tokens_at_most(window=window, max_tokens=max_tokens) - fixed_tokens
    if capacity < SMALLEST_CAPACITY_TOKENS:
        raise ConfigError(
            f"a window of {window} tokens leaves {max(capacity, 0)} for the document after "
            f"{fixed_tokens} for the prompt and {max_tokens} for the answer: choose a larger "
            "window, or a smaller maxTokens in the recipe's config"
        )
    return capacity
