"""The report of a run, kept up to date on disk while the run goes on."""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prefect.exceptions import Pause

from flows.accounts import unread, unwritten
from flows.job import Job
from flows.progress import GO_ON, progress
from tasks.core.errors import OutputError
from tasks.core.reports import DocumentReport, Report, Status
from tasks.core.traffic import Traffic
from tasks.write.report import save_run

logger = logging.getLogger("docmill.run")

SAVE_EVERY_S = 2.0
NOT_WRITTEN = "answered, but the output for all documents was not written when the run stopped"


class RunReport:
    """The entries of a run as they come in; each is on disk within seconds."""

    def __init__(self, job: Job, model: str, traffic: Callable[[], Traffic]) -> None:
        self._job = job
        self._traffic = traffic
        self.not_reached = "not reached when the run stopped"
        self._saved_at = 0.0
        self._entries: dict[str, DocumentReport] = {}
        self._inside: dict[str, tuple[str, ...]] = {}
        self._report = Report(
            run=f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}",
            started=datetime.now(UTC).isoformat(timespec="milliseconds"),
            provider=job.provider,
            model=model,
        )

    def read(self, job: Job) -> None:
        """Take in the job once all is read: its sources now are those inside others, too."""
        self._job = job
        inside: dict[str, list[str]] = {}
        for source in job.sources:
            if source.around:
                inside.setdefault(source.around, []).append(source.address)
        self._inside = {source: tuple(within) for source, within in inside.items()}

    async def add(self, entry: DocumentReport) -> None:
        """Take a document's entry, tell the listener, and save now and then.

        One whose only output is that for all has not ended before that is written.
        """
        entry = replace(entry, inside=self._inside.get(entry.source, ()))
        self._entries[entry.source] = entry
        if not self._waits(entry):
            progress.get().finished(entry)
        if time.monotonic() - self._saved_at < SAVE_EVERY_S:
            return
        self._saved_at = time.monotonic()
        try:
            await asyncio.to_thread(save_run, self.so_far(), self._job.folder)
        except OutputError as error:  # the report can wait; calls that are under way cannot
            logger.warning("the report could not be saved, going on: %s", error)

    def enter(self, sources: Iterable[str], outputs: Iterable[Path]) -> None:
        """Enter an output that several documents are in."""
        added = tuple(map(str, outputs))
        for source in sources:
            entry = self._entries[source]
            self._replace(entry, replace(entry, outputs=(*entry.outputs, *added)))

    def lose(self, sources: Iterable[str], reason: str) -> None:
        """Say of documents that the output for all could not be written; some have no other."""
        for source in sources:
            entry = self._entries[source]
            told = " ".join(filter(None, (entry.reason, reason)))
            lost = (
                replace(entry, status=Status.PARTIAL, reason=told)
                if entry.outputs
                else unwritten(entry, told)
            )
            self._replace(entry, lost)

    def _replace(self, entry: DocumentReport, ended: DocumentReport) -> None:
        self._entries[entry.source] = ended
        if self._waits(entry):
            progress.get().finished(ended)

    def _waits(self, entry: DocumentReport) -> bool:
        """Tell whether a document's answers are kept for the output for all, and in no other."""
        answered = entry.status is Status.DONE or entry.status is Status.PARTIAL
        return answered and not entry.outputs and entry.source in self._job.shelf.kept

    def so_far(self) -> Report:
        """Give the report: a source without an entry is skipped, an answer in no output failed."""
        entries = (
            self._so_far(self._entries.get(source.address), source.address)
            for source in self._job.sources
        )
        return replace(
            self._report,
            documents=tuple(entries),
            how_to_go_on=GO_ON,
            traffic=self._traffic(),
        )

    def _so_far(self, entry: DocumentReport | None, source: str) -> DocumentReport:
        if entry is None:
            skipped = unread(source, self._job, Status.SKIPPED, self.not_reached)
            return replace(skipped, inside=self._inside.get(source, ()))
        return unwritten(entry, NOT_WRITTEN) if self._waits(entry) else entry

    def close(self) -> Report:
        """Write the finished report; it says how to go on if any document is not done."""
        finished = datetime.now(UTC).isoformat(timespec="milliseconds")
        report = replace(self.so_far(), finished=finished)
        if all(entry.status is Status.DONE for entry in report.documents):
            report = replace(report, how_to_go_on=None)
        save_run(report, self._job.folder)
        return report

    def interrupt(self) -> None:
        """Write what there is; not awaited, since the run is being torn down."""
        save_run(self.so_far(), self._job.folder)


@asynccontextmanager
async def keep_report(
    job: Job, model: str, traffic: Callable[[], Traffic]
) -> AsyncIterator[RunReport]:
    """Keep a run's report; whatever ends the run, what was done is on disk."""
    report = RunReport(job, model, traffic)
    try:
        yield report
    except Pause:  # the run waits for a person, and keeps its report when it goes on
        raise
    except BaseException:
        report.interrupt()
        raise
