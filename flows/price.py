"""What a plan costs at most: of each document, what the ledger does not hold yet."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from math import fsum

from flows.accounts import Planned
from flows.job import Job
from flows.worst import sum_of, worst_of
from tasks.chunk.request import map_request
from tasks.core.capacity import widest
from tasks.core.requests import InferenceRequest
from tasks.infer.inference import FREE, Inference
from tasks.infer.prices import PlanPrice


def price_of(planned: Iterable[Planned]) -> PlanPrice:
    """Add up what documents cost at most."""
    told = list(planned)
    return PlanPrice(
        documents=len(told),
        chunks=sum(len(document.chunks) for document in told),
        kept=sum(document.kept for document in told),
        usd=fsum(document.worst.usd for document in told),
        tokens=sum(document.worst.tokens for document in told),
    )


async def price_all(
    planned: tuple[Planned, ...], job: Job, inference: Inference
) -> tuple[Planned, ...]:
    """Give the documents with what each costs at most.

    One whose chunks are all answered counts as free: its merge was paid for, too, as a rule. Where
    nothing has a price and nothing is limited, nothing is looked up.
    """
    if inference.prices == FREE and inference.budget is None:
        return planned
    priced = tuple([await _priced(document, job, inference) for document in planned])
    return _with_merge(priced, job, inference) if job.together else priced


def _with_merge(priced: tuple[Planned, ...], job: Job, inference: Inference) -> tuple[Planned, ...]:
    """Put what merging all documents into one costs with the first that has anything to ask."""
    first = next((one for one in priced if one.kept < len(one.chunks)), None)
    chunks = [chunk for one in priced for chunk in one.chunks]
    if first is None:
        return priced
    window = widest(one.window for one in priced)
    merging = worst_of((), job.recipe, inference.prices, chunks=chunks, window=window)
    bearing = replace(first, worst=sum_of((first.worst, merging)))
    return tuple(bearing if one is first else one for one in priced)


async def _priced(planned: Planned, job: Job, inference: Inference) -> Planned:
    requests = await asyncio.to_thread(_requests, planned, job)
    keys = [inference.key_of(request) for request in requests]
    kept = await inference.kept(keys) if not job.not_before else frozenset()
    open_ = [
        (chunk, request)
        for chunk, request, key in zip(planned.chunks, requests, keys, strict=True)
        if key not in kept
    ]
    if not open_:
        return replace(planned, kept=len(planned.chunks))
    merged = () if job.together else planned.chunks  # together, all have one merge
    worst = worst_of(open_, job.recipe, inference.prices, chunks=merged, window=planned.window)
    return replace(planned, kept=len(planned.chunks) - len(open_), worst=worst)


def _requests(planned: Planned, job: Job) -> list[InferenceRequest]:
    document = job.store.fetch(planned.ref)
    return [map_request(document, chunk, job.recipe) for chunk in planned.chunks]
