"""The seam between the watcher and what runs the documents: Prefect, or a stand-in in tests."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from flows.request import Request


class Ending(StrEnum):
    """How a run ended, as far as the run itself goes; unanswered: nobody approved its plan."""

    COMPLETED = "completed"
    FAILED = "failed"
    CRASHED = "crashed"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class RunView:
    """What is known of a run: its ending, or None while it waits or runs, and what it says."""

    ending: Ending | None = None
    message: str = ""


class Runs(Protocol):
    """Starts runs and tells of them; ConfigError where nobody answers, and what to do."""

    def start(self, request: Request, batch: str) -> str:
        """Start the run of a batch and give its id; for the same batch always the same run."""

    def look(self, runs: Collection[str]) -> Mapping[str, RunView]:
        """Give what is known of runs; one that is lost is missing."""
