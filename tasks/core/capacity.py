"""How much document text fits one request.

    capacity = (context window - answer) / (1 + margin) - (system prompt + examples + frame)

All in tokens. The answer is the reserved `maxTokens`: M2.7 always thinks, and its thoughts count
against them. The margin covers that the provider counts with a tokenizer of its own, see
`tasks.core.margin`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from tasks.core.errors import ConfigError
from tasks.core.margin import Margin

CONTEXT_WINDOW_TOKENS = 204_800
"""Context window of `minimax:m2.7@0`: prompt and answer together."""

SMALLEST_CAPACITY_TOKENS = 64
"""Below this a request would hold more frame than document."""


@dataclass(frozen=True, slots=True)
class Window:
    """A context window in tokens of the provider, and the margin that our count of them needs."""

    tokens: int = CONTEXT_WINDOW_TOKENS
    margin: Margin = Margin()  # noqa: RUF009 # frozen

    def counted(self, tokens: int) -> int:
        """Give what the provider may make of tokens by our count."""
        return ceil(tokens * (1 + self.margin.share))

    def prompt_tokens_at_most(self, *, max_tokens: int) -> int:
        """Give the tokens, by our count, that a whole prompt may have."""
        return int((self.tokens - max_tokens) / (1 + self.margin.share))


def widest(windows: Iterable[Window]) -> Window:
    """Give the one with the widest margin: what fits it fits the others of its size."""
    return max(windows, key=lambda window: window.margin.share)


def capacity_tokens(*, window: Window, fixed_tokens: int, max_tokens: int) -> int:
    """Give the tokens of document text that fit one request.

    `fixed_tokens` counts the system prompt, the worked examples and the frame of the message.
    ConfigError when hardly any text would fit.
    """
    capacity = window.prompt_tokens_at_most(max_tokens=max_tokens) - fixed_tokens
    if capacity < SMALLEST_CAPACITY_TOKENS:
        raise ConfigError(
            f"a window of {window.tokens} tokens leaves {max(capacity, 0)} for the document after "
            f"{fixed_tokens} for the prompt and {max_tokens} for the answer: choose a larger "
            "window, or a smaller maxTokens in the recipe's config"
        )
    return capacity
