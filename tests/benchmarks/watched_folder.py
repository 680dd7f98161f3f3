"""How long a dropped file takes to come out finished, and what an idle watcher costs.

    python -m tests.benchmarks.watched_folder [--drops 3] [--files 1000] [--idle-s 10]

A file is dropped into the inbox of `docmill up`, whose provider is an emulator without latency:
what is shown is all docmill's and Prefect's. Then a watcher of its own looks after so many files
that wait for tomorrow, told by the system and by looking; its CPU time is read from the system.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from flows.watch.status import is_watched
from flows.watch.wishes import Wishes, wish_for
from tasks.core.settings import load_settings
from tasks.extract.read import digest_of
from tasks.ledger import intake
from tasks.ledger.books import open_books
from tests.benchmarks.kills import machine, until
from tests.flows.mill import Mill
from tests.flows.running import DOCMILL

DAY_S = 86_400.0
SETTLE_S = 3.0


@dataclass(frozen=True, slots=True)
class Timing:
    """When what happened to a file, in seconds since the epoch."""

    dropped: float
    handed_over: float
    begun: float
    ended: float
    moved: float

    def stages(self) -> dict[str, float]:
        """Give the seconds of each stage."""
        return {
            "stands still, and is handed to Prefect": self.handed_over - self.dropped,
            "a worker picks it up and starts a process": self.begun - self.handed_over,
            "docmill reads, asks, merges, writes": self.ended - self.begun,
            "the original is moved": self.moved - self.ended,
            "all": self.moved - self.dropped,
        }


def drop(mill: Mill, number: int) -> Timing:
    inbox = mill.root / "inbox"
    name = f"drop-{number}.md"
    dropped = time.time()
    (inbox / name).write_text(f"# Lease\n\nThe rent is {number} euros.\n", encoding="utf-8")
    until((inbox / "done" / name).exists, f"{name} is done")
    moved = time.time()
    run = run_of(mill, name)
    return Timing(
        dropped,
        at(run["created"]),
        at(run["start_time"]),
        at(run["end_time"]),
        max(moved, at(run["end_time"])),
    )


def run_of(mill: Mill, name: str) -> dict[str, Any]:
    wanted = {"flow_runs": {"name": {"like_": name}}}

    def runs() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = mill.ask("POST", "/flow_runs/filter", wanted)
        return [run for run in found if run["end_time"]]

    until(lambda: bool(runs()), f"the run of {name} has ended")
    return runs()[0]


def at(told: str) -> float:
    return datetime.fromisoformat(told).timestamp()


def fill(inbox: Path, files: int, ledger_url: str, wishes: Wishes) -> None:
    """Put files into an inbox that are known to the intake and due tomorrow."""
    wish = wish_for(inbox, "", wishes)
    now = time.time()
    with open_books(ledger_url, create=True) as engine, engine.begin() as connection:
        for n in range(files):
            file = inbox / f"waiting-{n}.md"
            file.write_text(f"# {n}\n", encoding="utf-8")
            status = file.stat()
            row = intake.arrive(
                connection,
                intake.Arrival(
                    inbox=str(inbox),
                    path=file.name,
                    digest=digest_of(file),
                    size=status.st_size,
                    mtime_ns=status.st_mtime_ns,
                    request=wish.request,
                    version=wish.version,
                ),
                now=now,
            )
            intake.try_again(connection, row, reason="waits", due_at=now + DAY_S, now=now)


def idle_cpu_s(inbox: Path, out: Path, env: Mapping[str, str], idle_s: float, *more: str) -> float:
    """Give the CPU seconds that a watcher takes in a time in which nothing happens."""
    command = [DOCMILL, "watch", str(inbox), "--to", str(out), *more]
    since = time.time()
    with subprocess.Popen(command, env={**os.environ, **env}, stderr=subprocess.DEVNULL) as watcher:
        url = f"sqlite:///{env['DOCMILL_HOME']}/ledger.db"
        until(lambda: is_watched(url, inbox, since=since), "the watcher watches")
        time.sleep(SETTLE_S)  # the start is not what is measured
        before = cpu_s(watcher.pid)
        time.sleep(idle_s)
        used = cpu_s(watcher.pid) - before
        watcher.terminate()
    return used


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tell(drops: int, files: int, idle_s: float) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder), latency_s=0) as (mill, _, __),
    ):
        stages = [drop(mill, number).stages() for number in range(drops)]
        print(f"From drop to finished, median of {drops}:\n\n| stage | s |\n|---|---:|")
        for stage in stages[0]:
            print(f"| {stage} | {median(timed[stage] for timed in stages):.1f} |")
        home, inbox = Path(folder) / "idle-home", Path(folder) / "idle-inbox"
        inbox.mkdir()
        out = Path(folder) / "idle-out"
        env = {"DOCMILL_HOME": str(home), "PREFECT_API_URL": mill.api, "DOCMILL_ROOTS": folder}
        fill(
            inbox,
            files,
            f"sqlite:///{home}/ledger.db",
            Wishes(to=out, prompts=load_settings().prompts),
        )
        print(
            f"\nCPU of a watcher of {files:,} files over {idle_s:g} s in which nothing happens:\n"
        )
        print("| | CPU s | of one core |\n|---|---:|---:|")
        for name, more in (("told by the system", ()), ("--poll 5", ("--poll", "5"))):
            used = idle_cpu_s(inbox, out, env, idle_s, *more)
            print(f"| {name} | {used:.2f} | {used / idle_s:.1%} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drops", type=int, default=3)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--idle-s", type=float, default=10)
    given = parser.parse_args()
    tell(given.drops, given.files, given.idle_s)
