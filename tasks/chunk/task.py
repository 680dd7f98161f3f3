"""The Prefect task before chunking."""

import asyncio
from dataclasses import dataclass

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run

from prompts.library import Recipe
from tasks.chunk.plan import plan_chunks
from tasks.core.answers import Chunk
from tasks.core.capacity import Window
from tasks.core.errors import DamagedError
from tasks.core.store import DocumentRef, DocumentStore


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A document that is to be cut, and the window that its chunks are to fit.

    `name` is what they call it where several are asked of together, and empty else.
    """

    ref: DocumentRef
    window: Window
    name: str = ""


def _name() -> str:
    documents = task_run.parameters["documents"]
    one = len(documents) == 1
    return f"plan {documents[0].ref.name}" if one else f"plan {len(documents)} documents"


@task(task_run_name=_name, cache_policy=NO_CACHE)
async def plan_documents(
    documents: tuple[Unplanned, ...], recipe: Recipe, store: DocumentStore
) -> tuple[tuple[Chunk, ...], ...]:
    """Cut documents into chunks that fit the window; one tuple of chunks for each document.

    A document that has left the store has no chunks, and is named when it is to be finished.
    """

    def plan(document: Unplanned) -> tuple[Chunk, ...]:
        try:
            text = store.fetch(document.ref)
            return plan_chunks(text, recipe, window=document.window, name=document.name)
        except DamagedError:
            return ()

    return tuple([await asyncio.to_thread(plan, document) for document in documents])
