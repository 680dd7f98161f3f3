"""Many documents in one question: each is asked by itself, all answers become one output."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, chain, pairwise
from typing import TypeVar

from flows.accounts import (
    Begun,
    Planned,
    account_of_failure,
    account_of_output,
    in_ledger,
    unread,
)
from flows.allowance import Allowance
from flows.asking import Asking, answers_of
from flows.job import Job
from flows.merging import merge_all
from flows.progress import progress
from flows.stages import Stages
from flows.worst import sum_of
from tasks.core.answers import Result
from tasks.core.coverage import account, total
from tasks.core.documents import Document
from tasks.core.errors import BudgetError, DocmillError, InferenceError, TransientError
from tasks.core.outputs import Citation, Covered, Gap, Output, Silent
from tasks.core.reports import Characters, DocumentReport, Status
from tasks.core.sentences import Sentence, sentences
from tasks.infer.inference import Inference
from tasks.write.source import SourceInfo

logger = logging.getLogger("docmill.run")

Part = TypeVar("Part", Citation, Covered, Gap, Silent)

STEM = "together"


async def finish_together(
    allowance: Allowance,
    planned: Sequence[Planned],
    job: Job,
    inference: Inference,
    stages: Stages,
) -> tuple[DocumentReport, ...]:
    """Infer, merge and write one output of all documents; each has an entry of its own.

    They are not begun where the budget would not last to their end. What is there twice, as one
    file attached to two mails, is asked of once.
    """
    full = [one for one in planned if one.chunks]
    once: dict[str, Planned] = {}
    for one in full:
        once.setdefault(one.ref.key, one)
    sent = list(once.values())
    empty = [
        unread(one.ref.path, job, Status.FAILED, "empty: nothing of its text is to be sent")
        for one in planned
        if not one.chunks
    ]
    if not sent:
        return tuple(empty)
    known = {one.ref.path for one in full}
    missing = [source.name for source in job.sources if source.address not in known]
    try:
        async with allowance.begun(sum_of(one.worst for one in sent)):
            finished = await _finish(sent, missing, job, inference, stages)
    except BudgetError as error:
        return tuple(unread(one.ref.path, job, Status.SKIPPED, str(error)) for one in planned)
    entries = {one.ref.key: entry for one, entry in zip(sent, finished, strict=True)}
    return (*(_entry(one, entries[one.ref.key], job) for one in full), *empty)


def _entry(one: Planned, of: DocumentReport, job: Job) -> DocumentReport:
    """Give the entry of a document; that of a copy has none of the calls, which it did not need."""
    path = one.ref.path
    if of.source == path:
        return of
    for _ in one.chunks:  # with the other's answers, for whoever counts them
        progress.get().answered()
    copy = replace(of, source=path, identity=job.identity(path), calls=0, reused=0, usd=0.0)
    return replace(copy, sentences=0, cited_sentences=0)


async def _finish(
    planned: Sequence[Planned],
    missing: Sequence[str],
    job: Job,
    inference: Inference,
    stages: Stages,
) -> tuple[DocumentReport, ...]:
    begun = begin(planned)
    may_pass = False
    try:
        begun = [await _fetched(one, job) for one in begun]
        return await _complete([_asking(one, job, inference, stages) for one in begun], missing)
    except DocmillError as error:
        reason, may_pass = str(error), error.may_pass
    except Exception as error:  # an edge: the entries of what was paid for must be written
        logger.exception("unexpected failure")
        reason = f"unexpected {type(error).__name__}: {error}"
    return tuple(account_of_failure(one, job, reason, may_pass=may_pass) for one in begun)


def begin(planned: Sequence[Planned]) -> list[Begun]:
    """Begin documents that bear what is joint by the number of their chunks."""
    sums = [*accumulate((len(one.chunks) for one in planned), initial=0)]
    shares = pairwise(count / sums[-1] for count in sums)
    joint: list[Result] = []
    return [
        Begun(one, Document(digest=one.ref.digest, text=""), [], joint=joint, share=share)
        for one, share in zip(planned, shares, strict=True)
    ]


def _asking(begun: Begun, job: Job, inference: Inference, stages: Stages) -> Asking:
    return Asking(begun, job, inference.within(begun.planned.window), stages)


async def _fetched(begun: Begun, job: Job) -> Begun:
    return replace(begun, document=await asyncio.to_thread(job.store.fetch, begun.planned.ref))


async def _complete(
    askings: Sequence[Asking], missing: Sequence[str]
) -> tuple[DocumentReport, ...]:
    """Ask of all documents, merge and write, and account for each."""
    answered = await asyncio.gather(*map(answers_of, askings))
    answers = tuple(chain.from_iterable(answered))
    if not any(answer.usable for answer in answers):
        may_pass = all(asking.begun.may_pass for asking in askings)
        raise (TransientError if may_pass else InferenceError)(str(answers[0].failure))
    output = _without(await merge_all(askings, answers), missing)
    kept = await askings[0].inference.kept(c.answer_key for c in output.covered)
    said = sentences(output.body, output.citations) if output.sentences else ()
    owns = [_own(output, said, asking.begun.planned.name) for asking in askings]
    characters = [
        account(asking.begun.document, in_ledger(own.covered, kept), own.gaps)
        for asking, own in zip(askings, owns, strict=True)
    ]
    job, stages = askings[0].job, askings[0].stages
    refs = {asking.begun.planned.name: asking.begun.planned.ref for asking in askings}
    source = _source(askings, job, total(characters))
    paths = await stages.write(output, source, refs, job.store, job.destination, job.formats)
    return tuple(
        account_of_output(asking.begun, job, own, counted, paths)
        for asking, own, counted in zip(askings, owns, characters, strict=True)
    )


def _without(output: Output, missing: Sequence[str]) -> Output:
    """Say in an output which sources are missing from it altogether."""
    flaws = (f"This output is partial: nothing of {name} is in it." for name in missing)
    return replace(output, flaws=(*output.flaws, *flaws))


def _own(output: Output, said: Sequence[Sentence], name: str) -> Output:
    """Give an output with only what it has of one document: of the sentences, those that cite it.

    All of them are the output's that the document is in, as its files are.
    """

    def of(parts: Sequence[Part]) -> tuple[Part, ...]:
        return tuple(part for part in parts if part.document == name)

    return replace(
        output,
        covered=of(output.covered),
        gaps=of(output.gaps),
        citations=of(output.citations),
        uncarried=of(output.uncarried),
        silent=of(output.silent),
        cited_sentences=sum(any(c.document == name for c in one.citations) for one in said),
    )


def _source(askings: Sequence[Asking], job: Job, characters: Characters) -> SourceInfo:
    """Tell the writers of all documents as of one source."""
    refs = [asking.begun.planned.ref for asking in askings]
    identities = "\n".join(sorted(job.identity(ref.path) for ref in refs))
    digests = "\n".join(ref.digest for ref in refs)
    return SourceInfo(
        name=", ".join(asking.begun.planned.name for asking in askings),
        stem=STEM,
        identity=hashlib.sha256(identities.encode()).hexdigest(),
        digest=hashlib.sha256(digests.encode()).hexdigest(),
        characters=characters,
    )
