"""The account of a report: a document's figures, and the sums over documents."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import fsum
from typing import Any

from tasks.core.coverage import coverage, total
from tasks.core.reports import DocumentReport, Status

# Prices have some five figures after the point; sums of floats have noise behind that.
_USD_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over documents; coverage is answered / (read - set apart).

    `unread` counts documents of which nothing, or not all, could be read: coverage says nothing of
    what is missing.
    """

    documents: int
    done: int
    partial: int
    failed: int
    skipped: int
    unread: int
    characters_read: int
    characters_answered: int
    characters_set_apart: int
    characters_failed: int
    characters_unread: int
    characters_unexplained: int
    coverage: float | None
    chunks: int
    calls: int
    reused: int
    usd: float


def totals(documents: Iterable[DocumentReport]) -> Totals:
    """Add up what became of some documents."""
    told = list(documents)
    characters = total(document.characters for document in told)
    statuses = [document.status for document in told]
    return Totals(
        documents=len(told),
        **{str(status): statuses.count(status) for status in Status},
        unread=sum(map(_unread, told)),
        **{f"characters_{name}": count for name, count in asdict(characters).items()},
        characters_unexplained=characters.unexplained,
        coverage=coverage(characters),
        chunks=sum(document.chunks for document in told),
        calls=sum(document.calls for document in told),
        reused=sum(document.reused for document in told),
        usd=round(fsum(document.usd for document in told), _USD_DIGITS),
    )


def document_as_dict(document: DocumentReport) -> dict[str, Any]:
    """Give a document's entry in the shape that scripts rely on."""
    return asdict(document) | {
        "status": str(document.status),
        "outputs": list(document.outputs),
        "citations": {str(status): count for status, count in document.citations},
        "coverage": coverage(document.characters),
        "usd": round(document.usd, _USD_DIGITS),
    }


def _unread(document: DocumentReport) -> bool:
    nothing = document.status is not Status.DONE and not document.characters.read
    return nothing or document.characters.unread > 0
