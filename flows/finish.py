"""One document from its chunks to its files."""

import asyncio
import logging
from typing import NamedTuple

from flows.accounts import (
    Planned,
    account_of_failure,
    account_of_output,
    failed,
    in_ledger,
    source_info,
)
from flows.job import Job
from flows.progress import progress
from flows.stages import Stages
from tasks.core.coverage import account
from tasks.core.documents import Answer, Chunk, Document, DocumentReport, Result
from tasks.core.errors import DocmillError, InferenceError, OutputError
from tasks.infer.inference import Inference
from tasks.infer.replies import check
from tasks.merge.output import fitting
from tasks.merge.task import MergeOutcome

logger = logging.getLogger("docmill.run")


class Answered(NamedTuple):
    """The answers to a document's chunks, and the results that were paid for beside them."""

    answers: tuple[Answer, ...]
    beside: tuple[Result, ...]


async def finish(
    planned: Planned, job: Job, inference: Inference, stages: Stages
) -> DocumentReport:
    """Infer, merge and write one document; a failure is the document's own."""
    try:
        document = job.store.fetch(planned.ref)
        answered = await _infer(planned, job, inference, stages)
        return await _complete(planned, document, answered, job, inference, stages)
    except DocmillError as error:
        return failed(planned.ref.path, job.recipe.name, str(error))
    except Exception as error:  # an edge: a fault of ours must not take other documents along
        logger.exception("%s: unexpected failure", planned.ref.path)
        reason = f"unexpected {type(error).__name__}: {error}"
        return failed(planned.ref.path, job.recipe.name, reason)


async def _infer(planned: Planned, job: Job, inference: Inference, stages: Stages) -> Answered:
    """Have all chunks answered; what goes wrong with one is its own failure."""
    beside: list[Result] = []

    async def answer(chunk: Chunk) -> Answer:
        result: Result | None = None
        failure: str | None = None
        try:
            outcome = await stages.infer(planned.ref, chunk, job.recipe, job.store, inference)
            result = outcome.result
            beside.extend((*outcome.spent, *outcome.results[1:]))
            check(result)
        except InferenceError as error:
            failure = str(error)
        progress.get().answered()
        return Answer(chunk=chunk, result=result, failure=failure)

    answers = await asyncio.gather(*map(answer, planned.chunks))
    return Answered(await asyncio.to_thread(fitting, answers, job.recipe), tuple(beside))


async def _complete(
    planned: Planned,
    document: Document,
    answered: Answered,
    job: Job,
    inference: Inference,
    stages: Stages,
) -> DocumentReport:
    """Merge and write what was answered, and account for it."""
    answers = answered.answers
    results = [*answered.beside, *(answer.result for answer in answers if answer.result)]
    if not any(answer.usable for answer in answers):
        return account_of_failure(planned, document, job, results, str(answers[0].failure))
    merged: MergeOutcome = await stages.merge(
        planned.ref, answers, job.recipe, job.store, inference, job.window
    )
    results += merged.results
    kept = await inference.kept(c.answer_key for c in merged.output.covered)
    characters = account(document, in_ledger(merged.output.covered, kept), merged.output.gaps)
    source = source_info(planned.ref, characters)
    try:
        paths = await stages.write(merged.output, source, job.folder, job.formats)
    except OutputError as error:
        return account_of_failure(planned, document, job, results, str(error))
    return account_of_output(planned, document, merged.output, results, characters, paths)
