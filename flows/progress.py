"""What a run tells while it goes on; who listens is up to the way in."""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Protocol

from tasks.core.reports import DocumentReport
from tasks.core.traffic import Traffic
from tasks.infer.prices import PlanPrice
from tasks.write.wording import plural

logger = logging.getLogger("docmill.run")

GO_ON = "run the same command again: answers that are in the ledger are not paid for again"


class Progress(Protocol):
    """A listener."""

    def opened(self, traffic: Callable[[], Traffic]) -> None:
        """Hear how to look at the run's inference while it goes on."""

    def planned(self, documents: int, chunks: int) -> None:
        """Hear how much there is to do."""

    async def agrees(self, price: PlanPrice) -> bool:
        """Hear what the plan costs at most; False stops the run before anything is asked."""

    def answered(self) -> None:
        """Hear that one more chunk has an answer, or has failed."""

    def finished(self, entry: DocumentReport) -> None:
        """Hear how a document ended."""


class LoggedProgress:
    """Tells the log; the deployment has Prefect show what `docmill` logs."""

    def opened(self, traffic: Callable[[], Traffic]) -> None:
        """Stay silent."""

    def planned(self, documents: int, chunks: int) -> None:
        """Log the size of the run."""
        logger.info("%d documents in %d chunks", documents, chunks)

    async def agrees(self, price: PlanPrice) -> bool:
        """Log what the plan costs at most, if it costs anything."""
        if price.usd:
            logger.info("%s", priced(price))
        return True

    def answered(self) -> None:
        """Stay silent."""

    def finished(self, entry: DocumentReport) -> None:
        """Log a document's end."""
        logger.info("%s: %s %s", entry.source, entry.status, entry.reason)


def priced(price: PlanPrice) -> str:
    """Say what a plan costs at most."""
    kept = f", {price.kept} of them answered before" if price.kept else ""
    chunks = f"{plural(price.chunks, 'chunk')} of {plural(price.documents, 'document')}{kept}"
    return f"{chunks}: at most ${price.usd:.4f} and {price.tokens:,} tokens"


progress: ContextVar[Progress] = ContextVar("progress", default=LoggedProgress())  # noqa: B039 - it has no state
