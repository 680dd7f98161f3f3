"""What a plan costs at most: of each document, what the ledger does not hold yet."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import fsum

from flows.accounts import Planned
from flows.job import Job
from flows.rehearsal import Rehearsed, merge_is_kept, rehearse
from flows.worst import sum_of, worst_of
from tasks.chunk.request import map_request
from tasks.core.answers import Chunk
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

    Free is only what the ledger has the answers to, merging included. Where nothing has a price and
    nothing is limited, nothing is looked up.
    """
    if inference.prices == FREE and inference.budget is None:
        return planned
    told = [await _told(document, job, inference) for document in planned]
    priced = tuple([await _priced(each, job, inference) for each in told])
    return await _with_merge(priced, told, job, inference) if job.together else priced


@dataclass(frozen=True, slots=True)
class _Told:
    """A document, its requests, and what of it is kept."""

    planned: Planned
    requests: list[InferenceRequest]
    rehearsed: Rehearsed

    @property
    def open(self) -> list[tuple[Chunk, InferenceRequest]]:
        """Give what is still to be asked."""
        each = zip(self.planned.chunks, self.requests, self.rehearsed.answers, strict=True)
        return [(chunk, request) for chunk, request, answers in each if answers is None]


async def _told(planned: Planned, job: Job, inference: Inference) -> _Told:
    requests = await asyncio.to_thread(_requests, planned, job)
    keys = [inference.key_of(request) for request in requests]
    begun = await inference.kept(keys) if not job.not_before else frozenset()
    rehearsed = await rehearse(planned, job, inference, begun=[key in begun for key in keys])
    return _Told(planned, requests, rehearsed)


async def _priced(told: _Told, job: Job, inference: Inference) -> Planned:
    planned, open_ = told.planned, told.open
    kept = len(planned.chunks) - len(open_)
    apart = not job.together  # together, all have one merge
    if not open_ and (not apart or await merge_is_kept([told.rehearsed])):
        return replace(planned, kept=kept)
    merged = planned.chunks if apart else ()
    worst = worst_of(open_, job.recipe, inference.prices, chunks=merged, window=planned.window)
    return replace(planned, kept=kept, worst=worst)


async def _with_merge(
    priced: tuple[Planned, ...], told: Sequence[_Told], job: Job, inference: Inference
) -> tuple[Planned, ...]:
    """Put what merging all documents into one costs with the first that has anything to ask."""
    sent = [each.rehearsed for each in told if each.planned.chunks]
    if not sent or await merge_is_kept(sent):
        return priced
    there = [one for one in priced if one.chunks]
    first = next((one for one in there if one.kept < len(one.chunks)), there[0])
    chunks = [chunk for one in priced for chunk in one.chunks]
    window = widest(one.window for one in priced)
    merging = worst_of((), job.recipe, inference.prices, chunks=chunks, window=window)
    bearing = replace(first, worst=sum_of((first.worst, merging)))
    return tuple(bearing if one is first else one for one in priced)


def _requests(planned: Planned, job: Job) -> list[InferenceRequest]:
    document = job.store.fetch(planned.ref)
    return [map_request(document, chunk, job.recipe) for chunk in planned.chunks]
