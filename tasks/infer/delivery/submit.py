"""Handing tasks to the provider for an answer that comes later, several in one POST if wanted."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from tasks.core.errors import RejectedError, TransientError
from tasks.infer.connection import QUICK_S, Connection, Reply
from tasks.infer.delivery.delivery import Sleep
from tasks.infer.wire.received import WireResult

GATHERING_S = 0.003
"""How long the first task of a POST waits for others."""

Body = dict[str, Any]


@dataclass(slots=True)
class Submitter:
    """Sends what is ready within a few milliseconds together, at most so many tasks to a POST."""

    connection: Connection
    tasks_per_post: int = 1
    sleep: Sleep = asyncio.sleep
    _ready: "list[tuple[Body, asyncio.Future[Reply]]]" = field(default_factory=list)
    _under_way: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def submit(self, body: Body) -> tuple[WireResult, ...]:
        """Return once a task is acknowledged, with the answers that came with it, mostly none.

        A refusal that names no task is not held against one that was sent along with others: it
        is sent again alone, under its UUID.
        """
        if self.tasks_per_post == 1:
            return _acknowledged(await self.connection.post([body], timeout_s=QUICK_S), body)
        reply = await self._together(body)
        try:
            return _acknowledged(reply, body)
        except RejectedError:
            if any(error.task_uuid == body["taskUUID"] for error in reply.errors):
                raise
        alone = _acknowledged(await self.connection.post([body], timeout_s=QUICK_S), body)
        self.tasks_per_post = 1  # the server takes the task, so it was the others that it minded
        return alone

    async def _together(self, body: Body) -> Reply:
        """Wait for the response to the POST that the task goes into."""
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._ready.append((body, future))
        if len(self._ready) == 1:
            self._run(self._gather())
        elif len(self._ready) == self.tasks_per_post:
            self._flush()
        try:
            return await future
        except TransientError as error:  # shared by all that were sent together
            raise type(error)(str(error), task_uuid=body["taskUUID"]) from None

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _gather(self) -> None:
        await self.sleep(GATHERING_S)
        self._flush()

    def _flush(self) -> None:
        batch = [(body, future) for body, future in self._ready if not future.done()]
        self._ready = []
        if batch:
            self._run(self._send(batch))

    async def _send(self, batch: "list[tuple[Body, asyncio.Future[Reply]]]") -> None:
        try:
            reply = await self.connection.post([body for body, _ in batch], timeout_s=QUICK_S)
        except Exception as error:  # noqa: BLE001 # an edge: handed to those who wait
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for _, future in batch:
            if not future.done():
                future.set_result(reply)


def _acknowledged(reply: Reply, body: Body) -> tuple[WireResult, ...]:
    """Take an acknowledgement, an early answer, or an empty `data`, which is one as well."""
    uuid = str(body["taskUUID"])
    mine = [item for item in reply.items if item.task_uuid == uuid]
    if mine and not any(error.task_uuid == uuid for error in reply.errors):
        return tuple(item for item in mine if item.answered)
    empty = isinstance(reply.body, dict) and reply.body.get("data") == []
    if reply.status == 200 and reply.error_for(uuid) is None and (empty or reply.items):
        return ()
    raise reply.failure_of(uuid)
