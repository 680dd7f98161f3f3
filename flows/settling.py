"""Settling: rows of the intake hear from the run itself what became of their files.

Each is settled as soon as its document and all that lie in it have ended, so that a run that is
killed leaves open only what was under way.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import PurePath

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
        self._ended: dict[str, DocumentReport] = {}
        self._around: dict[str, str] = {}

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
        """Settle a file's row once all in it have ended; what was not reached may be yet."""
        self._listener.finished(entry)
        if entry.status is Status.SKIPPED:
            return
        self._ended[entry.source] = entry
        self._around.update(dict.fromkeys(entry.inside, entry.source))
        file = entry.source
        while file in self._around:
            file = self._around[file]
        members = family(file, self._ended)
        if None not in members:
            self.settle(member for member in members if member)

    def settle(self, entries: Iterable[DocumentReport]) -> None:
        """Settle the rows of documents, each with all that lie in it, without waiting for it."""
        told = {entry.source: entry for entry in entries}
        within = {source for entry in told.values() for source in entry.inside}
        files = (source for source in told if source not in within)
        self.settle_as({file: outcome_of(*filter(None, family(file, told))) for file in files})

    def settle_as(self, outcomes: Mapping[str, Outcome]) -> None:
        """Settle rows by their sources; a source without one is told of in the report alone."""
        by_row = {self._rows[s].id: outcome for s, outcome in outcomes.items() if s in self._rows}
        self._writer.submit(lambda c: intake.settle(c, self._batch, by_row, now=now_of(c)))


def family(source: str, entries: Mapping[str, DocumentReport]) -> tuple[DocumentReport | None, ...]:
    """Give the entry of a source and of all that lie in it, None in the place of one not there."""
    entry = entries.get(source)
    if entry is None:
        return (None,)
    return (entry, *(member for inner in entry.inside for member in family(inner, entries)))


def outcome_of(entry: DocumentReport, *within: DocumentReport) -> Outcome:
    """Make of a file's entries what the intake keeps; a partial output is no end to be had."""
    open_ = [each for each in (entry, *within) if each.status is not Status.DONE]
    return Outcome(
        done=not open_,
        reason="; ".join(_reason(each, named=each is not entry) for each in open_),
        may_pass=bool(open_) and all(e.may_pass or e.status is Status.SKIPPED for e in open_),
        outputs=tuple(output for each in (entry, *within) for output in each.outputs),
    )


def _reason(entry: DocumentReport, *, named: bool) -> str:
    """Say why a document is not done, with its name if it is not the file itself."""
    name = f"{PurePath(entry.source).name}: " if named else ""
    partial = "partial: " if entry.status is Status.PARTIAL else ""
    return name + partial + entry.reason


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
