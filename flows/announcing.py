"""Telling others of documents; nothing of ours depends on whether anybody hears it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Happening(StrEnum):
    """What happened to a document."""

    ARRIVED = "docmill.document.arrived"
    FINISHED = "docmill.document.finished"
    FAILED = "docmill.document.failed"


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event: what happened to the document of a source, with what others may want to know."""

    happening: Happening
    source: str
    payload: dict[str, Any] = field(default_factory=dict)


class Announce(Protocol):
    """Tells of documents; it never raises."""

    def __call__(self, told: Sequence[Announcement]) -> None:
        """Tell."""
