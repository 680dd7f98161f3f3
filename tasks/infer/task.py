"""The Prefect tasks before inference."""

import asyncio
from collections.abc import Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from prompts.library import Recipe
from tasks.chunk.request import follow_up, map_request
from tasks.core.answers import Chunk
from tasks.core.errors import RejectedError
from tasks.core.requests import InferenceRequest, Message
from tasks.core.store import DocumentRef, DocumentStore
from tasks.infer.inference import INLINE_CHARS, Inference, Outcome


@task(task_run_name="ask {ref.name}, part {chunk.part}", cache_policy=NO_CACHE)
async def infer_chunk(
    ref: DocumentRef,
    chunk: Chunk,
    recipe: Recipe,
    store: DocumentStore,
    inference: Inference,
    said: Sequence[Message] = (),
) -> Outcome:
    """Have one chunk answered; InferenceError says why it is not.

    `said` is what was said since the first request: an answer, and a second question about it.
    """
    request = await _request(ref, chunk, recipe, store)
    if said:
        further = await asyncio.to_thread(follow_up, request, said, window=inference.window)
        if further is None:
            raise RejectedError("the window has no room for a second question")
        request = further
    return await inference.ask(request, document=ref.digest)


async def _request(
    ref: DocumentRef, chunk: Chunk, recipe: Recipe, store: DocumentStore
) -> InferenceRequest:
    """Build a chunk's request, in a thread where that takes longer than it takes to reach one."""
    document = store.at_hand(ref)
    if document is not None and chunk.end - chunk.start <= INLINE_CHARS:
        return map_request(document, chunk, recipe)
    return await asyncio.to_thread(lambda: map_request(store.fetch(ref), chunk, recipe))
