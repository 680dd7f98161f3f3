"""The Prefect task before inference."""

import asyncio

from prefect import task
from prefect.cache_policies import NO_CACHE

from prompts.library import Recipe
from tasks.chunk.request import map_request
from tasks.core.documents import Chunk
from tasks.core.requests import InferenceRequest
from tasks.core.store import DocumentRef, DocumentStore
from tasks.infer.inference import Inference, Outcome


@task(task_run_name="ask {ref.name}, part {chunk.index} of {chunk.total}", cache_policy=NO_CACHE)
async def infer_chunk(
    ref: DocumentRef, chunk: Chunk, recipe: Recipe, store: DocumentStore, inference: Inference
) -> Outcome:
    """Have one chunk answered; InferenceError says why it is not."""
    request = await asyncio.to_thread(_request, ref, chunk, recipe, store)
    return await inference.ask(request, document=ref.digest)


def _request(
    ref: DocumentRef, chunk: Chunk, recipe: Recipe, store: DocumentStore
) -> InferenceRequest:
    return map_request(store.fetch(ref), chunk, recipe)
