"""`async`: the provider acknowledges a task, works on it, and is asked for its answers.

The only way whose work in flight outlives us, so the only one that picks up what was begun:

    begun before ──► known to the provider? ──yes──► its answers
                          │ no
    new ────────────► POST the UUID ──acknowledged, or no telling──► known? ──yes──► its answers
                          ▲  │ conflict: it is there                  │ no
                          │  └──► known? ──no──► lost                 │
                          └───────────────── the SAME UUID ───────────┘
"""

from dataclasses import dataclass
from typing import Protocol

from tasks.core.answers import Result
from tasks.core.errors import TransientError
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Task, lost, results_of
from tasks.infer.delivery.poller import Found
from tasks.infer.delivery.submit import Submitter
from tasks.infer.failures import ConflictError, may_have_begun

POSTS = 3
"""Of one task that is acknowledged and then not known."""


class Finder(Protocol):
    """Whatever waits for the answers of a task that was sent."""

    async def find(self, task: Task, *, soon: bool) -> Found:
        """Give a task's answers; None when the provider does not know the task."""


@dataclass(frozen=True, slots=True)
class AsyncDelivery:
    """Submits tasks and has their answers found, by polling or by webhooks."""

    connection: Connection
    submitter: Submitter
    finder: Finder

    @property
    def provider(self) -> str:
        """Name the provider, for the ledger."""
        return self.connection.provider

    @property
    def endpoint(self) -> str:
        """Name the server, for the ledger."""
        return self.connection.endpoint

    async def deliver(self, task: Task, *, begun: bool) -> tuple[Result, ...]:
        """Have a task answered that is sent at most once as long as the provider knows it."""
        body = self.connection.task(task, "async")
        found = await self._pick_up(task) if begun else None
        for _ in range(POSTS):
            if found is None:
                found = await self._send(task, body)
        if found is None:
            raise TransientError(
                f"the provider takes the task but does not know it afterwards, {POSTS} times over "
                f"(task {task.task_uuid})",
                task_uuid=task.task_uuid,
            )
        return results_of(task, found)

    async def _pick_up(self, task: Task) -> Found:
        """Look for a task of an earlier life; one that was acknowledged then cannot be unknown."""
        found = await self.finder.find(task, soon=True)
        if found is None and task.known:
            raise lost(task, "acknowledged the task before")
        return found

    async def _send(self, task: Task, body: dict[str, object]) -> Found:
        """Submit a task and find its answers; None when it did not arrive after all."""
        try:
            answers = await self.submitter.submit(body)
        except ConflictError:
            found = await self.finder.find(task, soon=True)
            if found is None:
                raise lost(task, "has had the task before") from None
            return found
        except TransientError as error:
            if not may_have_begun(error):
                raise
            return await self.finder.find(task, soon=False)
        await task.accepted()
        if len(answers) >= task.request.number_results:
            return answers
        return await self.finder.find(task, soon=False)
