"""Leading a merge: what it wants asked is asked, what is answered is told, to its end."""

import asyncio

from flows.asking import Asking
from tasks.core.documents import Answer, Output
from tasks.core.errors import BudgetError, InferenceError
from tasks.infer.inference import Outcome
from tasks.infer.replies import check
from tasks.merge.merge import merge
from tasks.merge.merged import Merged, Reply, Wanted, advance
from tasks.merge.task import Step


async def merge_all(asking: Asking, answers: tuple[Answer, ...]) -> Output:
    """Merge the answers to a document's chunks into its output."""
    begun, job = asking.begun, asking.job
    merging = merge(answers, job.recipe, {"": begun.document}, window=job.window)
    number, wanted = 1, await asyncio.to_thread(advance, merging)
    while not isinstance(wanted, Merged):
        replies = await _replies(asking, wanted, number)
        number, wanted = number + 1, await asyncio.to_thread(advance, merging, replies)
    output: Output = await asking.stages.output(
        wanted, answers, {"": begun.planned.ref}, job.recipe, job.store, asking.inference
    )
    return output


async def _replies(asking: Asking, wanted: Wanted, number: int) -> tuple[Reply, ...]:
    """Have one step asked; give each whole answer, or the error that says why there is none."""
    ref, spent = asking.begun.planned.ref, asking.begun.spent
    step = Step(name=ref.name, number=number, document=ref.digest, requests=wanted)
    outcomes = await asking.stages.merge(step, asking.inference)
    for outcome in outcomes:
        if isinstance(outcome, Outcome):
            spent.extend((*outcome.spent, *outcome.results))
    return tuple(map(_reply, outcomes))


def _reply(outcome: Outcome | InferenceError | BudgetError) -> Reply:
    if not isinstance(outcome, Outcome):
        return outcome
    try:
        return check(outcome.result)
    except InferenceError as error:
        return error
