"""How much of a run Prefect shows: a task run for each step, or one for many documents.

A task run costs about ten milliseconds and a row in the database, so their number is bounded.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from math import ceil
from typing import Any, NamedTuple, TypeVar

from tasks.infer.task import infer_chunk
from tasks.merge.task import infer_merge, make_output
from tasks.write.task import write_document

Item = TypeVar("Item")

TASK_RUNS = 200
READING_RUNS = 40
PLANNING_RUNS = 20
"""Shares of the bound; what is left is for the documents."""

AT_ONCE = 8
"""Documents under way at a time."""


class Stages(NamedTuple):
    """The steps of one document, as Prefect tasks or as the plain functions behind them."""

    infer: Callable[..., Awaitable[Any]]
    merge: Callable[..., Awaitable[Any]]
    output: Callable[..., Awaitable[Any]]
    write: Callable[..., Awaitable[Any]]


SHOWN = Stages(infer_chunk, infer_merge, make_output, write_document)
PLAIN = Stages(infer_chunk.fn, infer_merge.fn, make_output.fn, write_document.fn)


def fits(documents: int, chunks: int) -> bool:
    """Tell whether every step can have a task run of its own."""
    return chunks + 2 * documents <= TASK_RUNS - READING_RUNS - PLANNING_RUNS


def batches(items: Sequence[Item], at_most: int) -> tuple[tuple[Item, ...], ...]:
    """Cut a sequence into at most so many runs of about the same length."""
    size = max(1, ceil(len(items) / at_most))
    return tuple(tuple(items[at : at + size]) for at in range(0, len(items), size))


async def each(
    items: Sequence[Item], do: Callable[[Item], Awaitable[None]], *, at_once: int = AT_ONCE
) -> None:
    """Do something for every item, so many at a time."""
    slots = asyncio.Semaphore(at_once)

    async def one(item: Item) -> None:
        async with slots:
            await do(item)

    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(one(item))
