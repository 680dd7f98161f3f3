"""Which failures are worth another try: the HTTP status decides first, the error's code second."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tasks.core.errors import InferenceError, RejectedError, TooLongError, TransientError
from tasks.infer.codes import TRANSIENT, Fault, fault_of
from tasks.infer.wire.received import WireError

REJECTED_STATUSES = frozenset({401, 402, 403, 404, 405, 410, 413, 415, 422})

TRANSIENT_STATUSES = frozenset({408, 425, 429})
"""Beside all from 500 on."""

BUSY_STATUSES = frozenset({429, 503, 504})

OVER_THE_WINDOW = re.compile(
    r"context[ _-]?(window|length|size)|maximum context|prompt is too long|exceed_context",
    re.IGNORECASE,
)
"""How providers and servers say that a prompt, with its answer, is over the window.

There is no code for it that they share.
"""

ANOTHER_WINDOW = ": if its window is smaller than ours, set DOCMILL_WINDOW or --window to it"

NO_ANSWER = WireError(code="noAnswer", message="the response speaks of no task of ours")


class BusyError(TransientError):
    """The provider has no room now; `begun` when it may have taken the task all the same."""

    def __init__(
        self,
        message: str,
        *,
        task_uuid: str | None = None,
        retry_after_s: float | None = None,
        begun: bool = False,
    ) -> None:
        super().__init__(message, task_uuid=task_uuid, retry_after_s=retry_after_s)
        self.begun = begun


class UnsentError(TransientError):
    """The provider was not reached, so that it cannot have the task."""


class ConflictError(TransientError):
    """The provider has this very task already: its answer is to be fetched, not asked for."""


class EndedError(TransientError):
    """The provider took the task and ended it without an answer, so that its UUID is spent."""


def may_have_begun(error: TransientError) -> bool:
    """Tell whether the provider may work on the task in spite of the error."""
    if isinstance(error, BusyError):
        return error.begun
    return not isinstance(error, UnsentError)


def failure(
    status: int,
    error: WireError | None,
    *,
    task_uuid: str,
    headers: Mapping[str, str] | None = None,
) -> InferenceError:
    """Give the error to raise for a response that holds no answer to the task."""
    error = error or NO_ANSWER
    fault = fault_of(error.code)
    message = f"HTTP {status}, {error.code}: {error.message or fault.value} (task {task_uuid})"
    if not _is_transient(status, error):
        if OVER_THE_WINDOW.search(f"{error.code} {error.message}"):
            return TooLongError(message + ANOTHER_WINDOW, task_uuid=task_uuid)
        return RejectedError(message + _advice(status, fault), task_uuid=task_uuid)
    wait_s = retry_after_s(headers or {})
    if status in BUSY_STATUSES or fault is Fault.RATE:
        return BusyError(message, task_uuid=task_uuid, retry_after_s=wait_s, begun=status == 504)
    if fault is Fault.CONFLICT:
        return ConflictError(message, task_uuid=task_uuid, retry_after_s=wait_s)
    return TransientError(message, task_uuid=task_uuid, retry_after_s=wait_s)


def ended(error: WireError, *, task_uuid: str) -> InferenceError:
    """Give the error to raise for a task that the provider took and could not finish."""
    found = failure(200, error, task_uuid=task_uuid)
    if isinstance(found, TransientError):
        return EndedError(str(found), task_uuid=task_uuid)
    return found


def retry_after_s(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Read `Retry-After`, in seconds or as a date; None when it is absent or neither."""
    value = headers.get("retry-after", "").strip()
    if value.replace(".", "", 1).isdecimal():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (aware - (now or datetime.now(UTC))).total_seconds())


def _is_transient(status: int, error: WireError) -> bool:
    if status in TRANSIENT_STATUSES or status >= 500:
        return True
    if status in REJECTED_STATUSES:
        return False
    if error.code in (NO_ANSWER.code, "unknown"):
        return status < 300
    return fault_of(error.code) in TRANSIENT


def _advice(status: int, fault: Fault) -> str:
    if fault is Fault.REFUSED:
        return ": refused by the provider's safety filter, so the text will not be answered"
    advice = {
        401: ": check RUNWARE_API_KEY or OPENAI_API_KEY",
        402: ": the account's balance is used up",
        403: ": the key lacks permission",
        404: ": check the provider's URL and the model",
    }
    by_fault = {Fault.AUTH: advice[401], Fault.QUOTA: advice[402], Fault.NOT_FOUND: advice[404]}
    return advice.get(status) or by_fault.get(fault, "")
