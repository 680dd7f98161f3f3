"""Providers that answer from a script, time that passes at once, and the requests of the tests."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import SecretStr

from tasks.core.requests import InferenceRequest, Message
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Task
from tasks.infer.delivery.poller import Poller, PollTimes
from tasks.infer.delivery.sync import SyncDelivery

KEY = SecretStr("top-secret-key")
UUID = "5b0c6f0e-3f0a-4c63-9a3f-0a7a2f1f9d11"
URL = "http://runware.test/v1"

Json = dict[str, Any]
Reply = httpx.Response | Exception | Callable[[Json], httpx.Response]


def request(**changes: Any) -> InferenceRequest:
    fields: Json = {
        "model": "minimax:m2.7@0",
        "system_prompt": "Answer.",
        "messages": (Message("user", "What is the capital of Portugal?"),),
        "max_tokens": 100,
    }
    return InferenceRequest(**{**fields, **changes})


def a_task(uuid: str = UUID, **changes: Any) -> Task:
    return Task(request=request(**changes), task_uuid=uuid, key="k")


def item(uuid: str = UUID, **changes: Any) -> Json:
    whole = {
        "taskType": "textInference",
        "taskUUID": uuid,
        "text": "Lisbon.",
        "finishReason": "stop",
        "cost": 0.0002715,
        "usage": {"promptTokens": 57, "completionTokens": 212, "totalTokens": 269},
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def success(task: Json, **changes: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": [item(task["taskUUID"], **changes)]})


def refusal(status: int, code: str, **headers: str) -> httpx.Response:
    errors = [{"code": code, "message": f"because of {code}"}]
    return httpx.Response(status, json={"errors": errors}, headers=headers)


class Time:
    """A clock that a sleep moves on, without waiting."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += max(seconds, 0.0)
        await asyncio.sleep(0)


@dataclass
class Script:
    """Gives the replies in turn, the last one for ever, and remembers the tasks."""

    replies: Sequence[Reply]
    tasks: list[Json] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    time: Time = field(default_factory=Time)

    def __call__(self, sent: httpx.Request) -> httpx.Response:
        task = json.loads(sent.content)[0]
        reply = self.replies[min(len(self.tasks), len(self.replies) - 1)]
        self.tasks.append(task)
        self.headers.append(sent.headers)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(task)

    def connection(self, **changes: Any) -> Connection:
        return Connection(httpx.MockTransport(self), URL, KEY, **changes)

    def client(self, **changes: Any) -> SyncDelivery:
        connection = self.connection(**changes)
        return SyncDelivery(connection, poller(connection, self.time))


def poller(connection: Connection, time: Time, **times: Any) -> Poller:
    return Poller(connection, times=PollTimes(**times), clock=time, sleep=time.sleep)


Said = Sequence[Json]
"""What a poll says of a task: items for `data`, and those with a code for `errors`."""


@dataclass
class Asynchronous:
    """Acknowledges what is submitted, and says what `polls` has for the n-th poll of a task.

    `submits` are the replies to submits in turn, before all further ones are acknowledged;
    `troubles` take the place of the replies to polls, likewise.
    """

    polls: Callable[[str, int], Said]
    submits: Sequence[Reply] = ()
    troubles: Sequence[httpx.Response | Exception] = ()
    submitted: list[list[Json]] = field(default_factory=list)
    polled: list[list[str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    time: Time = field(default_factory=Time)

    def __call__(self, sent: httpx.Request) -> httpx.Response:
        tasks = json.loads(sent.content)
        if tasks[0]["taskType"] == "getResponse":
            return self._poll([task["taskUUID"] for task in tasks])
        self.submitted.append(tasks)
        if len(self.submitted) > len(self.submits):
            return acknowledged(*tasks)
        reply = self.submits[len(self.submitted) - 1]
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(tasks[0])

    def _poll(self, uuids: list[str]) -> httpx.Response:
        self.polled.append(uuids)
        self.times.append(self.time.now)
        if len(self.polled) <= len(self.troubles):
            trouble = self.troubles[len(self.polled) - 1]
            if isinstance(trouble, Exception):
                raise trouble
            return trouble
        said = [one for uuid in uuids for one in self.polls(uuid, self._served(uuid) - 1)]
        body = {"data": [one for one in said if "code" not in one]}
        errors = [one for one in said if "code" in one]
        return httpx.Response(200, json={**body, "errors": errors} if errors else body)

    def _served(self, uuid: str) -> int:
        return sum(uuid in uuids for uuids in self.polled[len(self.troubles) :])

    def connection(self) -> Connection:
        return Connection(httpx.MockTransport(self), URL, KEY)

    @property
    def posts(self) -> list[str]:
        """The UUIDs in the order in which they were submitted."""
        return [task["taskUUID"] for tasks in self.submitted for task in tasks]


def acknowledged(*tasks: Json) -> httpx.Response:
    acks = [{"taskType": "textInference", "taskUUID": task["taskUUID"]} for task in tasks]
    return httpx.Response(200, json={"data": acks})


def running(uuid: str = UUID) -> Json:
    return {"taskType": "textInference", "taskUUID": uuid, "status": "processing"}


def done(uuid: str = UUID, **changes: Any) -> Json:
    return item(uuid, status="success", **changes)
