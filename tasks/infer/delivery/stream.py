"""`stream`: the answer comes piece by piece, so that its growth can be seen.

Thoughts come before text; usage and cost ride on the piece that names the finish reason. A stream
that ends without such a piece was cut, and its text is no answer.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from tasks.core.answers import Result
from tasks.core.errors import TransientError
from tasks.infer.connection import Connection, no_response
from tasks.infer.delivery.conflict import asked_or_found
from tasks.infer.delivery.delivery import Task, results_of
from tasks.infer.delivery.poller import Poller
from tasks.infer.delivery.sse import SseReader
from tasks.infer.failures import failure
from tasks.infer.wire.received import WireResult, read_errors

DONE = "[DONE]"
EVENT_STREAM = "text/event-stream"
DEADLINE_S = 1800.0

Listener = Callable[[str, int], None]
"""Hears a task's UUID and how many characters of thoughts and text it has given so far."""


def _unheard(_task_uuid: str, _chars: int) -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True)
class StreamDelivery:
    """One task per POST; what was sent and not answered is sent again under its UUID."""

    connection: Connection
    poller: Poller
    on_text: Listener = _unheard
    deadline_s: float = DEADLINE_S

    @property
    def provider(self) -> str:
        """Name the provider, for the ledger."""
        return self.connection.provider

    @property
    def endpoint(self) -> str:
        """Name the server, for the ledger."""
        return self.connection.endpoint

    async def deliver(self, task: Task, *, begun: bool) -> tuple[Result, ...]:  # noqa: ARG002 # cannot be picked up
        """Send one task and put its answer together."""
        ask = partial(self._in_time, task, self.connection.task(task, "stream"))
        return results_of(task, await asked_or_found(task, self.poller, ask))

    async def _in_time(self, task: Task, body: dict[str, Any]) -> tuple[WireResult, ...]:
        try:
            async with asyncio.timeout(self.deadline_s):
                return await self._stream(task, body)
        except TimeoutError:
            raise _cut(task, f"the stream did not end within {self.deadline_s:g} s") from None

    async def _stream(self, task: Task, body: dict[str, Any]) -> tuple[WireResult, ...]:
        connection, uuid = self.connection, task.task_uuid
        try:
            async with connection.posted(
                connection.endpoint, [body], accept=EVENT_STREAM
            ) as response:
                if EVENT_STREAM not in response.headers.get("content-type", ""):
                    await response.aread()
                    return _unstreamed(connection, response, uuid)
                return (await self._read(task, response.aiter_bytes()),)
        except httpx.HTTPError as error:
            raise no_response(connection.endpoint, error, task_uuid=uuid) from None

    async def _read(self, task: Task, pieces: AsyncIterator[bytes]) -> WireResult:
        growing = Growing(task.task_uuid, self.connection.hidden)
        try:
            async for data in _data(pieces):
                if data.strip() == DONE:
                    break
                growing.add(json.loads(data))
                self.on_text(task.task_uuid, growing.chars)
        except ValueError:
            raise _cut(task, "the stream is damaged") from None
        if growing.finish_reason is None:
            raise _cut(task, "the stream was cut off")
        return growing.result()


async def _data(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    reader = SseReader()
    async for piece in pieces:
        for data in reader.feed(piece):
            yield data
    for data in reader.end():
        yield data


def _unstreamed(
    connection: Connection, response: httpx.Response, task_uuid: str
) -> tuple[WireResult, ...]:
    """Read a response that is no stream: errors as a rule, a whole answer from some servers."""
    reply = connection.reply(response)
    if answers := reply.answers_to(task_uuid):
        return answers
    raise reply.failure_of(task_uuid)


def _cut(task: Task, why: str) -> TransientError:
    return TransientError(f"{why} (task {task.task_uuid})", task_uuid=task.task_uuid)


@dataclass(slots=True)
class Growing:
    """An answer while it comes."""

    task_uuid: str
    hidden: tuple[str, ...] = ()
    finish_reason: str | None = None
    chars: int = 0
    _text: list[str] = field(default_factory=list)
    _thoughts: list[str] = field(default_factory=list)
    _figures: dict[str, Any] = field(default_factory=dict)

    def add(self, piece: Any) -> None:
        """Add one piece of the stream; the error that it may hold is raised instead."""
        for error in read_errors(piece, hidden=self.hidden):
            if error.task_uuid in (self.task_uuid, None):
                raise failure(200, error, task_uuid=self.task_uuid)
        if not isinstance(piece, dict) or piece.get("taskUUID", self.task_uuid) != self.task_uuid:
            return
        delta = piece.get("delta")
        if isinstance(delta, dict):
            self._grow(self._thoughts, delta.get("reasoningContent"))
            self._grow(self._text, delta.get("text"))
        if isinstance(piece.get("finishReason"), str):
            self.finish_reason = piece["finishReason"]
        known = ("usage", "cost", "seed")
        self._figures |= {name: piece[name] for name in known if piece.get(name) is not None}

    def _grow(self, parts: list[str], more: Any) -> None:
        words = more if isinstance(more, list) else [more]
        for word in words:
            if isinstance(word, str):
                parts.append(word)
                self.chars += len(word)

    def result(self) -> WireResult:
        """Give the whole answer."""
        item = {
            "taskUUID": self.task_uuid,
            "text": "".join(self._text),
            "reasoningContent": "".join(self._thoughts),
            "finishReason": self.finish_reason,
            **self._figures,
        }
        return WireResult.model_validate(item)
