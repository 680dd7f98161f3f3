"""The Prefect task before merging; where the recipe merges by the model, it climbs the tree."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from prefect import task
from prefect.cache_policies import NO_CACHE

from prompts.library import Recipe
from tasks.core.documents import Answer, Output, Result
from tasks.core.errors import BudgetError, InferenceError
from tasks.core.store import DocumentRef, DocumentStore
from tasks.infer.inference import Inference
from tasks.infer.replies import check
from tasks.merge.output import Merged, build_output, merge_by_code, merge_of_tree, unmerged
from tasks.merge.reduce import Group, Partial, merged, next_level, partials, reduce_request


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOutcome:
    """An output, and the results that merging it took."""

    output: Output
    results: tuple[Result, ...] = ()


@task(task_run_name="merge {ref.name}", cache_policy=NO_CACHE)
async def merge_answers(
    ref: DocumentRef,
    answers: Sequence[Answer],
    recipe: Recipe,
    store: DocumentStore,
    inference: Inference,
    window: int,
) -> MergeOutcome:
    """Merge the answers to a document's chunks into its output."""
    results: list[Result] = []
    if recipe.merge == "reduce":
        joined = await _climb(ref, answers, recipe, inference, window, results)
    else:
        joined = await asyncio.to_thread(merge_by_code, answers, recipe)
    output = await asyncio.to_thread(
        build_output,
        joined,
        answers,
        document=await asyncio.to_thread(store.fetch, ref),
        recipe=recipe,
        title=f"{recipe.title}: {PurePath(ref.name).stem}",
        model=inference.label(recipe.model),
        notices=inference.notices(),
    )
    return MergeOutcome(output=output, results=tuple(results))


async def _climb(
    ref: DocumentRef,
    answers: Sequence[Answer],
    recipe: Recipe,
    inference: Inference,
    window: int,
    results: list[Result],
) -> Merged:
    """Reduce level by level; a level that fails leaves the parts unmerged, by name."""

    async def lift(group: Group) -> Partial:
        if len(group) == 1:
            return group[0]
        outcome = await inference.ask(reduce_request(group, recipe), document=ref.digest)
        results.extend((*outcome.spent, *outcome.results))
        return merged(group, check(outcome.result).text)

    level = partials(answers)
    try:
        while groups := await asyncio.to_thread(next_level, level, recipe, window=window):
            # All are waited for, also when one fails: what they cost must be in the account.
            lifted = await asyncio.gather(*map(lift, groups), return_exceptions=True)
            level = tuple(map(_raised, lifted))
    except (InferenceError, BudgetError) as error:
        return unmerged(answers, str(error))
    return merge_of_tree(level, answers)


def _raised(outcome: Partial | BaseException) -> Partial:
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome
