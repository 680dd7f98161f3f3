"""Orphans: flow runs whose process was killed, which Prefect shows as running for ever.

A run tells the ledger every few seconds that it lives (`flows.heart`). One that has told so and
has fallen silent is an orphan, however long it may take otherwise. So is one that has never told
and has begun nothing for minutes, as when it was killed in its first moment. What works without
ever having told is left alone: it may well tell another ledger.

An orphan is marked crashed and run again from its deployment. Files of the intake are seen to by
their watcher, which goes by the same mark.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Engine

from tasks.ledger.engine import now_of
from tasks.ledger.heartbeats import last_beats

logger = logging.getLogger("docmill.orphans")


class AtWork(StrEnum):
    """What a run is taken to be doing."""

    BEGINNING = "beginning"
    RUNNING = "running"
    CANCELLING = "cancelling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A run that has not ended, in its state since a time in seconds since the epoch.

    `works`: it is known to have begun some of its work.
    """

    id: str
    name: str
    state: AtWork
    since: float
    works: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many seconds without a sign a run is given up."""

    silent_s: float = 60.0
    beginning_s: float = 600.0


PATIENCE = Patience()


class Server(Protocol):
    """What the sweep needs of a Prefect server; ConfigError where none answers."""

    def at_work(self) -> Sequence[Suspect]:
        """Give the runs of our flows that have begun and have not ended."""

    def bury(self, orphan: Suspect, reason: str) -> str:
        """Mark a run as ended and have it run again; gives the name of that run, or ""."""


def sweep(
    engine: Engine,
    server: Server,
    *,
    doubted: Collection[str] = (),
    patience: Patience = PATIENCE,
) -> frozenset[str]:
    """Find the orphans and see to those that were in doubt before; gives those in doubt now.

    One look is not enough: a machine that wakes up may look before its runs can tell that they
    live.
    """
    suspects = server.at_work()
    with engine.begin() as connection:
        now = now_of(connection)
        beats = last_beats(connection, [suspect.id for suspect in suspects])
    doubts: set[str] = set()
    for suspect in suspects:
        reason = why_orphan(suspect, beats.get(suspect.id), patience=patience, now=now)
        if reason and suspect.id in doubted:
            again = server.bury(suspect, reason)
            logger.warning("%s: %s%s", suspect.name, reason, f"; again as {again}" if again else "")
        elif reason:
            doubts.add(suspect.id)
    return frozenset(doubts)


def why_orphan(suspect: Suspect, beat_at: float | None, *, patience: Patience, now: float) -> str:
    """Say why a run is an orphan; "" where it lives, or may live."""
    since = suspect.since
    silent_s = now - max(beat_at or since, since)
    if suspect.state is not AtWork.BEGINNING and beat_at is not None:
        quiet = silent_s > patience.silent_s
        return f"its process has given no sign of life for {silent_s:.0f} s" if quiet else ""
    lost = not suspect.works and silent_s > patience.beginning_s
    return f"its process has begun nothing for {silent_s:.0f} s" if lost else ""
