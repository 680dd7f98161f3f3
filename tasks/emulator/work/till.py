"""The till: what the emulator would have billed, exact to the token, and what else it counts."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tasks.emulator.options import EmulatorOptions

_PICO = 10**12  # picodollars keep a price per token whole down to 0.000001 USD per million


class Till:
    """Count requests and bills; money is kept in whole picodollars, so that sums are exact."""

    def __init__(self, options: EmulatorOptions) -> None:
        self._input_price = round(options.usd_per_million_input * _PICO / 10**6)
        self._output_price = round(options.usd_per_million_output * _PICO / 10**6)
        self.tasks_running = 0
        self._requests_open = 0
        self.reset()

    def reset(self) -> None:
        """Forget all that was counted, but not what is still going on."""
        self.requests = 0
        self._refused: Counter[str] = Counter()
        self._billed: Counter[str] = Counter()
        self._billed_uuids: Counter[str] = Counter()
        self._picodollars = 0
        self._most_running = self.tasks_running
        self._most_open = self._requests_open

    def price(self, prompt_tokens: int, completion_tokens: int) -> int:
        """Give the price of one answer in picodollars."""
        return prompt_tokens * self._input_price + completion_tokens * self._output_price

    def bill(self, content: str, picodollars: int, *, task_uuid: str = "") -> None:
        """Bill a task, known by the hash of its content and, natively, by its UUID."""
        self._billed[content] += 1
        self._picodollars += picodollars
        if task_uuid:
            self._billed_uuids[task_uuid] += 1

    def start(self) -> None:
        """Count a task that is taken."""
        self.tasks_running += 1
        self._most_running = max(self._most_running, self.tasks_running)

    def finish(self) -> None:
        """Count a task that has its answer or failed."""
        self.tasks_running -= 1

    def refuse(self, code: str) -> None:
        """Count a task that is not taken."""
        self._refused[code] += 1

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request, and hold it open meanwhile."""
        self.requests += 1
        self._requests_open += 1
        self._most_open = max(self._most_open, self._requests_open)
        try:
            yield
        finally:
            self._requests_open -= 1

    def stats(self) -> dict[str, Any]:
        """Give the counts; a task is billed twice when its content had been billed before."""
        billed = self._billed.total()
        return {
            "requests": self.requests,
            "requests_open": self._requests_open,
            "requests_open_most": self._most_open,
            "tasks_billed": billed,
            "tasks_billed_twice": billed - len(self._billed),
            "uuids_billed_twice": self._billed_uuids.total() - len(self._billed_uuids),
            "usd_billed": to_usd(self._picodollars),
            "tasks_running": self.tasks_running,
            "tasks_refused": self._refused.total(),
            "tasks_refused_by_code": dict(self._refused),
            "in_flight_now": self.tasks_running,
            "in_flight_most": self._most_running,
        }


def to_usd(picodollars: int) -> float:
    """Give the dollars of an exact amount."""
    return picodollars / _PICO
