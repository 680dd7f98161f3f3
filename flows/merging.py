"""Leading a merge: what it wants asked is asked, what is answered is told, to its end."""

import asyncio
from collections.abc import Sequence

from flows.asking import Asking
from tasks.core.answers import Answer
from tasks.core.capacity import Window, widest
from tasks.core.errors import BudgetError, InferenceError
from tasks.core.outputs import Output
from tasks.core.requests import InferenceRequest, request_tokens
from tasks.infer.inference import Outcome
from tasks.infer.replies import check
from tasks.merge.merge import merge
from tasks.merge.merged import Merged, Reply, Wanted, advance
from tasks.merge.task import Step


async def merge_all(askings: Sequence[Asking], answers: tuple[Answer, ...]) -> Output:
    """Merge the answers to the chunks of a document, or of several together, into an output.

    What merging costs is joint: it is kept with the first, for all.
    """
    first = askings[0]
    refs = {one.begun.planned.name: one.begun.planned.ref for one in askings}
    told = await merged(askings, answers)
    output: Output = await first.stages.output(
        told, answers, refs, first.job.recipe, first.job.store, first.inference
    )
    return output


async def merged(askings: Sequence[Asking], answers: tuple[Answer, ...]) -> Merged:
    """Lead a merge to its end, before an output is made of it."""
    first = askings[0]
    documents = {one.begun.planned.name: one.begun.document for one in askings}
    window = widest(asking.begun.planned.window for asking in askings)
    merging = merge(answers, first.job.recipe, documents, window=window)
    number, wanted = 1, await asyncio.to_thread(advance, merging)
    while not isinstance(wanted, Merged):
        replies = await _replies(first, wanted, number, window)
        number, wanted = number + 1, await asyncio.to_thread(advance, merging, replies)
    return wanted


async def _replies(
    asking: Asking, wanted: Wanted, number: int, window: Window
) -> tuple[Reply, ...]:
    """Have one step asked; give each whole answer, or the error that says why there is none."""
    ref, spent = asking.begun.planned.ref, asking.begun.joint
    step = Step(name=ref.name, number=number, document=ref.digest, requests=wanted)
    outcomes = await asking.stages.merge(step, asking.inference.within(window))
    for outcome in outcomes:
        if isinstance(outcome, Outcome):
            spent.extend((*outcome.spent, *outcome.results))
    return await asyncio.to_thread(lambda: tuple(map(_reply, wanted, outcomes)))


def _reply(request: InferenceRequest, outcome: Outcome | InferenceError | BudgetError) -> Reply:
    if not isinstance(outcome, Outcome):
        return outcome
    try:
        return check(outcome.result, sent_tokens=request_tokens(request))
    except InferenceError as error:
        return error
