"""What a plan costs at most: of each document, what the ledger does not hold yet.

A document that is begun is to be finished, so the price has what merging its answers may take.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from math import ceil, fsum

from flows.accounts import Planned
from flows.job import Job
from prompts.library import Prompt, Recipe
from tasks.chunk.request import fixed_tokens, map_request
from tasks.core.capacity import MARGIN, prompt_tokens_at_most
from tasks.core.documents import Chunk
from tasks.core.requests import InferenceRequest
from tasks.infer.inference import FREE, Inference
from tasks.infer.prices import NOTHING, PlanPrice, Prices, Worst, worst_case

FRAME_TOKENS = 96
"""What the marks and headers around the text of one message may take."""


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
    return tuple([await _priced(document, job, inference) for document in planned])


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
    prices = inference.prices
    asking = [_chunk(chunk, request, job.recipe, prices) for chunk, request in open_]
    worst = sum_of([*asking, _merging(planned.chunks, job, prices)])
    return replace(planned, kept=len(planned.chunks) - len(open_), worst=worst)


def _requests(planned: Planned, job: Job) -> list[InferenceRequest]:
    document = job.store.fetch(planned.ref)
    return [map_request(document, chunk, job.recipe) for chunk in planned.chunks]


def _chunk(chunk: Chunk, request: InferenceRequest, recipe: Recipe, prices: Prices) -> Worst:
    """Price a chunk, with the rounds in which what is missing is asked for."""
    context = sum(span.end - span.start for span in chunk.context)
    prompt = fixed_tokens(recipe.map) + FRAME_TOKENS + chunk.tokens + context
    first = worst_case(request, prices, prompt_tokens=prompt)
    again = _tokens(prompt + request.max_tokens, request.max_tokens, prices)
    return sum_of([first, *[again] * recipe.glean])


def _merging(chunks: tuple[Chunk, ...], job: Job, prices: Prices) -> Worst:
    """Price the merge by the model of answers that are all as long as they may be."""
    recipe = job.recipe
    if len(chunks) < 2:
        return NOTHING
    if recipe.refine is not None:
        return sum_of(_refining(chunk, recipe, recipe.refine, prices) for chunk in chunks[1:])
    if recipe.reduce is None:
        return NOTHING
    return sum_of(_levels(len(chunks), recipe, recipe.reduce, job.window, prices))


def _levels(
    answers: int, recipe: Recipe, prompt: Prompt, window: int, prices: Prices
) -> Iterable[Worst]:
    """Price the tree, level by level."""
    fixed = fixed_tokens(prompt) + FRAME_TOKENS
    room = prompt_tokens_at_most(window=window, max_tokens=prompt.max_tokens) - fixed
    length = recipe.map.max_tokens + FRAME_TOKENS
    while answers > 1:
        groups = ceil(answers / max(2, room // length))
        yield _tokens(answers * length + groups * fixed, groups * prompt.max_tokens, prices)
        answers, length = groups, prompt.max_tokens + FRAME_TOKENS


def _refining(chunk: Chunk, recipe: Recipe, prompt: Prompt, prices: Prices) -> Worst:
    """Price taking one more chunk into the answer so far."""
    answers = prompt.max_tokens + recipe.map.max_tokens
    text = fixed_tokens(prompt) + 2 * FRAME_TOKENS + chunk.tokens + answers
    return _tokens(text, prompt.max_tokens, prices)


def _tokens(prompt_tokens: int, completion_tokens: int, prices: Prices) -> Worst:
    """Price tokens, of which the provider may count more in the prompt."""
    prompt = ceil(prompt_tokens * (1 + MARGIN))
    usd = prices.usd(prompt_tokens=prompt, completion_tokens=completion_tokens)
    return Worst(prompt, completion_tokens, usd)


def sum_of(parts: Iterable[Worst]) -> Worst:
    """Add up what several things cost at most."""
    told = list(parts)
    return Worst(
        sum(part.prompt_tokens for part in told),
        sum(part.completion_tokens for part in told),
        fsum(part.usd for part in told),
    )
