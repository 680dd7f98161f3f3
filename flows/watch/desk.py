"""What the steps of a watcher share: the folder, what is wanted of it, and whom to ask."""

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from flows.announcing import Announce, Announcement, Happening
from flows.watch.runs import Runs
from flows.watch.scan import Seen, Stamp
from flows.watch.stillness import Patience
from flows.watch.wishes import Wishes
from tasks.ledger.intake import Row, State, open_rows

RETRY_AFTER_S = (30.0, 300.0, 1800.0, 7200.0)
"""How long to wait after each attempt that failed for a reason that may pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a watcher goes about; all times are seconds.

    `batch` files of one kind go into a run at most, and `open_runs` runs are under way at a time.
    """

    patience: Patience = field(default_factory=Patience)
    rescan_s: float = 60.0
    look_s: float = 2.0
    retry_after_s: tuple[float, ...] = RETRY_AFTER_S
    batch: int = 20
    open_runs: int = 16


@dataclass(frozen=True, slots=True)
class Known:
    """A file whose row is known: how it looked, None for what is no file, and its row."""

    stamp: Stamp | None
    row_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A watched folder and all that is needed to see to it.

    `known` and `waiting` are what is remembered between two turns: the files that have a row, and
    why others have none yet.
    """

    folder: Path
    wishes: Wishes
    engine: Engine
    runs: Runs
    announce: Announce
    rules: Rules = field(default_factory=Rules)
    known: dict[str, Known] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)

    @property
    def inbox(self) -> str:
        """Give the folder's name in the intake."""
        return str(self.folder)

    def lies_there(self, row: Row, seen: Seen) -> bool:
        """Tell whether the file of a row lies in the folder as the row has it."""
        known = self.known.get(row.path)
        return known is not None and known.row_id == row.id and seen.has(row.path, known.stamp)

    def rows(self, *states: State) -> list[Row]:
        """Give the rows of files that lie in the folder, as far as is known."""
        with self.engine.begin() as connection:
            return open_rows(connection, self.inbox, *states)


def announced(row: Row, happening: Happening, **more: object) -> Announcement:
    """Make of a row what others are told."""
    source = str(Path(row.inbox) / row.path)
    return Announcement(happening, source, {"digest": row.digest, **more})
