"""The error codes of Runware by what is to be done about them.

The catalogue is large and unstable, so what is not listed is sorted by the habits of its names.
"""

from enum import Enum


class Fault(Enum):
    """What kind of failure a code names."""

    AUTH = "the key is not accepted"
    QUOTA = "the account's balance or quota is used up"
    INVALID = "the task is not as the provider demands"
    RATE = "too much at a time"
    PROVIDER = "the provider is in trouble"
    TIMEOUT = "the provider took too long"
    NOT_FOUND = "there is no such model or task"
    REFUSED = "the provider's safety filter refused the text"
    CONFLICT = "the task is there already"
    UNKNOWN = "the provider gave no known reason"


TRANSIENT = frozenset({Fault.RATE, Fault.PROVIDER, Fault.TIMEOUT, Fault.CONFLICT})

_CODES = {
    Fault.AUTH: """invalidApiKey missingApiKey unauthorized forbidden permissionDenied
        insufficientPermissions authenticationFailed tokenExpired accountSuspended
        organizationDisabled workspaceSuspended""",
    Fault.QUOTA: "insufficientCredits quotaExceeded paymentRequired",
    Fault.INVALID: """unsupportedParameter unsupportedTaskType unknownParameter valueTooLarge
        arrayTooSmall incompatibleParameters inferenceRateLimitRequestTooLarge""",
    Fault.RATE: """rateLimit rateLimitExceeded inferenceRateLimitExceeded
        providerRateLimitExceeded""",
    Fault.PROVIDER: """providerError providerUnavailable providerBadGateway providerInternalError
        inferenceError processingFailed taskFailed noAvailableServer modelUnavailable modelNotReady
        internalServerError serviceUnavailable unknownError standardError httpError""",
    Fault.TIMEOUT: "timeoutProvider providerTimeout providerGatewayTimeout",
    Fault.NOT_FOUND: """modelNotFound taskNotFound taskExpired taskCancelled taskFailedOrNotFound
        unknownModel""",
    Fault.REFUSED: """contentPolicyViolation providerContentPolicyViolation promptBlocked
        moderationFailed sensitiveContentDetected invalidProviderContent""",
    Fault.CONFLICT: "conflictTaskUUID",
}

FAULT_OF = {code.lower(): fault for fault, codes in _CODES.items() for code in codes.split()}

_HABITS = (
    (Fault.REFUSED, ("contentpolicy", "moderation", "sensitivecontent", "blocked", "safety")),
    (Fault.QUOTA, ("credits", "quota", "balance", "payment")),
    (Fault.INVALID, ("invalid", "missing", "unsupported", "duplicate", "toolarge", "toosmall")),
    (Fault.RATE, ("ratelimit", "toomanyrequests")),
    (Fault.TIMEOUT, ("timeout", "timedout")),
    (Fault.NOT_FOUND, ("notfound", "expired", "cancelled")),
    (Fault.PROVIDER, ("unavailable", "internal", "overloaded", "badgateway")),
)
"""In this order: what is worded both ways is taken for the one that is not retried."""


def fault_of(code: str) -> Fault:
    """Sort a code, listed or not."""
    plain = code.lower().replace("_", "").replace("-", "")
    if plain in FAULT_OF:
        return FAULT_OF[plain]
    for fault, habits in _HABITS:
        if any(habit in plain for habit in habits):
            return fault
    return Fault.UNKNOWN
