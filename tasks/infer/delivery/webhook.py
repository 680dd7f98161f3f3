"""Waiting for answers that the provider brings: the receiver puts them into the ledger.

Polling is the backstop when a delivery never comes.
"""

import asyncio
import json
import logging
from dataclasses import dataclass

from tasks.infer.connection import Reply
from tasks.infer.delivery.delivery import Sleep, Task
from tasks.infer.delivery.poll import Word, read_poll
from tasks.infer.delivery.poller import Found, Poller
from tasks.infer.wire.received import WireResult
from tasks.ledger.deliveries import Delivery
from tasks.ledger.ledger import Ledger

logger = logging.getLogger("docmill.infer")

BACKSTOP_S = 30.0
LOOK_EVERY_S = 0.2


class Mailbox:
    """Looks into the ledger for all tasks that are waited for, many at a time."""

    def __init__(self, ledger: Ledger, *, sleep: Sleep = asyncio.sleep) -> None:
        self._ledger = ledger
        self._sleep = sleep
        self._waiting: dict[str, tuple[Task, asyncio.Future[tuple[WireResult, ...]]]] = {}
        self._loop: asyncio.Task[None] | None = None

    async def wait(self, task: Task) -> tuple[WireResult, ...]:
        """Give a task's answers once all have come; EndedError or RejectedError when it failed."""
        came: asyncio.Future[tuple[WireResult, ...]] = asyncio.get_running_loop().create_future()
        self._waiting[task.task_uuid] = task, came
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._serve())
        try:
            return await came
        finally:
            self._waiting.pop(task.task_uuid, None)
            if not self._waiting and self._loop is not None:
                self._loop.cancel()
                self._loop = None

    async def _serve(self) -> None:
        trouble = ""
        while True:
            try:
                self._hand_out(await self._ledger.brought(self._waiting))
                trouble = ""
            except Exception as error:  # noqa: BLE001 # an edge: polling is the backstop
                if str(error) != trouble:  # said once, not at every look
                    logger.warning("cannot look for what webhooks brought: %s", error)
                trouble = str(error)
            await self._sleep(LOOK_EVERY_S)

    def _hand_out(self, brought: list[Delivery]) -> None:
        by_task: dict[str, list[Delivery]] = {}
        for delivery in brought:
            by_task.setdefault(delivery.task_uuid, []).append(delivery)
        for task_uuid, deliveries in by_task.items():
            if task_uuid in self._waiting:
                _open(*self._waiting[task_uuid], deliveries)


def _open(
    task: Task, came: "asyncio.Future[tuple[WireResult, ...]]", deliveries: list[Delivery]
) -> None:
    """Hand over the answers, or the error, once each sibling has answered or failed."""
    items = [json.loads(delivery.body) for delivery in deliveries]
    said = read_poll(task, Reply(200, {}, {"data": items}))
    if said.word is not Word.ENDED or came.done():
        return
    outcome = said.outcome(task)
    if isinstance(outcome, Exception):
        came.set_exception(outcome)
    else:
        came.set_result(outcome)


@dataclass(frozen=True, slots=True)
class WebhookFinder:
    """Waits for what webhooks bring, and polls for what they have not brought in time."""

    mailbox: Mailbox
    poller: Poller
    backstop_s: float = BACKSTOP_S
    sleep: Sleep = asyncio.sleep

    async def find(self, task: Task, *, soon: bool = False) -> Found:
        """Give a task's answers, whichever way they come first; None as the poller says it."""
        brought = asyncio.create_task(self.mailbox.wait(task))
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
