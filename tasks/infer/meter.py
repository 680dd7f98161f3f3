"""What a run's inference has cost and brought so far, added up as the answers come."""

import logging
from collections.abc import Iterable, Sequence

from tasks.core.answers import Result
from tasks.core.traffic import DRIFT_TOLD, Traffic
from tasks.infer.prices import Prices, cost_usd, expected_usd
from tasks.infer.throttle.gate import ThrottleState

logger = logging.getLogger("docmill.infer")

CHARS_PER_TOKEN = 4
"""Of English text, about; for what is on its way and not counted by the provider yet."""


class Meter:
    """Adds up what is paid for and reused, and what streams have given so far."""

    def __init__(self) -> None:
        self._calls = 0
        self._reused = 0
        self._usd = 0.0
        self._prompt_tokens = 0
        self._completion_tokens = 0
        self._billed_usd = 0.0
        self._expected_usd = 0.0
        self._growing: dict[str, int] = {}
        self._drift_told = False

    def paid(self, results: Sequence[Result], prices: Prices) -> None:
        """Count results that were paid for, and say it once when the bill is not as our prices."""
        self._calls += len(results)
        for result in results:
            self._usd += cost_usd(result, prices) or 0.0
            if result.usage is None:
                continue
            self._prompt_tokens += result.usage.prompt_tokens
            self._completion_tokens += result.usage.completion_tokens
            if result.cost_usd is not None:
                self._billed_usd += result.cost_usd
                self._expected_usd += expected_usd(result.usage, prices)
        self._tell_drift()

    def reused(self, results: Sequence[Result]) -> None:
        """Count results that the ledger had."""
        self._reused += len(results)

    def grows(self, task_uuid: str, chars: int) -> None:
        """Hear how many characters a stream has given so far."""
        self._growing[task_uuid] = chars

    def ended(self, task_uuid: str) -> None:
        """Hear that a stream has ended, whose tokens are counted from now on."""
        self._growing.pop(task_uuid, None)

    def traffic(self, throttle: ThrottleState) -> Traffic:
        """Give the sums, beside what the throttle does at the moment."""
        return Traffic(
            calls=self._calls,
            reused=self._reused,
            usd=self._usd,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens + _tokens(self._growing.copy().values()),
            limit=throttle.limit,
            in_flight=throttle.in_flight,
            most_in_flight=throttle.most_in_flight,
            waiting=throttle.waiting,
            refused=throttle.refused,
            paused_s=throttle.paused_s,
            price_drift=self.drift(),
        )

    def _tell_drift(self) -> None:
        drift = self.drift()
        if drift is None or abs(drift) <= DRIFT_TOLD or self._drift_told:
            return
        self._drift_told = True
        logger.warning(
            "the provider bills %+.1f%% of what DOCMILL_USD_PER_MILLION_PROMPT_TOKENS and "
            "DOCMILL_USD_PER_MILLION_COMPLETION_TOKENS say: plans and budgets are off by as much",
            100 * drift,
        )

    def drift(self) -> float | None:
        """Give by what share the bill is above our prices; None where that cannot be told."""
        return self._billed_usd / self._expected_usd - 1 if self._expected_usd else None


def _tokens(chars: Iterable[int]) -> int:
    return sum(chars) // CHARS_PER_TOKEN
