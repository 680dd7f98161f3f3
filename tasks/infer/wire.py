"""The wire models: what Runware takes and gives, and the limits of each field.

Requests are checked here before anything is sent. Answers are read with unknown keys ignored.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from tasks.core.errors import RejectedError
from tasks.core.requests import InferenceRequest


def _hundredths(value: float) -> float:
    """Check the step of 0.01 without tripping over binary fractions such as 0.29."""
    if abs(round(value * 100) - value * 100) > 1e-6:
        raise ValueError("must be a multiple of 0.01")
    return value


UnitFloat = Annotated[float, Field(ge=0, le=1), AfterValidator(_hundredths)]


def _wire_name(field: str) -> str:
    return "taskUUID" if field == "task_uuid" else to_camel(field)


class _Sent(BaseModel):
    model_config = ConfigDict(
        alias_generator=_wire_name, populate_by_name=True, extra="forbid", frozen=True
    )


class WireMessage(_Sent):
    """One of `messages`."""

    role: Literal["user", "assistant"]
    content: str = Field(min_length=1)


class WireSettings(_Sent):
    """The fields that must be nested in `settings`."""

    system_prompt: str = Field(min_length=1, max_length=200_000)
    temperature: UnitFloat
    top_p: UnitFloat
    max_tokens: int = Field(ge=1, le=196_608)


class TextInferenceTask(_Sent):
    """One `textInference` object of a request's array."""

    task_type: Literal["textInference"] = "textInference"
    task_uuid: UUID
    delivery_method: Literal["sync"] = "sync"
    include_cost: bool = True
    include_usage: bool = True
    model: str = Field(min_length=1)
    seed: int | None = Field(default=None, ge=0, le=4_294_967_295)
    messages: tuple[WireMessage, ...] = Field(min_length=1)
    settings: WireSettings


def task_json(
    request: InferenceRequest, *, task_uuid: str, include_cost: bool = True
) -> dict[str, Any]:
    """Give the task as JSON; RejectedError names each field that is beyond its limit."""
    if request.messages and request.messages[-1].role != "user":
        raise RejectedError("messages: the last one must be the user's", task_uuid=task_uuid)
    try:
        task = TextInferenceTask(
            task_uuid=UUID(task_uuid),
            include_cost=include_cost,
            model=request.model,
            seed=request.seed,
            messages=tuple(WireMessage(role=m.role, content=m.content) for m in request.messages),
            settings=WireSettings(
                system_prompt=request.system_prompt,
                temperature=request.temperature,
                top_p=request.top_p,
                max_tokens=request.max_tokens,
            ),
        )
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(_wire_name(str(part)) for part in e['loc'])}: {e['msg']}"
            for e in error.errors(include_input=False)
        )
        raise RejectedError(f"not sent, {problems}", task_uuid=task_uuid) from None
    return task.model_dump(mode="json", by_alias=True, exclude_none=True)


class _Read(BaseModel):
    model_config = ConfigDict(
        alias_generator=_wire_name, populate_by_name=True, extra="ignore", frozen=True
    )


class WireUsage(_Read):
    """Token counts; thinking tokens are not added to the totals."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    thinking_tokens: int | None = None


class WireResult(_Read):
    """One item of `data`."""

    task_uuid: str | None = None
    text: str | None = None
    finish_reason: str | None = None
    reasoning_content: str | list[str] | None = None
    cost: float | None = None
    usage: WireUsage | None = None


class WireError(_Read):
    """One error, in whichever of its shapes it came."""

    code: str = "unknown"
    message: str = ""
    parameter: str | list[str] | None = None
    task_uuid: str | None = None


def read_results(body: Any) -> tuple[WireResult, ...]:
    """Give the results of a response's JSON body; errors beside them take nothing away."""
    data = body.get("data") if isinstance(body, dict) else None
    items = data if isinstance(data, list) else []
    return tuple(WireResult.model_validate(item) for item in items if isinstance(item, dict))


def read_errors(body: Any) -> tuple[WireError, ...]:
    """Give the errors of a response's JSON body: `errors`, `error`, a bare list or object."""
    found = body
    if isinstance(body, dict):
        bare = body if "code" in body else []
        found = body.get("errors") or body.get("error") or bare
        if found is True:  # the legacy form
            found = {"code": str(body.get("errorId")), "message": str(body.get("errorMessage"))}
    items = found if isinstance(found, list) else [found]
    return tuple(_read_error(item) for item in items if item)


def _read_error(item: Any) -> WireError:
    try:
        return WireError.model_validate(item)
    except ValidationError:
        return WireError(message=str(item))
