"""The Prefect tasks of merging: asking the model to merge, and making the output of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from prefect import task
from prefect.cache_policies import NO_CACHE

from prompts.library import Recipe
from tasks.core.answers import Answer
from tasks.core.errors import BudgetError, InferenceError
from tasks.core.outputs import Output
from tasks.core.requests import InferenceRequest
from tasks.core.store import DocumentRef, DocumentStore
from tasks.infer.inference import Inference, Outcome
from tasks.merge.merged import Merged
from tasks.merge.output import build_output


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a merge: what it wants asked, about which document."""

    name: str
    number: int
    document: str
    requests: tuple[InferenceRequest, ...]


@task(task_run_name="merge {step.name}, step {step.number}", cache_policy=NO_CACHE)
async def infer_merge(
    step: Step, inference: Inference
) -> tuple[Outcome | InferenceError | BudgetError, ...]:
    """Have the requests of a step answered, each with its outcome or its error.

    All are waited for, also when one fails: what they cost must be in the account.
    """

    async def ask(request: InferenceRequest) -> Outcome | InferenceError | BudgetError:
        try:
            return await inference.ask(request, document=step.document)
        except (InferenceError, BudgetError) as error:
            return error

    return tuple(await asyncio.gather(*map(ask, step.requests)))


def _title(refs: Mapping[str, DocumentRef]) -> str:
    """Name the documents of an output for people."""
    names = [PurePath(ref.name).stem for ref in refs.values()]
    return names[0] if len(names) == 1 else f"{len(names)} documents"


@task(task_run_name="make output", cache_policy=NO_CACHE)
async def make_output(
    merged: Merged,
    answers: Sequence[Answer],
    refs: Mapping[str, DocumentRef],
    recipe: Recipe,
    store: DocumentStore,
    inference: Inference,
) -> Output:
    """Make the output of what is merged, with its citations looked up."""
    documents = {name: await asyncio.to_thread(store.fetch, ref) for name, ref in refs.items()}
    return await asyncio.to_thread(
        build_output,
        merged,
        answers,
        documents=documents,
        recipe=recipe,
        title=f"{recipe.title}: {_title(refs)}",
        model=inference.label(recipe.model),
        notices=inference.notices(),
    )
