"""The till: what the emulator would have billed, exact to the token."""

from collections import Counter
from typing import Any

from tasks.emulator.options import EmulatorOptions

_PICO = 10**12  # picodollars keep a price per token whole down to 0.000001 USD per million


class Till:
    """Count requests and bills; money is kept in whole picodollars, so that sums are exact."""

    def __init__(self, options: EmulatorOptions) -> None:
        self._input_price = round(options.usd_per_million_input * _PICO / 10**6)
        self._output_price = round(options.usd_per_million_output * _PICO / 10**6)
        self.reset()

    def reset(self) -> None:
        """Forget all that was counted."""
        self.requests = 0
        self._billed: Counter[str] = Counter()
        self._picodollars = 0

    def price(self, prompt_tokens: int, completion_tokens: int) -> int:
        """Give the price of one answer in picodollars."""
        return prompt_tokens * self._input_price + completion_tokens * self._output_price

    def bill(self, content: str, picodollars: int) -> None:
        """Bill a task, known by the hash of its content."""
        self._billed[content] += 1
        self._picodollars += picodollars

    def stats(self) -> dict[str, Any]:
        """Give the counts; a task is billed twice when its content had been billed before."""
        billed = self._billed.total()
        return {
            "requests": self.requests,
            "tasks_billed": billed,
            "tasks_billed_twice": billed - len(self._billed),
            "usd_billed": to_usd(self._picodollars),
        }


def to_usd(picodollars: int) -> float:
    """Give the dollars of an exact amount."""
    return picodollars / _PICO
