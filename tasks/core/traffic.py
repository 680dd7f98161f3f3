"""What the inference of a run looks like from outside: money, tokens, and the throttle."""

from dataclasses import dataclass

DRIFT_TOLD = 0.01
"""A bill that is off by no more is put down to rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """How a run's inference tasks fare: what they cost, and how many the provider takes at once.

    `calls` were paid for, `reused` came from the ledger. `limit` is how many may be in flight now,
    `refused` counts those that the provider had no room for. `price_drift` is by what share the
    bill is above our prices; None where that cannot be told.
    """

    calls: int = 0
    reused: int = 0
    usd: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    limit: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    waiting: int = 0
    refused: int = 0
    paused_s: float = 0.0
    price_drift: float | None = None
