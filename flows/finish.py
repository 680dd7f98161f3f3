"""One document from its chunks to its files."""

import asyncio
import logging
from dataclasses import replace

from flows.accounts import (
    Begun,
    Planned,
    account_of_failure,
    account_of_output,
    in_ledger,
    source_info,
)
from flows.job import Job
from flows.progress import progress
from flows.stages import Stages
from tasks.core.coverage import account
from tasks.core.documents import Answer, Chunk, Document, DocumentReport, Result
from tasks.core.errors import (
    BudgetError,
    DocmillError,
    InferenceError,
    InputError,
    TransientError,
)
from tasks.infer.inference import Inference
from tasks.infer.replies import check, first_whole
from tasks.merge.output import fitting
from tasks.merge.task import MergeOutcome

logger = logging.getLogger("docmill.run")


async def finish(
    planned: Planned, job: Job, inference: Inference, stages: Stages
) -> DocumentReport:
    """Infer, merge and write one document; a failure is the document's own."""
    begun = Begun(planned, Document(digest=planned.ref.digest, text=""), [])
    may_pass = False
    try:
        begun = replace(begun, document=await asyncio.to_thread(job.store.fetch, planned.ref))
        if not planned.chunks:
            raise InputError("empty: nothing of its text is to be sent")
        answers = await _infer(begun, job, inference, stages)
        return await _complete(begun, answers, job, inference, stages)
    except DocmillError as error:
        reason, may_pass = str(error), error.may_pass
    except Exception as error:  # an edge: a fault of ours must not take other documents along
        logger.exception("%s: unexpected failure", planned.ref.path)
        reason = f"unexpected {type(error).__name__}: {error}"
    return account_of_failure(begun, job, reason, may_pass=may_pass)


async def _infer(
    begun: Begun, job: Job, inference: Inference, stages: Stages
) -> tuple[Answer, ...]:
    """Have all chunks answered; what goes wrong with one is its own failure."""
    ref = begun.planned.ref

    async def answer(chunk: Chunk) -> Answer:
        result: Result | None = None
        failure: str | None = None
        try:
            outcome = await stages.infer(ref, chunk, job.recipe, job.store, inference)
            result = first_whole(outcome.results, sent_tokens=chunk.tokens)
            begun.spent.extend((*outcome.spent, *outcome.results))
            check(result, sent_tokens=chunk.tokens)
        except (InferenceError, BudgetError) as error:
            failure = str(error)
            begun.failures.append(error)
        progress.get().answered()
        return Answer(chunk=chunk, result=result, failure=failure)

    answers = await asyncio.gather(*map(answer, begun.planned.chunks))
    return await asyncio.to_thread(fitting, answers, job.recipe)


async def _complete(
    begun: Begun, answers: tuple[Answer, ...], job: Job, inference: Inference, stages: Stages
) -> DocumentReport:
    """Merge and write what was answered, and account for it."""
    ref = begun.planned.ref
    if not any(answer.usable for answer in answers):
        raise (TransientError if begun.may_pass else InferenceError)(str(answers[0].failure))
    merged: MergeOutcome = await stages.merge(
        ref, answers, job.recipe, job.store, inference, job.window
    )
    output = merged.output
    begun.spent.extend(merged.results)
    kept = await inference.kept(c.answer_key for c in output.covered)
    characters = account(begun.document, in_ledger(output.covered, kept), output.gaps)
    source = source_info(ref, job, characters)
    paths = await stages.write(output, source, ref, job.store, job.destination, job.formats)
    return account_of_output(begun, job, output, characters, paths)
