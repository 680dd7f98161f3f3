"""Settling: rows of the intake hear from the run itself what became of their files.

Each is settled as soon as its document has ended, so that a run that is killed leaves open only
what was under way.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from flows.process import process
from flows.progress import Progress, progress
from flows.request import Request
from tasks.core.errors import DocmillError
from tasks.core.reports import DocumentReport, Report, Status
from tasks.core.traffic import Traffic
from tasks.infer.prices import PlanPrice
from tasks.ledger import intake
from tasks.ledger.engine import now_of, open_engine
from tasks.ledger.intake import Outcome, Row
from tasks.ledger.writer import Writer


class Settling:
    """A listener that settles the row of each document that ends; the rest it hands on."""

    def __init__(
        self, writer: Writer, batch: str, rows: Mapping[str, Row], listener: Progress
    ) -> None:
        self._writer = writer
        self._batch = batch
        self._rows = rows
        self._listener = listener

    def opened(self, traffic: Callable[[], Traffic]) -> None:
        """Hand on."""
        self._listener.opened(traffic)

    def planned(self, documents: int, chunks: int) -> None:
        """Hand on."""
        self._listener.planned(documents, chunks)

    async def agrees(self, price: PlanPrice) -> bool:
        """Hand on."""
        return await self._listener.agrees(price)

    def answered(self) -> None:
        """Hand on."""
        self._listener.answered()

    def finished(self, entry: DocumentReport) -> None:
        """Settle a document's row; one that was not reached may be, if the run goes on."""
        self._listener.finished(entry)
        if entry.status is not Status.SKIPPED:
            self.settle([entry])

    def settle(self, entries: Iterable[DocumentReport]) -> None:
        """Settle the rows of documents, without waiting for it."""
        self.settle_as({entry.source: outcome_of(entry) for entry in entries})

    def settle_as(self, outcomes: Mapping[str, Outcome]) -> None:
        """Settle rows by their sources; a source without one is told of in the report alone."""
        by_row = {self._rows[s].id: outcome for s, outcome in outcomes.items() if s in self._rows}
        self._writer.submit(lambda c: intake.settle(c, self._batch, by_row, now=now_of(c)))


def outcome_of(entry: DocumentReport) -> Outcome:
    """Make of a document's entry what the intake keeps; a partial output is no end to be had."""
    partial = "partial: " if entry.status is Status.PARTIAL else ""
    return Outcome(
        done=entry.status is Status.DONE,
        reason=partial + entry.reason,
        may_pass=entry.may_pass or entry.status is Status.SKIPPED,
        outputs=entry.outputs,
    )


async def process_rows(
    request: Request,
    rows: Mapping[str, Row],
    *,
    batch: str,
    ledger_url: str,
    editions: Mapping[str, str] | None = None,
) -> Report:
    """Process files whose rows are given by source, and settle each row once.

    What goes wrong with the whole request is the reason of all of them. `editions` are those of
    `process`.
    """
    async with _settling(ledger_url, batch, rows) as settling:
        try:
            report = await process(request, editions=editions)
        except DocmillError as error:
            failed = Outcome(done=False, reason=str(error), may_pass=error.may_pass)
            settling.settle_as(dict.fromkeys(rows, failed))
            raise
        settling.settle(report.documents)
    return report


@asynccontextmanager
async def _settling(url: str, batch: str, rows: Mapping[str, Row]) -> AsyncIterator[Settling]:
    writer = Writer(open_engine(url))
    settling = Settling(writer, batch, rows, progress.get())
    before = progress.set(settling)
    try:
        yield settling
    finally:
        progress.reset(before)
        await asyncio.to_thread(writer.close)
