"""Which failures are worth another try: the HTTP status decides first, the error's code second."""

import httpx

from tasks.core.errors import InferenceError, RejectedError, TransientError
from tasks.infer.wire import WireError

TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})

REJECTED_STATUSES = frozenset({401, 402, 403, 404, 413, 422})

TRANSIENT_CODES = frozenset(
    {
        "conflictTaskUUID",  # the first submit was accepted and is still running
        "inferenceError",
        "inferenceRateLimitExceeded",
        "internalServerError",
        "modelNotReady",
        "modelUnavailable",
        "noAnswer",  # our own: a response that speaks of no task of ours, whole or cut
        "noAvailableServer",
        "processingFailed",
        "providerBadGateway",
        "providerError",
        "providerGatewayTimeout",
        "providerInternalError",
        "providerRateLimitExceeded",
        "providerTimeout",
        "providerUnavailable",
        "rateLimitExceeded",
        "serviceUnavailable",
        "standardError",
        "taskFailed",
        "timeoutProvider",
        "unknownError",
    }
)


def failure(response: httpx.Response, error: WireError | None, *, task_uuid: str) -> InferenceError:
    """Give the error to raise for a response that holds no answer to the task."""
    code = error.code if error else "noAnswer"
    said = error.message if error and error.message else response.reason_phrase
    message = f"HTTP {response.status_code}, {code}: {said} (task {task_uuid})"
    if _is_transient(response.status_code, code):
        return TransientError(message, task_uuid=task_uuid, retry_after_s=retry_after_s(response))
    return RejectedError(message + _advice(response.status_code), task_uuid=task_uuid)


def retry_after_s(response: httpx.Response) -> float | None:
    """Read `Retry-After` in its form of whole seconds."""
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdigit() else None


def _is_transient(status: int, code: str) -> bool:
    if status in TRANSIENT_STATUSES:
        return True
    return status not in REJECTED_STATUSES and code in TRANSIENT_CODES


def _advice(status: int) -> str:
    advice = {
        401: ": check RUNWARE_API_KEY or OPENAI_API_KEY",
        402: ": the account's balance is used up",
        403: ": the key lacks permission",
        404: ": check the provider's URL and the model",
    }
    return advice.get(status, "")
