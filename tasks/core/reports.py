"""What a run did to each document, character by character."""

from dataclasses import dataclass, field
from enum import StrEnum

from tasks.core.margin import Margin
from tasks.core.outputs import CitationStatus, Gap
from tasks.core.traffic import Traffic


class Status(StrEnum):
    """How a document ended."""

    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Characters:
    """The account of a document's characters; each figure is counted by itself.

    `unread` counts the pages and parts of the source that are there and could not be read: nobody
    knows their characters, so any share of those that were read is one of less than the whole.
    """

    read: int = 0
    answered: int = 0
    set_apart: int = 0
    failed: int = 0
    unread: int = 0

    @property
    def unexplained(self) -> int:
        """Give the characters that no other figure accounts for; anything but 0 is a fault."""
        return self.read - self.answered - self.set_apart - self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReport:
    """What a run did to one document; `calls` were paid for, `reused` came from the ledger.

    `may_pass`: it failed, and trying again later may help though nothing is changed. `inside` names
    the sources that lie right in this one, as attachments in an e-mail; each has its own entry.
    `margin` is the one that it was planned with. `silent` counts the answers that say, by protocol,
    that their chunk holds nothing to the point. Where several documents have one output together,
    `sentences` are those of that output, `cited_sentences` those of them that cite this document,
    and what merging cost is shared out by the number of chunks.
    """

    source: str
    recipe: str
    status: Status
    reason: str = ""
    outputs: tuple[str, ...] = ()
    characters: Characters = field(default_factory=Characters)
    chunks: int = 0
    calls: int = 0
    reused: int = 0
    usd: float = 0.0
    citations: tuple[tuple[CitationStatus, int], ...] = ()
    sentences: int = 0
    cited_sentences: int = 0
    silent: int = 0
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[str, ...] = ()
    identity: str = ""
    may_pass: bool = False
    inside: tuple[str, ...] = ()
    margin: Margin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did to each document; see `tasks.core.coverage` for its totals."""

    run: str
    started: str
    provider: str
    model: str
    finished: str | None = None
    how_to_go_on: str | None = None
    documents: tuple[DocumentReport, ...] = ()
    traffic: Traffic | None = None
