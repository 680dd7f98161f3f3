"""Every fault by its name, with its parameters and their defaults.

A rule is `{"fault": name, parameter: value, …}` and says when it fires:

    "match"   only for tasks whose last message fits (see `matching`)
    "share"   with this probability
    "every"   at each n-th task that fits
    "times"   n times, then never again

A rule that says nothing of it fires always. Of several rules with the same fault the first that
fires counts. A fault that is drawn is keyed by what the task holds and how often that came, so that
a run can be repeated whatever the order in which its tasks arrive.
"""

from typing import Any

from tasks.emulator.faults.matching import matcher
from tasks.emulator.refusal import invalid
from tasks.emulator.wire import fields
from tasks.emulator.wire.fields import Field, Table

_MOST = 10**9
_SECONDS = fields.decimal(0, _MOST)
_COUNT = fields.integer(1, _MOST)


def _schedule(value: object, path: str) -> tuple[tuple[float, int], ...]:
    steps = []
    for at, item in enumerate(fields.array(value, path)):
        step = fields.array(item, f"{path}[{at}]")
        if len(step) != 2:
            raise invalid(f"{path}[{at}]", "[seconds, limit]", step)
        seconds = _SECONDS(step[0], f"{path}[{at}][0]")
        steps.append((seconds, fields.integer(0, _MOST)(step[1], f"{path}[{at}][1]")))
    return tuple(sorted(steps))


def _error(code: str, *, status: int = 500) -> Table:
    return Table(
        Field("code", fields.string(1), default=code),
        Field("status", fields.integer(400, 599), default=status),
        Field("message", fields.string(1), default="The emulator was told to fail here."),
    )


_WHEN = Table(
    Field("fault", fields.string(1), required=True),
    Field("match", matcher),
    Field("share", fields.decimal(0, 1)),
    Field("every", _COUNT),
    Field("times", fields.integer(0, _MOST)),
)
_RETRY_AFTER = Table(Field("retryAfter", _SECONDS))
# Which replies are spoilt: those that carry an answer, those that only take a task, or both.
_ON = Table(Field("on", fields.constant("answer", "ack", "any"), default="answer"))
_NONE = Table()

GATE = {
    "reset_before": _NONE,
    "status": _RETRY_AFTER
    + Table(
        Field("status", fields.integer(400, 599), default=503),
        Field("code", fields.string(1)),
        Field("shape", fields.constant("errors", "error", "html"), default="errors"),
    ),
    "rate_limit": _RETRY_AFTER
    + Table(
        Field("perSecond", fields.decimal(0.001, _MOST), required=True),
        Field("burst", _COUNT),
    ),
    "concurrency_limit": _RETRY_AFTER
    + Table(
        Field("limit", fields.integer(0, _MOST), default=_MOST),
        Field("schedule", _schedule, default=()),
    ),
}
"""Drawn before a task is taken; nothing that they turn away is billed."""

WORK = {
    "reset_after": _NONE,
    "latency": Table(
        Field("distribution", fields.constant("fixed", "uniform", "lognormal"), default="fixed"),
        Field("seconds", _SECONDS, default=0.0),  # fixed, or the median of lognormal
        Field("low", _SECONDS, default=0.0),
        Field("high", _SECONDS, default=0.0),
        Field("sigma", fields.decimal(0, 10), default=0.5),
    ),
    "thoughts": Table(
        Field(
            "form",
            fields.constant("whole", "nested", "unopened", "unclosed", "string", "list"),
            default="whole",
        )
    ),
    "damaged_json": Table(
        Field(
            "form",
            fields.constant("fence", "prose", "trailing_comma", "truncated"),
            default="fence",
        )
    ),
    "oversized": Table(Field("factor", fields.decimal(0.001, 100), default=1.5)),
    "empty": Table(Field("finishReason", fields.constant("length", "stop"), default="length")),
    "refusal": Table(
        Field("text", fields.string(1), default="I'm sorry, but I can't help with that request.")
    ),
    "content_filter": Table(Field("text", fields.string(0), default="")),
}
"""Drawn when a task is taken, whatever its delivery."""

# Which of the facts that a task states are hit, and whether of its document or of earlier answers.
_OF = Table(
    Field("facts", fields.decimal(0, 1), default=0.1),
    Field("at", fields.constant("map", "merge", "any"), default="any"),
)
SLIPS = {"misses": _OF, "contradictions": _OF, "paraphrases": _OF, "duplicates": _OF}
"""Drawn when a task is taken that the scripted model answers: the option `engine` chooses it."""

BATCH = {"partial_failure": _error("inferenceError")}
"""Drawn for the tasks of a POST that brings several."""

STREAM = {
    "mid_stream_error": _error("providerError")
    + Table(
        Field("after", fields.decimal(0, 1), default=0.5),
        Field("done", fields.boolean),
        Field("billed", fields.boolean, default=False),
    )
}

POLLED = {
    "poll_failed": _error("taskFailed")
    + Table(Field("as", fields.constant("item", "text", "errors"), default="item"))
}
"""Drawn when a task is taken whose answer is fetched or pushed later."""

POLL = {"poll_error": _RETRY_AFTER + Table(Field("status", fields.integer(400, 599), default=503))}
"""Drawn for each POST that asks for results."""

WEBHOOK = {
    "webhook_duplicate": Table(Field("copies", _COUNT, default=1)),
    "webhook_late": Table(Field("seconds", _SECONDS, default=30.0)),
    "webhook_lost": _NONE,
}
"""Drawn for each item that is pushed."""

REPLY = {
    "truncate": _ON
    + Table(
        Field("at", fields.decimal(0, 1), default=0.5),
        Field("abrupt", fields.boolean, default=False),
    ),
    "garble": _ON + Table(Field("form", fields.constant("bytes", "html"), default="bytes")),
    "split_utf8": _ON + Table(Field("pauseSeconds", _SECONDS, default=0.002)),
    "errors_empty": _ON,
    "shuffle": _ON,
}
"""Drawn for each reply."""

FAULTS = GATE | WORK | SLIPS | BATCH | STREAM | POLLED | POLL | WEBHOOK | REPLY


def read_rule(raw: object, path: str) -> dict[str, Any]:
    """Check a rule; RefusedError names the first breach."""
    rule = fields.mapping(raw, path)
    name = rule.get("fault")
    if not isinstance(name, str) or name not in FAULTS:
        raise invalid(f"{path}.fault", "one of " + ", ".join(FAULTS), name)
    return fields.read(rule, _WHEN + FAULTS[name], under=f"{path}.")
