"""Call the emulator without a client, and see each write of its reply by itself."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Scope

from tasks.emulator.app import create_app
from tasks.emulator.clock import Clock
from tasks.emulator.options import EmulatorOptions


@dataclass
class Running:
    """A request under way."""

    pieces: list[bytes] = field(default_factory=list)
    status: int | None = None
    done: asyncio.Task[None] = field(init=False)


def call(options: EmulatorOptions, clock: Clock, tasks: list[dict[str, Any]]) -> Running:
    """Begin a POST of tasks to an emulator of its own."""
    running = Running()
    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"authorization", b"Bearer k")],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps(tasks).encode(), "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            running.status = message["status"]
        else:
            running.pieces.append(message["body"])

    app = create_app(options, clock=clock)
    running.done = asyncio.create_task(_serve(app(scope, receive, send)))
    return running


async def _serve(answering: Any) -> None:
    await answering
