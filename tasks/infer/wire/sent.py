"""What Runware takes: the fields of a task and their limits, checked before anything is sent."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, PydanticCustomError

from tasks.core.errors import RejectedError
from tasks.core.requests import InferenceRequest

MAX_TOKENS_AT_MOST = 196_608

DeliveryMethod = Literal["sync", "async", "stream"]


def _hundredths(value: float) -> float:
    """Check the step of 0.01 without tripping over binary fractions such as 0.29."""
    if abs(round(value * 100) - value * 100) > 1e-6:
        raise PydanticCustomError("step", "must be a multiple of 0.01")
    return value


def _uuid4(value: str) -> str:
    try:
        parsed = UUID(value)
    except ValueError:
        parsed = None
    if parsed is None or parsed.version != 4 or str(parsed) != value.lower():
        raise PydanticCustomError("uuid4", "must be a UUID of version 4")
    return value


def _web_uri(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or not value.isascii():
        raise PydanticCustomError("uri", "must be an absolute http or https URI in ASCII")
    return value


UnitFloat = Annotated[float, Field(ge=0, le=1), AfterValidator(_hundredths)]


def wire_name(field: str) -> str:
    """Give the name that a field has on the wire."""
    special = {"task_uuid": "taskUUID", "webhook_url": "webhookURL"}
    return special.get(field) or to_camel(field)


class _Sent(BaseModel):
    model_config = ConfigDict(
        alias_generator=wire_name, populate_by_name=True, extra="forbid", frozen=True, strict=True
    )


class WireMessage(_Sent):
    """One of `messages`; system text is no message but `settings.systemPrompt`."""

    role: Literal["user", "assistant"]
    content: str = Field(min_length=1)


class WireSettings(_Sent):
    """The fields that must be nested in `settings`."""

    system_prompt: str = Field(min_length=1, max_length=200_000)
    temperature: UnitFloat
    top_p: UnitFloat
    max_tokens: int = Field(ge=1, le=MAX_TOKENS_AT_MOST)


class TextInferenceTask(_Sent):
    """One `textInference` object of a request's array."""

    task_type: Literal["textInference"] = "textInference"
    task_uuid: Annotated[str, AfterValidator(_uuid4)]
    webhook_url: Annotated[str, AfterValidator(_web_uri)] | None = None
    delivery_method: DeliveryMethod = "sync"
    include_cost: bool = True
    include_usage: bool = True
    number_results: int = Field(default=1, ge=1, le=4)
    model: Literal["minimax:m2.7@0"]
    seed: int | None = Field(default=None, ge=0, le=4_294_967_295)
    messages: tuple[WireMessage, ...] = Field(min_length=1)
    settings: WireSettings

    @model_validator(mode="after")
    def _go_together(self) -> "TextInferenceTask":
        """Refuse what the fields allow one by one but not together."""
        if self.messages[-1].role != "user":
            raise PydanticCustomError("last", "messages: the last one must have the role 'user'")
        if self.delivery_method == "stream" and self.number_results > 1:
            raise PydanticCustomError(
                "stream", "numberResults: a stream gives 1 result; use sync or async for more"
            )
        if self.webhook_url is not None and self.delivery_method != "async":
            raise PydanticCustomError(
                "webhook", "webhookURL: goes with webhook delivery only, which sends async"
            )
        return self


def task_json(
    request: InferenceRequest,
    *,
    task_uuid: str,
    delivery: DeliveryMethod = "sync",
    webhook_url: str | None = None,
    include_cost: bool = True,
    include_usage: bool = True,
) -> dict[str, Any]:
    """Give the task as JSON; RejectedError names each field beyond its limit, and the limit.

    The texts themselves are never repeated in an error.
    """
    settings = {
        "system_prompt": request.system_prompt,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "max_tokens": request.max_tokens,
    }
    fields = {
        "task_uuid": task_uuid,
        "webhook_url": webhook_url,
        "delivery_method": delivery,
        "include_cost": include_cost,
        "include_usage": include_usage,
        "number_results": request.number_results,
        "model": request.model,
        "seed": request.seed,
        "messages": tuple({"role": m.role, "content": m.content} for m in request.messages),
        "settings": settings,
    }
    try:
        task = TextInferenceTask.model_validate(fields)
    except ValidationError as error:
        problems = "; ".join(map(_problem, error.errors(include_input=False, include_url=False)))
        raise RejectedError(f"not sent, {problems}", task_uuid=task_uuid) from None
    return task.model_dump(mode="json", by_alias=True, exclude_none=True)


def _problem(error: ErrorDetails) -> str:
    """Say what is wrong with which field, by its name on the wire, as in `messages[0].role`."""
    path = ""
    for part in error["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f".{wire_name(part)}"
    return f"{path.lstrip('.')}: {error['msg']}" if path else error["msg"]
