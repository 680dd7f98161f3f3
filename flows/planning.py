"""Planning a run: each document's margin, and its chunks."""

import asyncio

from flows.accounts import Planned
from flows.job import Job
from flows.margins import plans_of
from flows.names import names_apart
from flows.progress import progress
from flows.stages import PLANNING_RUNS, batches
from tasks.chunk.task import Unplanned, plan_documents
from tasks.core.capacity import Window
from tasks.core.store import DocumentRef
from tasks.extract.reading import Reading
from tasks.infer.inference import Inference


async def plan_all(
    job: Job, readings: tuple[Reading, ...], inference: Inference
) -> tuple[Planned, ...]:
    """Cut all documents into chunks, with the margins that they had before or that are learned."""
    unplanned = await _unplanned(tuple(r.ref for r in readings if r.ref), job, inference)
    some = batches(unplanned, PLANNING_RUNS)
    plans = await asyncio.gather(*(plan_documents(one, job.recipe, job.store) for one in some))
    planned = tuple(
        Planned(ref=document.ref, chunks=chunks, window=document.window, name=document.name)
        for batch, plan in zip(some, plans, strict=True)
        for document, chunks in zip(batch, plan, strict=True)
    )
    progress.get().planned(len(planned), sum(len(document.chunks) for document in planned))
    return planned


async def _unplanned(
    refs: tuple[DocumentRef, ...], job: Job, inference: Inference
) -> tuple[Unplanned, ...]:
    by = inference.answerer(job.recipe.model)
    margins = await inference.ledger.margins(
        plans_of(refs, job.recipe, job.window, by), by, not_before=job.not_before
    )
    names = names_apart(refs) if job.together else ("",) * len(refs)
    return tuple(
        Unplanned(ref, Window(job.window, margin), name)
        for ref, margin, name in zip(refs, margins, names, strict=True)
    )
