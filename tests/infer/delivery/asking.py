from typing import Any

import httpx

from tasks.core.answers import Result
from tasks.infer.delivery.delivery import Task
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.submit import Submitter
from tests.infer.building import (
    UUID,
    Asynchronous,
    Said,
    a_task,
    poller,
)

ERROR_ITEM = {"taskUUID": UUID, "status": "error"}
RESET = httpx.ReadError("connection reset")


def delivery(provider: Asynchronous, *, tasks_per_post: int = 1, **times: Any) -> AsyncDelivery:
    connection = provider.connection()
    submitter = Submitter(connection, tasks_per_post=tasks_per_post, sleep=provider.time.sleep)
    return AsyncDelivery(connection, submitter, poller(connection, provider.time, **times))


async def deliver(
    provider: Asynchronous, task: Task | None = None, *, begun: bool = False, **times: Any
) -> tuple[Result, ...]:
    return await delivery(provider, **times).deliver(task or a_task(), begun=begun)


def in_turn(*said: Said) -> Asynchronous:
    """Make a provider whose polls say one thing after the other, and then the last for ever."""
    return Asynchronous(lambda _uuid, nth: said[min(nth, len(said) - 1)])
