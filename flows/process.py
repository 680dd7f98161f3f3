"""The whole story of a run: sources in, finished documents and a report out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import PurePath

from prefect import State, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed
from pydantic import ValidationError

from flows.accounts import Planned, unread
from flows.allowance import Allowance
from flows.approval import approve
from flows.artifacts import show_report, tag
from flows.combining import combine
from flows.events import announce_report
from flows.finish import finish
from flows.heart import beating
from flows.interpreter import answering
from flows.job import Job, prepare
from flows.live import live_progress
from flows.planning import plan_all
from flows.price import price_all, price_of
from flows.progress import progress
from flows.providers import open_inference
from flows.reporting import RunReport, keep_report
from flows.request import Request
from flows.roots import lead_outside, within_roots
from flows.settings import settings_of_worker
from flows.stages import PLAIN, READING_RUNS, SHOWN, Stages, batches, each, fits
from flows.together import finish_together
from tasks.core.errors import BudgetError, DocmillError, RefusedError
from tasks.core.reports import DocumentReport, Report, Status
from tasks.core.settings import Settings, load_settings
from tasks.extract.read import Readers
from tasks.extract.reading import Reading
from tasks.extract.sources import find_sources
from tasks.extract.task import extract_sources
from tasks.infer.inference import Inference

logger = logging.getLogger("docmill.run")


def _run_name() -> str:
    """Name a run for people, as in "summarize lease.pdf" or "summarize 12 documents"."""
    try:
        request = Request.model_validate(flow_run.parameters["request"])
        sources = find_sources(within_roots(request, load_settings()).sources)
    except (DocmillError, ValidationError):  # the run itself will say what is wrong
        return "cannot start"
    what = PurePath(sources[0].name).name if len(sources) == 1 else f"{len(sources)} documents"
    return f"{request.recipe} {what}"


@flow(name="process-documents", flow_run_name=_run_name)
async def process_documents(request: Request) -> State[Report]:
    """Answer a recipe for every document and write the outputs.

    Prefect hands callers the report that is in the state.
    """
    return await state_of(process(request))


async def state_of(processing: Awaitable[Report]) -> State[Report]:
    """Show in the UI whether all documents are done, which a plain "Completed" would hide."""
    try:
        report = await processing
    except RefusedError as refused:
        return Cancelled(name="Refused", message=str(refused))
    done = sum(entry.status is Status.DONE for entry in report.documents)
    count = len(report.documents)
    name = "Completed" if done == count else "Incomplete"
    return Completed(name=name, message=f"{done} of {count} documents done", data=report)


async def process(request: Request, *, editions: Mapping[str, str] | None = None) -> Report:
    """Tell the story within whichever flow it is called.

    `editions` tell sources apart that come under one path at different times.
    """
    settings = await settings_of_worker()
    job = prepare(within_roots(request, settings), settings)
    job = replace(job, editions=editions or {})
    await tag(str(flow_run.id), job.recipe.name, job.provider)
    if job.left_out:
        logger.info("%d outputs of earlier runs are left out of the sources", job.left_out)
    async with (
        beating(settings.ledger_url(), str(flow_run.id)),
        open_inference(settings, job) as inference,
        keep_report(job, inference.label(job.recipe.model), inference.traffic) as report,
        live_progress(),
    ):
        progress.get().opened(inference.traffic)
        readings = await read_all(job, settings)
        job = job.with_read(reading.source for reading in readings)
        report.read(job)
        planned = await price_all(await plan_all(job, readings, inference), job, inference)
        await approve(planned, job, within_s=settings.approve_within_s)
        await report_unread(job, readings, report)
        if await progress.get().agrees(price_of(planned)):
            with answering():
                await finish_all(planned, job, inference, report)
            await combine(job, report)
        else:
            report.not_reached = "the price was not agreed to"
        closed = report.close()
    await show_report(closed, settings.outputs_url)
    await announce_report(closed, str(flow_run.id))
    return closed


async def read_all(job: Job, settings: Settings) -> tuple[Reading, ...]:
    """Read all sources and those inside them; only then is the size of the run known."""
    refused = lead_outside(job.sources, settings)
    kept_out = {reading.source for reading in refused}
    sources = tuple(source for source in job.sources if source not in kept_out)
    password = settings.password.get_secret_value() if settings.password else None
    async with Readers(job.limits, at_once=settings.extract_at_once, password=password) as readers:
        read = await asyncio.gather(
            *(
                extract_sources(batch, readers, job.store, job.reading)
                for batch in batches(sources, READING_RUNS)
            )
        )
    return (*refused, *(reading for batch in read for reading in batch))


async def report_unread(job: Job, readings: tuple[Reading, ...], report: RunReport) -> None:
    """Enter the sources that could not be read."""
    for reading in readings:
        if reading.ref is None:
            source, reason, may_pass = reading.source.address, reading.failure, reading.may_pass
            await report.add(unread(source, job, Status.FAILED, reason, may_pass=may_pass))


async def finish_all(
    planned: tuple[Planned, ...], job: Job, inference: Inference, report: RunReport
) -> None:
    """Let each document flow on by itself, shown step by step or many to a task run."""
    allowance = Allowance(inference.ledger, inference.budget)
    if job.together and planned:
        shown = fits(len(planned), sum(len(document.chunks) for document in planned))
        stages = SHOWN if shown else PLAIN
        for entry in await finish_together(allowance, planned, job, inference, stages):
            await report.add(entry)
        return
    if fits(len(planned), sum(len(document.chunks) for document in planned)):

        async def one(document: Planned) -> None:
            await report.add(await finish_within(allowance, document, job, inference, SHOWN))

        await each(planned, one)
        return

    async def one_plainly(document: Planned) -> None:
        await report.add(await finish_within(allowance, document, job, inference, PLAIN))

    async def some(documents: tuple[Planned, ...]) -> None:
        await finish_documents(Batch(documents, one_plainly))

    await each(batches(planned, READING_RUNS), some)


class Batch:
    """Documents that one task run finishes; no dataclass, else Prefect would walk them all."""

    def __init__(
        self, documents: tuple[Planned, ...], finish_one: Callable[[Planned], Awaitable[None]]
    ) -> None:
        self.name = documents[0].ref.name
        self._documents = documents
        self._finish_one = finish_one

    async def finish(self) -> None:
        """Finish the documents one after the other."""
        for document in self._documents:
            await self._finish_one(document)


@task(task_run_name="finish {batch.name} and others", cache_policy=NO_CACHE)
async def finish_documents(batch: Batch) -> None:
    """Finish documents where a task run for each step of them would be too many."""
    await batch.finish()


async def finish_within(
    allowance: Allowance, document: Planned, job: Job, inference: Inference, stages: Stages
) -> DocumentReport:
    """Finish a document, or do not begin it where the budget would not last to its end."""
    try:
        async with allowance.begun(document.worst):
            return await finish(document, job, inference, stages)
    except BudgetError as error:
        return unread(document.ref.path, job, Status.SKIPPED, str(error))
