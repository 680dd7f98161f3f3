"""A run's progress as Prefect shows it while it goes on: one artifact, brought up to date."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import httpx
from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact
from prefect.exceptions import PrefectException

from flows.progress import Progress, progress
from tasks.core.reports import DocumentReport, Status
from tasks.core.traffic import Traffic
from tasks.infer.prices import PlanPrice
from tasks.write.wording import number, plural

logger = logging.getLogger("docmill.run")

SHOW_EVERY_S = 2.0
UNREACHED = (httpx.HTTPError, PrefectException)
"""A server that cannot be told of progress is no reason to stop making it."""


class Counted:
    """Hands on what it hears to a listener, and counts it."""

    def __init__(self, listener: Progress) -> None:
        self._listener = listener
        self._documents = self._chunks = self._answered = self._finished = self._troubled = 0

    def opened(self, traffic: Callable[[], Traffic]) -> None:
        """Hand on."""
        self._listener.opened(traffic)

    async def agrees(self, price: PlanPrice) -> bool:
        """Hand on."""
        return await self._listener.agrees(price)

    def planned(self, documents: int, chunks: int) -> None:
        """Take down the size of the run."""
        self._documents, self._chunks = documents, chunks
        self._listener.planned(documents, chunks)

    def answered(self) -> None:
        """Count a chunk."""
        self._answered += 1
        self._listener.answered()

    def finished(self, entry: DocumentReport) -> None:
        """Count a document."""
        self._finished += 1
        self._troubled += entry.status is not Status.DONE
        self._listener.finished(entry)

    def percent(self) -> float:
        """Give how far the run is, by its answers, which take most of its time."""
        return min(100.0, 100.0 * self._answered / self._chunks) if self._chunks else 0.0

    def told(self) -> str:
        """Say in a line how far the run is."""
        if not self._chunks:
            return "Reading the sources"
        trouble = f", {number(self._troubled)} of them not done" if self._troubled else ""
        return (
            f"{number(self._answered)} of {plural(self._chunks, 'chunk')} answered, "
            f"{plural(self._finished, 'document')} finished{trouble}"
        )


@asynccontextmanager
async def live_progress() -> AsyncIterator[None]:
    """Show in Prefect how far the run is, while this lasts."""
    counted = Counted(progress.get())
    before = progress.set(counted)
    showing = asyncio.create_task(_show(counted))
    try:
        yield
    finally:
        progress.reset(before)
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _show(counted: Counted) -> None:
    """Bring the artifact up to date whenever there is news, the last of it at the end."""
    shown, artifact = counted.told(), None
    with suppress(*UNREACHED):
        artifact = await acreate_progress_artifact(0.0, key="progress", description=shown)
    if artifact is None:
        return
    try:
        while True:
            await asyncio.sleep(SHOW_EVERY_S)
            shown = await _update(artifact, counted, shown)
    finally:
        await _update(artifact, counted, shown)


async def _update(artifact: UUID, counted: Counted, shown: str) -> str:
    told = counted.told()
    if told != shown:
        with suppress(*UNREACHED):
            await aupdate_progress_artifact(artifact, counted.percent(), description=told)
    return told
