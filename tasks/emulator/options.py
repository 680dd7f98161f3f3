"""What can be set on the emulator, and the constants of the model that it stands for.

The published contract leaves twenty questions open. Each is a switch here or a fault (a rule that
is set while the emulator runs, see `tasks.emulator.faults`); the defaults are the answers that we
think most likely.

    nr  question                                   switch
    --  -----------------------------------------  -------------------------------------------
    1   how long results can be polled             retention_s
    2   HTTP status when some of a POST failed     partial_status
    3   order of `data`                            fault `shuffle`
    4   a finished taskUUID used again             refuse_finished_uuids
    5   usage and cost when not asked for          unasked_usage, unasked_cost
    6   thinking inside completionTokens           thinking_tokens
    7   thoughts in the text, reasoningContent     fault `thoughts`
    8   role `system` in messages                  system_role
    9   the last message is the user's             last_message
    10  unknown fields                             unknown_fields
    11  prompt and maxTokens beyond the window     overflow
    12  stream of several results or tasks         stream_of_several
    13  `[DONE]` after an error in a stream        done_after_stream_error
    14  sync with a webhookURL                     sync_with_webhook
    15  attempts of a webhook, body of a failure   webhook_attempts, webhook_failure_body
    16  seeds of several results                   derived_seeds, show_seed
    17  price and rounding of the cost             usd_per_million_*, cost_decimals
    18  tasks and bytes of one POST                max_tasks_per_post, max_body_bytes
    19  `routing`, `tools`, `toolChoice`           refuse_extras
    20  temperature 0                              refuse_zero_temperature
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from tasks.core.errors import ConfigError

MODEL = "minimax:m2.7@0"
MODEL_SLUG = "minimax-m2-7"
CONTEXT_WINDOW_TOKENS = 204_800
MAX_OUTPUT_TOKENS = 196_608
DEFAULT_OUTPUT_TOKENS = 32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorOptions:
    """Set prices, times and the choices that the published contract leaves open.

    With a `secret`, only that API key is accepted; without one, any key that is not empty.
    """

    # Prices, keys, times.
    usd_per_million_input: float = 0.30
    usd_per_million_output: float = 1.20
    cost_decimals: int | None = None  # None: exact
    secret: str | None = field(default=None, repr=False)
    latency_s: float = 0.0  # before each answer; the fault `latency` takes its place
    prompt_count: Literal["pieces", "length"] = "pieces"  # by length: cheap, for benchmarks
    stream_delta_s: float = 0.0  # between the deltas of a stream
    stream_ping_s: float = 15.0  # between comments while a stream waits for its answer

    # Which tasks are taken.
    refuse_finished_uuids: bool = False
    refuse_extras: bool = False
    refuse_zero_temperature: bool = False
    unknown_fields: Literal["refuse", "ignore"] = "refuse"
    system_role: Literal["refuse", "accept"] = "refuse"
    last_message: Literal["user", "any"] = "user"
    overflow: Literal["refuse", "clamp"] = "refuse"
    window_tokens: int = CONTEXT_WINDOW_TOKENS
    stream_of_several: Literal["refuse", "accept"] = "refuse"
    max_tasks_per_post: int | None = None
    max_body_bytes: int | None = None

    # How they are answered: by quotations, or from the facts planted in the request's text.
    engine: Literal["extractive", "planted"] = "extractive"
    derived_seeds: Literal["next", "random"] = "next"
    show_seed: bool = False
    thinking_tokens: Literal["inside", "beside"] = "inside"
    unasked_usage: bool = False
    unasked_cost: bool = False
    partial_status: int = 200
    done_after_stream_error: bool = False

    # Polling and webhooks.
    retention_s: float = 86_400.0
    poll_every_delivery: bool = False  # whether getResponse knows sync and stream tasks, too
    sync_with_webhook: Literal["ack", "answer"] = "ack"
    webhook_attempts: int = 10
    webhook_timeout_s: float = 5.0
    webhook_failure_body: Literal["flat", "envelope"] = "flat"

    # The admin side: rules from the start (see `tasks.emulator.admin`), and how much is logged.
    script: tuple[dict[str, Any], ...] = ()
    faults: tuple[dict[str, Any], ...] = ()
    fault_seed: int = 0
    log_size: int = 1000


def read_options(given: Mapping[str, Any]) -> EmulatorOptions:
    """Read options by name; ConfigError names each that is unknown or has a wrong value."""
    known = [each.name for each in fields(EmulatorOptions)]
    if strays := sorted(given.keys() - set(known)):
        raise ConfigError(f"no option of the emulator: {', '.join(strays)}; {', '.join(known)} are")
    try:
        return TypeAdapter(EmulatorOptions).validate_python(dict(given))
    except ValidationError as error:
        wrong = (f"{e['loc'][0]}: {e['msg']}" for e in error.errors(include_input=False))
        raise ConfigError(f"options of the emulator: {'; '.join(wrong)}") from None
