"""The Prefect task before chunking."""

import asyncio

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run

from prompts.library import Recipe
from tasks.chunk.plan import plan_chunks
from tasks.core.answers import Chunk
from tasks.core.errors import DamagedError
from tasks.core.store import DocumentRef, DocumentStore


def _name() -> str:
    refs = task_run.parameters["refs"]
    return f"plan {refs[0].name}" if len(refs) == 1 else f"plan {len(refs)} documents"


@task(task_run_name=_name, cache_policy=NO_CACHE)
async def plan_documents(
    refs: tuple[DocumentRef, ...], recipe: Recipe, store: DocumentStore, window: int
) -> tuple[tuple[Chunk, ...], ...]:
    """Cut documents into chunks that fit the window; one tuple of chunks for each document.

    A document that has left the store has no chunks, and is named when it is to be finished.
    """

    def plan(ref: DocumentRef) -> tuple[Chunk, ...]:
        try:
            return plan_chunks(store.fetch(ref), recipe, window=window)
        except DamagedError:
            return ()

    return tuple([await asyncio.to_thread(plan, ref) for ref in refs])
