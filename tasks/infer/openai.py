"""Any OpenAI-compatible server: on the user's own machine, or Runware's endpoint of that kind."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.core.answers import Result, Usage
from tasks.core.errors import TransientError
from tasks.core.requests import SEEDS, InferenceRequest, answer_key
from tasks.infer.connection import Connection, Reply
from tasks.infer.delivery.delivery import Task
from tasks.infer.replies import join_thoughts, split_thoughts
from tasks.infer.wire.received import Lenient


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Message(_Read):
    content: str | None = None
    reasoning_content: Lenient[str | list[str]] = None
    reasoning: Lenient[str | list[str]] = None
    refusal: Lenient[str] = None


class _Choice(_Read):
    message: _Message
    finish_reason: Lenient[str] = None


class _Usage(_Read):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class _Completion(_Read):
    choices: Annotated[tuple[_Choice, ...], Field(min_length=1)]
    usage: Lenient[_Usage] = None


@dataclass(frozen=True, slots=True)
class OpenAIDelivery:
    """`POST <endpoint>/chat/completions`; the server keeps no task that could be picked up."""

    connection: Connection

    @property
    def provider(self) -> str:
        """Name the provider, for the ledger."""
        return self.connection.provider

    @property
    def endpoint(self) -> str:
        """Name the server, for the ledger."""
        return self.connection.endpoint

    async def deliver(self, task: Task, *, begun: bool) -> tuple[Result, ...]:  # noqa: ARG002 # cannot be picked up
        """Send the conversation and wait for its completions.

        Many servers give one choice whatever `n` says; those are asked again, with the next seed.
        """
        count = task.request.number_results
        results: list[Result] = []
        while len(results) < count:
            results += await self._complete(task, _rest_of(task.request, len(results)))
        return tuple(
            replace(result, answer_key=answer_key(task.key, at))
            for at, result in enumerate(results[:count])
        )

    async def _complete(self, task: Task, request: InferenceRequest) -> tuple[Result, ...]:
        url = f"{self.endpoint.rstrip('/')}/chat/completions"
        reply = await self.connection.post_json(
            url, _completion_json(request), task_uuid=task.task_uuid
        )
        if reply.status >= 400 or not isinstance(reply.body, dict):
            raise reply.failure_of(task.task_uuid)
        return _results(_completion(reply, url, task))


def _rest_of(request: InferenceRequest, have: int) -> InferenceRequest:
    """Give the request for the results that are still missing."""
    seed = None if request.seed is None else (request.seed + have) % SEEDS
    return replace(request, seed=seed, number_results=request.number_results - have)


def _completion(reply: Reply, url: str, task: Task) -> _Completion:
    try:
        return _Completion.model_validate(reply.body)
    except ValidationError:
        raise TransientError(
            f"{url}: the response is no chat completion (task {task.task_uuid})",
            task_uuid=task.task_uuid,
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
        "n": request.number_results if request.number_results > 1 else None,
    }
    return {name: value for name, value in body.items() if value is not None}


def _results(completion: _Completion) -> tuple[Result, ...]:
    """Give a result for each choice; the usage is of all together and stands with the first."""
    first, *others = map(_result, completion.choices)
    usage = Usage(**completion.usage.model_dump()) if completion.usage else None
    return (replace(first, usage=usage), *others)


def _result(choice: _Choice) -> Result:
    text, leaked = split_thoughts(choice.message.content or "")
    reason = choice.finish_reason or "unknown"
    beside = choice.message.reasoning_content or choice.message.reasoning
    return Result(
        answer_key="",
        text=text,
        thoughts=join_thoughts(beside, leaked),
        finish_reason="content_filter" if choice.message.refusal else reason,
    )
