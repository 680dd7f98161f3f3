"""Any OpenAI-compatible server: on the user's own machine, or Runware's endpoint of that kind."""

from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from tasks.core.documents import Result, Usage
from tasks.core.errors import TransientError
from tasks.core.requests import InferenceRequest
from tasks.infer.client import post, read_body
from tasks.infer.failures import failure
from tasks.infer.replies import split_thoughts
from tasks.infer.wire import read_errors


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Message(_Read):
    content: str | None = None
    reasoning_content: str | None = None


class _Choice(_Read):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Read):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class _Completion(_Read):
    choices: tuple[_Choice, ...]
    usage: _Usage | None = None


@dataclass(frozen=True, slots=True)
class OpenAIClient:
    """`POST <endpoint>/chat/completions`; the server keeps no task that could be picked up."""

    http: httpx.AsyncClient
    endpoint: str
    api_key: SecretStr | None
    provider: str = "openai"

    async def infer(self, request: InferenceRequest, *, task_uuid: str, key: str) -> Result:
        """Send one conversation and wait for its completion."""
        url = f"{self.endpoint.rstrip('/')}/chat/completions"
        body = _completion_json(request)
        response = await post(self.http, url, body, api_key=self.api_key, task_uuid=task_uuid)
        answer = read_body(response, task_uuid=task_uuid)
        if response.is_error:
            raise failure(response, next(iter(read_errors(answer)), None), task_uuid=task_uuid)
        try:
            return _result(_Completion.model_validate(answer), key)
        except (ValidationError, IndexError):
            raise TransientError(
                f"{url}: the response is no chat completion (task {task_uuid})",
                task_uuid=task_uuid,
            ) from None


def _completion_json(request: InferenceRequest) -> dict[str, Any]:
    system = {"role": "system", "content": request.system_prompt}
    turns = [{"role": m.role, "content": m.content} for m in request.messages]
    body = {
        "model": request.model,
        "messages": [system, *turns],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "seed": request.seed,
    }
    return {name: value for name, value in body.items() if value is not None}


def _result(completion: _Completion, key: str) -> Result:
    choice = completion.choices[0]
    text, leaked = split_thoughts(choice.message.content or "")
    beside = choice.message.reasoning_content or ""
    return Result(
        answer_key=key,
        text=text,
        thoughts="\n".join(part for part in (beside, leaked) if part),
        finish_reason=choice.finish_reason or "unknown",
        usage=Usage(**completion.usage.model_dump()) if completion.usage else None,
    )
