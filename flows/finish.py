"""One document from its chunks to its files."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

from flows.accounts import (
    Begun,
    Planned,
    account_of_failure,
    account_of_output,
    in_ledger,
    source_info,
)
from flows.asking import Asking, answers_of
from flows.job import Job
from flows.merging import merge_all
from flows.stages import Stages
from tasks.core.answers import Answer
from tasks.core.coverage import account
from tasks.core.documents import Document
from tasks.core.errors import DocmillError, InferenceError, InputError, TransientError
from tasks.core.reports import DocumentReport
from tasks.infer.inference import Inference

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
        asking = Asking(begun, job, inference.within(planned.window), stages)
        return await _complete(asking, await answers_of(asking))
    except DocmillError as error:
        reason, may_pass = str(error), error.may_pass
    except Exception as error:  # an edge: a fault of ours must not take other documents along
        logger.exception("%s: unexpected failure", planned.ref.path)
        reason = f"unexpected {type(error).__name__}: {error}"
    return account_of_failure(begun, job, reason, may_pass=may_pass)


async def _complete(asking: Asking, answers: tuple[Answer, ...]) -> DocumentReport:
    """Merge and write what was answered, and account for it."""
    begun, job, stages = asking.begun, asking.job, asking.stages
    if not any(answer.usable for answer in answers):
        raise (TransientError if begun.may_pass else InferenceError)(str(answers[0].failure))
    ref = begun.planned.ref
    output = await merge_all((asking,), answers)
    kept = await asking.inference.kept(c.answer_key for c in output.covered)
    characters = account(begun.document, in_ledger(output.covered, kept), output.gaps)
    source = source_info(ref, job, characters)
    paths: tuple[Path, ...] = ()
    if job.combine != "each":
        job.shelf.put(output, source, ref)
    if job.combine != "all":
        refs = {"": ref}
        paths = await stages.write(output, source, refs, job.store, job.destination, job.formats)
    return account_of_output(begun, job, output, characters, paths)
