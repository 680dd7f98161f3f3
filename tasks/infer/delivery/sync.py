"""`sync`: the answer comes in the response to the task itself."""

from dataclasses import dataclass
from functools import partial

from tasks.core.answers import Result
from tasks.infer.connection import Connection
from tasks.infer.delivery.conflict import asked_or_found
from tasks.infer.delivery.delivery import Task, results_of
from tasks.infer.delivery.poller import Poller
from tasks.infer.wire.received import WireResult


@dataclass(frozen=True, slots=True)
class SyncDelivery:
    """One task per POST; what was sent and not answered is sent again under its UUID."""

    connection: Connection
    poller: Poller

    @property
    def provider(self) -> str:
        """Name the provider, for the ledger."""
        return self.connection.provider

    @property
    def endpoint(self) -> str:
        """Name the server, for the ledger."""
        return self.connection.endpoint

    async def deliver(self, task: Task, *, begun: bool) -> tuple[Result, ...]:  # noqa: ARG002 # cannot be picked up
        """Send one task and wait for its answers."""
        return results_of(task, await asked_or_found(task, self.poller, partial(self._ask, task)))

    async def _ask(self, task: Task) -> tuple[WireResult, ...]:
        reply = await self.connection.post([self.connection.task(task, "sync")])
        items = reply.answers_to(task.task_uuid)
        if not items:
            raise reply.failure_of(task.task_uuid)
        return items
