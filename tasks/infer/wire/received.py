"""What Runware gives: results and errors in every shape that is known of them.

Unknown keys are ignored, and a value of the wrong type counts as absent: an answer is paid for, so
a damaged figure beside it must not cost its text.
"""

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from tasks.infer.wire.sent import wire_name

STRUCK = "***"

MESSAGE_CHARS = 500
"""Of an error's message, which may repeat what was sent."""

FAILED = frozenset({"error", "failed"})
"""The `status` of an item that will have no answer."""


def _or_absent(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    try:
        return check(value)
    except ValidationError:
        return None


Kind = TypeVar("Kind")
Lenient = Annotated[Kind | None, WrapValidator(_or_absent)]


class _Read(BaseModel):
    model_config = ConfigDict(
        alias_generator=wire_name, populate_by_name=True, extra="ignore", frozen=True
    )


class WireUsage(_Read):
    """Token counts; thinking tokens are not added to the totals."""

    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)
    total_tokens: int = Field(ge=0)
    thinking_tokens: Lenient[int] = None


class WireResult(_Read):
    """One item of `data`: an acknowledgement, a state, or an answer."""

    task_uuid: Lenient[str] = None
    status: Lenient[str] = None
    text: Lenient[str] = None
    finish_reason: Lenient[str] = None
    reasoning_content: Lenient[str | list[str]] = None
    seed: Lenient[int] = None
    cost: Lenient[Annotated[float, Field(ge=0, allow_inf_nan=False)]] = None
    usage: Lenient[WireUsage] = None

    @property
    def answered(self) -> bool:
        """Tell whether this is an answer, not the word that there will be one."""
        if self.status in FAILED:
            return False
        if self.status is not None:
            return self.status == "success"
        return self.text is not None or self.finish_reason is not None


class WireError(_Read):
    """One error, in whichever of its shapes it came."""

    code: str = "unknown"
    message: str = ""
    parameter: Lenient[str | list[str]] = None
    task_uuid: Lenient[str] = None


def read_results(body: Any) -> tuple[WireResult, ...]:
    """Give the items of a response's JSON body; errors beside them take nothing away."""
    return tuple(WireResult.model_validate(item) for item in _items(body))


def read_errors(body: Any, *, hidden: Iterable[str] = ()) -> tuple[WireError, ...]:
    """Give the errors of a response's JSON body, those among its items too.

    They come in `errors` or `error`, as a list, an object or words, or as the body itself. What is
    `hidden`, such as a key, is struck out of their messages.
    """
    found = [error for item in _items(body) for error in _errors_of(item)]
    if isinstance(body, dict):
        found += _errors_of(body)
    elif isinstance(body, list):
        found += [_read_error(item, None) for item in body if item]
    return tuple(_without(hidden, error) for error in found)


def _without(hidden: Iterable[str], error: WireError) -> WireError:
    code, message = error.code, error.message
    for secret in hidden:
        code, message = code.replace(secret, STRUCK), message.replace(secret, STRUCK)
    return error.model_copy(update={"code": code, "message": message})


def _items(body: Any) -> list[dict[str, Any]]:
    data = body.get("data") if isinstance(body, dict) else None
    items = data if isinstance(data, list) else [data]
    return [item for item in items if isinstance(item, dict)]


def _errors_of(holder: dict[str, Any]) -> list[WireError]:
    """Give the errors that an object holds or is; what it says of its task holds for them."""
    found = holder.get("errors") or holder.get("error")
    if found is True:  # the legacy form
        found = {"code": str(holder.get("errorId")), "message": str(holder.get("errorMessage"))}
    if not found and (_is_code(holder) or holder.get("status") in FAILED):
        found = holder
    items = found if isinstance(found, list) else [found]
    return [_read_error(item, holder.get("taskUUID")) for item in items if item]


def _is_code(holder: dict[str, Any]) -> bool:
    return "code" in holder and "text" not in holder


def _read_error(item: Any, task_uuid: Any) -> WireError:
    if not isinstance(item, dict):
        item = {"message": str(item)}
    code, message = item.get("code"), item.get("message") or ""
    known = {
        "code": str(code) if code else "unknown",
        "message": str(message)[:MESSAGE_CHARS],
        "parameter": item.get("parameter"),
        "taskUUID": item.get("taskUUID") or task_uuid,
    }
    return WireError.model_validate(known)
