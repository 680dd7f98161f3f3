"""The faults before a task is taken: it is refused, and nothing is billed."""

from tasks.emulator.faults.limits import limit_at
from tasks.emulator.faults.rules import Fired, Plan
from tasks.emulator.refusal import RefusedError

_CODES = {
    408: "timeoutProvider",
    429: "rateLimitExceeded",
    500: "internalServerError",
    502: "providerBadGateway",
    503: "serviceUnavailable",
    504: "timeoutProvider",
}


def check(plan: Plan, *, in_flight: int, now_s: float) -> None:
    """Refuse a task as the faults say; `in_flight` counts the others."""
    if "status" in plan:
        raise _status(plan["status"])
    if "concurrency_limit" in plan:
        fired = plan["concurrency_limit"]
        if in_flight >= limit_at(fired.rule.values, now_s - fired.rule.set_at_s):
            raise too_many(fired, "Too many tasks at once; try again later.")
    if "rate_limit" in plan:
        fired = plan["rate_limit"]
        if not fired.rule.bucket.take(now_s):
            raise too_many(fired, "Too many tasks per second; try again later.")


def too_many(fired: Fired, message: str) -> RefusedError:
    """Make the error for a task beyond a limit."""
    return RefusedError("rateLimitExceeded", message, status=429, retry_after_s=fired["retryAfter"])


def poll_error(fired: Fired) -> RefusedError:
    """Make the error for a poll; it says nothing about the task."""
    return _told_to(fired, _CODES.get(fired["status"], "unknownError"))


def failure(fired: Fired) -> RefusedError:
    """Make the error that a task ends with."""
    return RefusedError(fired["code"], fired["message"], status=fired["status"])


def _status(fired: Fired) -> RefusedError:
    refusal = _told_to(fired, fired["code"] or _CODES.get(fired["status"], "unknownError"))
    refusal.shape = fired["shape"]
    return refusal


def _told_to(fired: Fired, code: str) -> RefusedError:
    return RefusedError(
        code,
        f"The emulator was told to answer {fired['status']} here.",
        status=fired["status"],
        retry_after_s=fired["retryAfter"],
    )
