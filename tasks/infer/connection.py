"""The connection to a provider: JSON out, and whatever came back, its errors sorted by task.

Requests go straight to the transport. What an httpx client does besides, as for cookies, redirects
and authentication, none of these APIs asks for, and it takes as long as all else that is ours.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import httpx
from aiohttp import ClientConnectorError
from pydantic import SecretStr

from tasks.core.errors import InferenceError, TransientError
from tasks.infer.delivery.delivery import Task
from tasks.infer.failures import UnsentError, failure
from tasks.infer.wire.received import WireError, WireResult, read_errors, read_results
from tasks.infer.wire.sent import DeliveryMethod, task_json

QUICK_S = 60.0
"""For an acknowledgement or a poll, which nothing is generated for."""

JSON = "application/json"

CONNECT_S = 30.0

SECRET_CHARS = 8
"""Shorter keys, as servers of one's own take them, are words that may stand anywhere."""


@dataclass(frozen=True)
class Reply:
    """A response; `body` is None when it was not JSON, `hidden` is to be in no message of ours."""

    status: int
    headers: Mapping[str, str]
    body: Any
    hidden: tuple[str, ...] = ()

    @cached_property
    def items(self) -> tuple[WireResult, ...]:
        """Give what stands in `data`."""
        return read_results(self.body)

    @cached_property
    def errors(self) -> tuple[WireError, ...]:
        """Give the errors, in whichever shape they came."""
        return read_errors(self.body, hidden=self.hidden)

    def answers_to(self, task_uuid: str) -> tuple[WireResult, ...]:
        """Give the answers to one task, in their order."""
        return tuple(i for i in self.items if i.task_uuid == task_uuid and i.answered)

    def error_for(self, task_uuid: str) -> WireError | None:
        """Give the error that speaks of a task, else one that speaks of none."""
        own = (e for e in self.errors if e.task_uuid == task_uuid)
        general = (e for e in self.errors if e.task_uuid is None)
        return next(own, None) or next(general, None)

    def failure_of(self, task_uuid: str) -> InferenceError:
        """Give the error to raise for a task that this holds no answer to."""
        error = self.error_for(task_uuid)
        return failure(self.status, error, task_uuid=task_uuid, headers=self.headers)


@dataclass(frozen=True, slots=True)
class Connection:
    """A provider's endpoint, with the key and what every task asks for.

    `timeout_s` is for responses that an answer is generated for.
    """

    transport: httpx.AsyncBaseTransport
    endpoint: str
    api_key: SecretStr | None
    provider: str = "runware"
    include_cost: bool = True
    include_usage: bool = True
    webhook_url: SecretStr | None = None
    timeout_s: float = 600.0

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers that let us in."""
        return (
            {"Authorization": f"Bearer {self.api_key.get_secret_value()}"} if self.api_key else {}
        )

    def task(self, task: Task, delivery: DeliveryMethod) -> dict[str, Any]:
        """Give a task as it is sent; RejectedError names each field beyond its limit."""
        webhook_url = self.webhook_url.get_secret_value() if self.webhook_url else None
        return task_json(
            task.request,
            task_uuid=task.task_uuid,
            delivery=delivery,
            webhook_url=webhook_url,
            include_cost=self.include_cost,
            include_usage=self.include_usage,
        )

    async def post(
        self, tasks: Sequence[Mapping[str, Any]], *, timeout_s: float | None = None
    ) -> Reply:
        """POST tasks; TransientError when no response came, for they may run all the same.

        `timeout_s` is for responses that nothing is generated for.
        """
        only = tasks[0]["taskUUID"] if len(tasks) == 1 else None
        return await self.post_json(self.endpoint, list(tasks), task_uuid=only, timeout_s=timeout_s)

    async def post_json(
        self, url: str, body: Any, *, task_uuid: str | None, timeout_s: float | None = None
    ) -> Reply:
        """POST JSON to a URL of the provider's."""
        try:
            async with self.posted(url, body, timeout_s=timeout_s) as response:
                await response.aread()
        except httpx.HTTPError as error:
            raise no_response(url, error, task_uuid=task_uuid) from None
        return self.reply(response)

    @asynccontextmanager
    async def posted(
        self, url: str, body: Any, *, accept: str = JSON, timeout_s: float | None = None
    ) -> AsyncIterator[httpx.Response]:
        """POST JSON and give the response, whose body is still to be read."""
        timeout = httpx.Timeout(timeout_s or self.timeout_s, connect=CONNECT_S)
        request = httpx.Request(
            "POST",
            _parsed(url),
            content=_encoded(body),
            headers={**self.headers, "Accept": accept, "Content-Type": JSON},
            extensions={"timeout": timeout.as_dict()},
        )
        response = await self.transport.handle_async_request(request)
        try:
            yield response
        finally:
            await response.aclose()

    def reply(self, response: httpx.Response) -> Reply:
        """Read a response that is there as a whole."""
        return Reply(response.status_code, response.headers, read_json(response), self.hidden)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Give the secrets, which a provider may repeat in its errors."""
        key = self.api_key.get_secret_value() if self.api_key else ""
        url = self.webhook_url.get_secret_value() if self.webhook_url else ""
        token = url.rpartition("token=")[2]
        return tuple(secret for secret in (key, token) if len(secret) >= SECRET_CHARS)


def no_response(
    url: str, error: httpx.HTTPError, *, task_uuid: str | None = None
) -> TransientError:
    """Give the error for a request that no whole response came to."""
    message = f"{url}: {str(error) or type(error).__name__}"
    if task_uuid:
        message += f" (task {task_uuid})"
    if _is_unsent(error):
        return UnsentError(message, task_uuid=task_uuid)
    return TransientError(message, task_uuid=task_uuid)


def _is_unsent(error: httpx.HTTPError) -> bool:
    """Tell whether no connection was made; anything less certain may have reached the provider.

    The transport over aiohttp gives ConnectTimeout for a connection that was made and then lost,
    too, so it is the cause that tells. Taking that for unsent would have a task paid twice.
    """
    return isinstance(error, httpx.ConnectError) or isinstance(
        error.__cause__, ClientConnectorError
    )


@lru_cache(maxsize=16)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def read_json(response: httpx.Response) -> Any:
    """Read a response's JSON; None when it is none."""
    try:
        return response.json()
    except ValueError:
        return None
