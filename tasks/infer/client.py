"""The clients: one inference task out, one result in. Errors are sorted but not retried here."""

from dataclasses import dataclass
from typing import Any, Protocol

import httpx
from pydantic import SecretStr

from tasks.core.documents import Result, Usage
from tasks.core.errors import TransientError
from tasks.core.requests import InferenceRequest
from tasks.infer.failures import failure
from tasks.infer.replies import split_thoughts
from tasks.infer.wire import WireResult, read_errors, read_results, task_json


class Client(Protocol):
    """What a provider must be able to do."""

    @property
    def provider(self) -> str:
        """Name the provider, for the ledger."""

    @property
    def endpoint(self) -> str:
        """Name the server, for the ledger."""

    async def infer(self, request: InferenceRequest, *, task_uuid: str, key: str) -> Result:
        """Ask once; TransientError or RejectedError when there is no answer."""


@dataclass(frozen=True, slots=True)
class RunwareClient:
    """Runware's own `textInference`, delivered `sync`."""

    http: httpx.AsyncClient
    endpoint: str
    api_key: SecretStr
    provider: str = "runware"
    include_cost: bool = True

    async def infer(self, request: InferenceRequest, *, task_uuid: str, key: str) -> Result:
        """Send one task and wait for its answer."""
        task = task_json(request, task_uuid=task_uuid, include_cost=self.include_cost)
        response = await post(
            self.http, self.endpoint, [task], api_key=self.api_key, task_uuid=task_uuid
        )
        body = read_body(response, task_uuid=task_uuid)
        for item in read_results(body):
            if item.task_uuid == task_uuid:
                return _result(item, key)
        mine = (e for e in read_errors(body) if e.task_uuid in (task_uuid, None))
        raise failure(response, next(mine, None), task_uuid=task_uuid)


def _result(item: WireResult, key: str) -> Result:
    text, leaked = split_thoughts(item.text or "")
    reasoning = item.reasoning_content or ""
    beside = reasoning if isinstance(reasoning, str) else "\n".join(reasoning)
    return Result(
        answer_key=key,
        text=text,
        thoughts="\n".join(part for part in (beside, leaked) if part),
        finish_reason=item.finish_reason or "unknown",
        usage=Usage(**item.usage.model_dump()) if item.usage else None,
        cost_usd=item.cost,
    )


async def post(
    http: httpx.AsyncClient, url: str, body: Any, *, api_key: SecretStr | None, task_uuid: str
) -> httpx.Response:
    """POST JSON; TransientError when no response came, for the task may run all the same."""
    headers = {"Authorization": f"Bearer {api_key.get_secret_value()}"} if api_key else {}
    try:
        return await http.post(url, json=body, headers=headers)
    except httpx.HTTPError as error:
        said = str(error) or type(error).__name__
        raise TransientError(f"{url}: {said} (task {task_uuid})", task_uuid=task_uuid) from None


def read_body(response: httpx.Response, *, task_uuid: str) -> Any:
    """Read a response's JSON; a body that is none is a failure, sorted by its status."""
    try:
        return response.json()
    except ValueError:
        raise failure(response, None, task_uuid=task_uuid) from None
