"""A task that the provider has already, sent by `sync` or `stream` in an earlier life or try.

    ask ──conflict──► look for its answer ──found──► its answer
     ▲                       │ nothing shows
     └── after a while ──────┘

A provider may hide such a task while it runs, and forget it once it has ended: then only asking
again brings an answer, which is billed anew, as all that a kill interrupts with these deliveries.
"""

from collections.abc import Awaitable, Callable

from tasks.infer.delivery.delivery import Task, lost
from tasks.infer.delivery.poller import Poller
from tasks.infer.failures import ConflictError
from tasks.infer.wire.received import WireResult

Ask = Callable[[], Awaitable[tuple[WireResult, ...]]]


async def asked_or_found(task: Task, poller: Poller, ask: Ask) -> tuple[WireResult, ...]:
    """Give the answers of a task, asked for or found.

    LostError when the provider has it, and shows nothing of it for as long as any task may take.
    """
    waited_s, patience_s = 0.0, poller.times.unknown_after_s
    while True:
        try:
            return await ask()
        except ConflictError:
            found = await poller.find(task, soon=True, unknown_after_s=patience_s)
        if found is not None:
            return found
        waited_s, patience_s = waited_s + patience_s, 2 * patience_s
        if waited_s >= poller.times.hidden_s:
            raise lost(task, "has had the task before")
