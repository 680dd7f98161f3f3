from datetime import UTC, datetime

import pytest

from tasks.core.errors import InferenceError, RejectedError, TooLongError, TransientError
from tasks.infer.codes import Fault, fault_of
from tasks.infer.failures import (
    BusyError,
    ConflictError,
    EndedError,
    ended,
    failure,
    retry_after_s,
)
from tasks.infer.wire.received import WireError
from tests.infer.building import UUID

FINAL = [
    "invalidApiKey",
    "missingApiKey",
    "unauthorized",
    "forbidden",
    "permissionDenied",
    "insufficientPermissions",
    "authenticationFailed",
    "tokenExpired",
    "accountSuspended",
    "organizationDisabled",
    "workspaceSuspended",
    "insufficientCredits",
    "quotaExceeded",
    "paymentRequired",
    "invalidPositivePrompt",
    "missingPositivePrompt",
    "unsupportedParameter",
    "unsupportedTaskType",
    "unknownParameter",
    "valueTooLarge",
    "arrayTooSmall",
    "incompatibleParameters",
    "duplicateTask",
    "inferenceRateLimitRequestTooLarge",
    "modelNotFound",
    "taskNotFound",
    "taskExpired",
    "taskCancelled",
    "taskFailedOrNotFound",
    "unknownModel",
    "somethingElse",
]

REFUSALS = [
    "contentPolicyViolation",
    "providerContentPolicyViolation",
    "promptBlocked",
    "moderationFailed",
    "sensitiveContentDetected",
    "invalidProviderContent",
]

AGAIN = [
    "rateLimitExceeded",
    "inferenceRateLimitExceeded",
    "providerRateLimitExceeded",
    "rateLimit",
    "providerError",
    "providerUnavailable",
    "providerBadGateway",
    "providerInternalError",
    "inferenceError",
    "processingFailed",
    "taskFailed",
    "noAvailableServer",
    "modelUnavailable",
    "modelNotReady",
    "timeoutProvider",
    "providerTimeout",
    "providerGatewayTimeout",
    "internalServerError",
    "serviceUnavailable",
    "unknownError",
    "standardError",
    "httpError",
    "conflictTaskUUID",
    "upstreamTimeout",
]


def sorted_as(status: int, code: str) -> InferenceError:
    return failure(status, WireError(code=code, message="m"), task_uuid=UUID)


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("code", FINAL)
def test_what_will_be_refused_again_is_final(status: int, code: str) -> None:
    error = sorted_as(status, code)

    assert isinstance(error, RejectedError)
    assert code in str(error)
    assert UUID in str(error)


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_by_the_safety_filter_is_named(code: str) -> None:
    error = sorted_as(200, code)

    assert isinstance(error, RejectedError)
    assert "safety filter" in str(error)


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("code", AGAIN)
def test_what_may_pass_is_tried_again(status: int, code: str) -> None:
    assert isinstance(sorted_as(status, code), TransientError)


@pytest.mark.parametrize("code", [*FINAL, *REFUSALS, *AGAIN])
def test_the_status_decides_before_the_code(code: str) -> None:
    for status in (401, 402, 403, 404, 413, 422):
        assert isinstance(sorted_as(status, code), RejectedError)
    for status in (408, 425, 429, 500, 502, 503, 504, 524, 599):
        assert isinstance(sorted_as(status, code), TransientError)


@pytest.mark.parametrize(
    ("status", "code", "begun"),
    [(429, "x", False), (503, "x", False), (504, "x", True), (200, "rateLimitExceeded", False)],
)
def test_want_of_room_is_told_from_trouble(status: int, code: str, begun: bool) -> None:  # noqa: FBT001
    error = sorted_as(status, code)

    assert isinstance(error, BusyError)
    assert error.begun == begun


def test_a_conflict_is_told_from_trouble() -> None:
    assert isinstance(sorted_as(400, "conflictTaskUUID"), ConflictError)


def test_a_failure_without_a_reason_is_final_only_when_the_status_says_so() -> None:
    assert isinstance(failure(200, None, task_uuid=UUID), TransientError)
    assert isinstance(failure(400, None, task_uuid=UUID), RejectedError)
    assert isinstance(failure(302, None, task_uuid=UUID), RejectedError)


def test_a_task_that_ended_is_told_from_one_that_was_not_taken() -> None:
    assert isinstance(ended(WireError(code="timeoutProvider"), task_uuid=UUID), EndedError)
    assert isinstance(ended(WireError(code="promptBlocked"), task_uuid=UUID), RejectedError)


@pytest.mark.parametrize(
    ("code", "advice"),
    [("invalidApiKey", "API_KEY"), ("insufficientCredits", "balance"), ("modelNotFound", "URL")],
)
def test_says_what_to_do_even_where_the_status_does_not(code: str, advice: str) -> None:
    assert advice in str(sorted_as(400, code))


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sunday, 22-Nov-26 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-3", None),
        ("", None),
    ],
)
def test_reads_seconds_and_dates(value: str, wait_s: float | None) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    assert retry_after_s({"retry-after": value}, now=now) == wait_s


def test_without_the_header_there_is_no_wait() -> None:
    assert retry_after_s({}) is None


@pytest.mark.parametrize("code", ["TIMEOUT_PROVIDER", "timeoutprovider", "timeout-provider"])
def test_codes_are_known_however_they_are_spelt(code: str) -> None:
    assert fault_of(code) is Fault.TIMEOUT


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("invalidMaxTokens", "with 'maxTokens' 900 this passes the context window of 4000 tokens"),
        ("context_length_exceeded", "This model's maximum context length is 128000 tokens."),
        ("400", "This model's maximum context length is 8192 tokens. However, you requested 9000"),
        ("exceed_context_size_error", "the request exceeds the available context size"),
        ("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
    ],
)
def test_a_prompt_over_the_window_is_told_from_other_refusals(code: str, message: str) -> None:
    error = failure(400, WireError(code=code, message=message), task_uuid=UUID)

    assert isinstance(error, TooLongError)
    assert "DOCMILL_WINDOW" in str(error)


@pytest.mark.parametrize("code", ["invalidMaxTokens", "valueTooLarge", "unknown"])
def test_another_refusal_is_not_taken_for_a_prompt_over_the_window(code: str) -> None:
    error = failure(400, WireError(code=code, message="maxTokens is over 196608"), task_uuid=UUID)

    assert type(error) is RejectedError
