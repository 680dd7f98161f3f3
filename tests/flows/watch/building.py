"""An inbox in a temporary folder, a clock that is set, and runs that do as they are told."""

import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from flows.announcing import Announcement
from flows.request import Request
from flows.watch.desk import Desk, Rules
from flows.watch.inbox import Inbox
from flows.watch.runs import Ending, RunView
from flows.watch.wishes import Wishes
from tasks.core.errors import ConfigError
from tasks.ledger import intake
from tasks.ledger.engine import open_engine, prepare
from tasks.ledger.intake import Outcome, Row, State

START = 1_000_000.0
QUIET_S = 5.0
DONE = Outcome(done=True)


@dataclass
class FakeRuns:
    """Stands for Prefect: knows a run by its batch, and ends it when it is told to."""

    engine: Engine
    down: bool = False
    requests: dict[str, Request] = field(default_factory=dict)
    views: dict[str, RunView] = field(default_factory=dict)

    def start(self, request: Request, batch: str) -> str:
        self._answer()
        run = f"run-{batch[:8]}"
        self.requests.setdefault(run, request)
        self.views.setdefault(run, RunView())
        return run

    def look(self, runs: Collection[str]) -> Mapping[str, RunView]:
        self._answer()
        return {run: self.views[run] for run in runs if run in self.views}

    def finish_all(self, outcome: Outcome = DONE, *, now: float = START) -> int:
        """Settle all that is under way, as the flow does, and give how many files that were."""
        with self.engine.begin() as connection:
            rows = [
                row
                for inbox in intake.inboxes(connection)
                for row in intake.open_rows(connection, inbox, State.STARTED)
            ]
            for row in rows:
                intake.settle(connection, row.batch, {row.id: outcome}, now=now)
                self.views[row.run] = RunView(Ending.COMPLETED)
        return len(rows)

    def end_all(self, ending: Ending) -> None:
        """End all runs that are under way without settling a file."""
        for run, view in self.views.items():
            if view.ending is None:
                self.views[run] = RunView(ending)

    def sources(self) -> list[str]:
        """Give the names of all files that runs were started for, in alphabetical order."""
        return sorted(Path(s).name for r in self.requests.values() for s in r.sources)

    def _answer(self) -> None:
        if self.down:
            raise ConfigError("no Prefect server answers: start `docmill up`")


@dataclass
class Heard:
    """What was announced."""

    told: list[Announcement] = field(default_factory=list)

    def __call__(self, told: Sequence[Announcement]) -> None:
        self.told.extend(told)

    def kinds(self) -> list[str]:
        return [each.happening.rpartition(".")[2] for each in self.told]


class Watched:
    """An inbox under test: `at` looks in at a time, `wait` lets files stand still."""

    def __init__(self, folder: Path, *, rules: Rules | None = None) -> None:
        self.folder = folder / "in"
        self.out = folder / "out"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.url = f"sqlite:///{folder / 'ledger.db'}"
        self.engine = open_engine(self.url)
        with self.engine.begin() as connection:
            prepare(connection)
        self.runs = FakeRuns(self.engine)
        self.heard = Heard()
        self.rules = rules or Rules()
        self.now = START
        self.restart()

    def restart(self) -> None:
        """Forget all that a watcher has in memory, as a kill does."""
        desk = Desk(
            folder=self.folder,
            wishes=Wishes(to=self.out),
            engine=self.engine,
            runs=self.runs,
            announce=self.heard,
            rules=self.rules,
        )
        self.desk = desk
        self.inbox = Inbox(desk)

    def put(self, path: str, text: str = "The rent is due.") -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def turn(self, heard: Collection[str] = (), *, after_s: float = 0.0) -> float:
        self.now += after_s
        return self.inbox.turn(self.now, heard)

    def settle_down(self) -> None:
        """See what is there, wait until it has stood still, and look again."""
        self.turn()
        self.turn(after_s=QUIET_S)

    def finish(self, outcome: Outcome = DONE) -> None:
        """Let all runs under way end so, and the watcher see to it."""
        self.runs.finish_all(outcome, now=self.now)
        self.turn(after_s=1)

    def rows(self) -> list[Row]:
        with self.engine.begin() as connection:
            return intake.rows_of(connection, str(self.folder))

    def row(self, path: str) -> Row:
        return [row for row in self.rows() if row.path == path][-1]

    def files(self) -> list[str]:
        """Give all that lies in the inbox, by path."""
        found = (p for p in self.folder.rglob("*") if not p.is_dir() or p.is_symlink())
        return sorted(p.relative_to(self.folder).as_posix() for p in found)

    def reason(self, place: str) -> str:
        return (self.folder / f"{place}.reason.txt").read_text(encoding="utf-8")

    def wanted(self, name: str) -> dict[str, object]:
        """Give what was asked of a file, but for its sources."""
        (request,) = [
            r for r in self.runs.requests.values() if name in {Path(s).name for s in r.sources}
        ]
        told: dict[str, object] = json.loads(request.model_dump_json(exclude={"sources"}))
        return told


def touch(path: Path, mtime: float) -> None:
    os.utime(path, (mtime, mtime))
