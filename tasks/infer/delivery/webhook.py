"""Answers that the provider brings: a small receiver, and waiting for what comes to it.

Polling is the backstop when a delivery never comes. Answers reach the tasks of this very process;
what a process that died was to receive is fetched by polling.
"""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from tasks.infer.connection import Reply
from tasks.infer.delivery.delivery import Clock, Sleep, Task
from tasks.infer.delivery.poll import Word, read_poll
from tasks.infer.delivery.poller import Found, Poller
from tasks.infer.wire.received import WireResult

PATH = "/webhook"
BODY_BYTES_AT_MOST = 16 * 2**20
KEPT_S = 600.0
"""How long a delivery waits for a task that we do not know yet; it may outrun the response."""
KEPT_TASKS = 1000
BACKSTOP_S = 30.0


@dataclass(slots=True)
class _Letters:
    """What came for one task, each of its siblings once."""

    since: float
    by_identity: dict[str, dict[str, Any]] = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    awaited: bool = False


class Inbox:
    """What webhooks brought, by task, until it is fetched or too old."""

    def __init__(self, *, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._letters: dict[str, _Letters] = {}

    @property
    def tasks(self) -> int:
        """Count the tasks that something is kept for."""
        return len(self._letters)

    def put(self, item: dict[str, Any]) -> None:
        """Keep one delivery; what was delivered before changes nothing."""
        letters = self._of(str(item.get("taskUUID")))
        letters.by_identity.setdefault(_identity(item), item)
        letters.came.set()
        self._tidy()

    async def wait(self, task: Task) -> Found:
        """Give a task's answers once all have come; EndedError or RejectedError when it failed."""
        letters = self._of(task.task_uuid)
        letters.awaited = True
        try:
            while True:
                await letters.came.wait()
                letters.came.clear()
                if (found := _all_of(task, letters)) is not None:
                    return found
        finally:
            self._letters.pop(task.task_uuid, None)

    def _of(self, task_uuid: str) -> _Letters:
        return self._letters.setdefault(task_uuid, _Letters(since=self._clock()))

    def _tidy(self) -> None:
        """Forget the oldest of what nobody awaits, so that strangers cannot fill the memory."""
        waiting = [uuid for uuid, letters in self._letters.items() if not letters.awaited]
        surplus = len(waiting) - KEPT_TASKS
        for at, uuid in enumerate(waiting):
            if at < surplus or self._clock() - self._letters[uuid].since > KEPT_S:
                del self._letters[uuid]


def _identity(item: dict[str, Any]) -> str:
    """Tell siblings apart: by seed, else by all that was said; they share their UUID."""
    if isinstance(item.get("seed"), int):
        return f"seed {item['seed']}"
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()


def _all_of(task: Task, letters: _Letters) -> tuple[WireResult, ...] | None:
    """Give the answers, or raise the error, once each sibling has answered or failed."""
    items = list(letters.by_identity.values())
    said = read_poll(task, Reply(200, {}, {"data": items}))
    if said.word is not Word.ENDED:
        return None
    outcome = said.outcome(task)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


@dataclass(frozen=True, slots=True)
class WebhookFinder:
    """Waits for what webhooks bring, and polls for what they have not brought in time."""

    inbox: Inbox
    poller: Poller
    backstop_s: float = BACKSTOP_S
    sleep: Sleep = asyncio.sleep

    async def find(self, task: Task, *, soon: bool = False) -> Found:
        """Give a task's answers, whichever way they come first; None as the poller says it."""
        brought = asyncio.create_task(self.inbox.wait(task))
        fetched = asyncio.create_task(self._fetch(task, 0.0 if soon else self.backstop_s))
        both = (brought, fetched)
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return (brought if brought in done else fetched).result()
        finally:
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _fetch(self, task: Task, after_s: float) -> Found:
        await self.sleep(after_s)
        return await self.poller.find(task, soon=True)


def create_receiver(secret: SecretStr, inbox: Inbox) -> Starlette:
    """Make the app that takes deliveries at `/webhook?token=<secret>` and puts them in an inbox.

    Whatever the provider delivers is answered 200 at once, known to us or not, since anything else
    makes it deliver again.
    """

    async def receive(request: Request) -> Response:
        token = request.query_params.get("token", "").encode()
        if not hmac.compare_digest(token, secret.get_secret_value().encode()):
            return Response(status_code=403)
        try:
            body = await _read(request)
        except (ClientDisconnect, ValueError):
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        for item in _items(body):
            inbox.put(item)
        return Response(status_code=200)

    return Starlette(routes=[Route(PATH, receive, methods=["POST"])])


async def _read(request: Request) -> Any:
    """Read the JSON; None when it is larger than an answer can be."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_AT_MOST:
            return None
    return json.loads(body)


def _items(body: Any) -> list[dict[str, Any]]:
    """Give the deliveries of a body: a flat task object as a rule, or several in an envelope."""
    flat = [body] if isinstance(body, dict) else body if isinstance(body, list) else []
    items = []
    for one in flat:
        if not isinstance(one, dict):
            continue
        envelope = [one.get("data"), one.get("errors")]
        held = [item for part in envelope if isinstance(part, list) for item in part]
        items += [item for item in held if isinstance(item, dict)] or [one]
    return [item for item in items if isinstance(item.get("taskUUID"), str)]
