"""A watcher that is killed for good, with no chance to tidy up."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.watch.runs import RunView
from tests.flows.watch.building import QUIET_S, Watched

WATCH = f"""
import os, signal, sys
from pathlib import Path
from pkgutil import resolve_name
from tests.flows.watch.building import Watched

owner, name, calls = resolve_name(sys.argv[2]), sys.argv[3], int(sys.argv[4])
real = getattr(owner, name)

def die(*arguments, **more):
    global calls
    calls -= 1
    if not calls:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **more)

setattr(owner, name, die)
watched = Watched(Path(sys.argv[1]))
watched.turn()
watched.turn(after_s={QUIET_S})
"""
FILES = 500


@pytest.mark.full
@pytest.mark.parametrize(
    ("owner", "name", "calls"),
    [
        ("flows.watch.arrivals", "_enter", 4),
        ("flows.watch.starting", "_start", 2),
        ("tasks.ledger.intake", "note_run", 3),
    ],
)
def test_a_watcher_that_is_killed_amid_a_burst_strands_nothing_and_repeats_nothing(
    tmp_path: Path, owner: str, name: str, calls: int
) -> None:
    watched = Watched(tmp_path)
    names = [f"{n:03}.md" for n in range(FILES)]
    for file in names:
        watched.put(file, file)
    command = [sys.executable, "-c", WATCH, str(tmp_path), owner, name, str(calls)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL

    watched.runs.views.update((row.run, RunView()) for row in watched.rows() if row.run)
    watched.settle_down()
    for _ in range(3):
        watched.finish()

    assert watched.files() == [f"done/{file}" for file in names]
    assert len(watched.rows()) == FILES
    assert {row.attempt for row in watched.rows()} == {1}
    assert all(row.closed_at for row in watched.rows())
    watched.engine.dispose()
