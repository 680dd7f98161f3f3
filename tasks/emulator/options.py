"""What can be set on the emulator, and the constants of the model that it stands for."""

from dataclasses import dataclass, field

MODEL = "minimax:m2.7@0"
MODEL_SLUG = "minimax-m2-7"
CONTEXT_WINDOW_TOKENS = 204_800
MAX_OUTPUT_TOKENS = 196_608
DEFAULT_OUTPUT_TOKENS = 32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorOptions:
    """Set prices, latency and the choices that the published contract leaves open.

    With a `secret`, only that API key is accepted; without one, any key that is not empty.
    """

    usd_per_million_input: float = 0.30
    usd_per_million_output: float = 1.20
    latency_s: float = 0.0
    secret: str | None = field(default=None, repr=False)
    refuse_finished_uuids: bool = False
    refuse_extras: bool = False
