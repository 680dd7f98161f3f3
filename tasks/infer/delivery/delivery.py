"""What every way of delivery has in common: a task goes in, its results come out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from tasks.core.answers import Result, Usage
from tasks.core.errors import LostError
from tasks.core.requests import SEEDS, InferenceRequest, answer_key
from tasks.infer.replies import FAILED, join_thoughts, split_thoughts
from tasks.infer.wire.received import WireResult

Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]


async def _unheard() -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True)
class Task:
    """A request under its UUID; `key` is what the ledger calls it.

    `accepted` is awaited once the provider has acknowledged the task, where it does so before it
    answers. `known` tells that it did so in an earlier life.
    """

    request: InferenceRequest
    task_uuid: str
    key: str
    known: bool = False
    accepted: Callable[[], Awaitable[None]] = field(default=_unheard, compare=False)


class Delivery(Protocol):
    """A way to have a task answered."""

    @property
    def provider(self) -> str:
        """Name the provider, for the ledger."""

    @property
    def endpoint(self) -> str:
        """Name the server, for the ledger."""

    async def deliver(self, task: Task, *, begun: bool) -> tuple[Result, ...]:
        """Give as many results as the request asks for, in order.

        `begun` when the task may have been sent before. TransientError when the same task may be
        delivered later, RejectedError when it never will, LostError when its answer is gone.
        """


def results_of(task: Task, items: Sequence[WireResult]) -> tuple[Result, ...]:
    """Give as many results as were asked for, by their seeds; what is missing is there as failed.

    What came is paid for, so that a sibling's failure must not have it bought again.
    """
    count = task.request.number_results
    came = [_result(item) for item in _by_seed(task, items)[:count]]
    missing = [Result(answer_key="", text="", finish_reason=FAILED)] * (count - len(came))
    return tuple(
        replace(result, answer_key=answer_key(task.key, at))
        for at, result in enumerate([*came, *missing])
    )


def _by_seed(task: Task, items: Sequence[WireResult]) -> list[WireResult]:
    """Order siblings as their seeds were derived, for they may come in any order."""
    first = task.request.seed or 0
    if any(item.seed is None for item in items):
        return list(items)
    return sorted(items, key=lambda item: ((item.seed or 0) - first) % SEEDS)


def _result(item: WireResult) -> Result:
    text, leaked = split_thoughts(item.text or "")
    return Result(
        answer_key="",
        text=text,
        thoughts=join_thoughts(item.reasoning_content, leaked),
        finish_reason=item.finish_reason or "unknown",
        usage=Usage(**item.usage.model_dump()) if item.usage else None,
        cost_usd=item.cost,
    )


def lost(task: Task, why: str) -> LostError:
    """Give the error for a task whose answer is out of reach though it may have been billed."""
    return LostError(
        f"the provider {why} and knows nothing of its answer now (task {task.task_uuid}): it may "
        "have been billed, so it is not asked anew unless that is wished for",
        task_uuid=task.task_uuid,
    )
