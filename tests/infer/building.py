"""A provider that answers from a script, and the requests that the tests make."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import SecretStr

from tasks.core.requests import InferenceRequest, Message
from tasks.infer.client import RunwareClient

KEY = SecretStr("top-secret-key")
UUID = "5b0c6f0e-3f0a-4c63-9a3f-0a7a2f1f9d11"

Reply = httpx.Response | Exception | Callable[[dict[str, Any]], httpx.Response]


def request(**changes: Any) -> InferenceRequest:
    fields: dict[str, Any] = {
        "model": "minimax:m2.7@0",
        "system_prompt": "Answer.",
        "messages": (Message("user", "What is the capital of Portugal?"),),
        "max_tokens": 100,
    }
    return InferenceRequest(**{**fields, **changes})


def success(task: dict[str, Any], **changes: Any) -> httpx.Response:
    item = {
        "taskType": "textInference",
        "taskUUID": task["taskUUID"],
        "text": "Lisbon.",
        "finishReason": "stop",
        "cost": 0.0002715,
        "usage": {"promptTokens": 57, "completionTokens": 212, "totalTokens": 269},
    }
    return httpx.Response(200, json={"data": [{**item, **changes}]})


def refusal(status: int, code: str, **headers: str) -> httpx.Response:
    errors = [{"code": code, "message": f"because of {code}"}]
    return httpx.Response(status, json={"errors": errors}, headers=headers)


@dataclass
class Script:
    """Gives the replies in turn, the last one for ever, and remembers the tasks."""

    replies: Sequence[Reply]
    tasks: list[dict[str, Any]] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)

    def __call__(self, sent: httpx.Request) -> httpx.Response:
        (task,) = json.loads(sent.content)
        reply = self.replies[min(len(self.tasks), len(self.replies) - 1)]
        self.tasks.append(task)
        self.headers.append(sent.headers)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(task)

    def client(self) -> RunwareClient:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return RunwareClient(http, "http://runware.test/v1", KEY)
