"""A watcher that is killed for good, with no chance to tidy up."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.watch.runs import RunView
from tests.flows.watch.building import QUIET_S, Watched

WATCH = f"""
import sys
from pathlib import Path
from tests.flows.watch.building import Watched

watched = Watched(Path(sys.argv[1]))
watched.turn()
watched.turn(after_s={QUIET_S})
print("through", flush=True)
"""
FILES = 500
PATIENCE_S = 60


@pytest.mark.full
@pytest.mark.parametrize("rows", [1, 100, 250])
def test_a_watcher_that_is_killed_amid_a_burst_strands_nothing_and_repeats_nothing(
    tmp_path: Path, rows: int
) -> None:
    watched = Watched(tmp_path)
    names = [f"{n:03}.md" for n in range(FILES)]
    for name in names:
        watched.put(name, name)
    command = [sys.executable, "-c", WATCH, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as watcher:
        deadline = time.monotonic() + PATIENCE_S
        while len(watched.rows()) < rows:
            assert time.monotonic() < deadline
            time.sleep(0.02)  # the other process gives no other sign
        watcher.kill()
        assert watcher.stdout is not None
        assert watcher.stdout.read() == b""  # it was not through

    watched.runs.views.update((row.run, RunView()) for row in watched.rows() if row.run)
    watched.settle_down()
    for _ in range(3):
        watched.finish()

    assert watched.files() == [f"done/{name}" for name in names]
    assert len(watched.rows()) == FILES
    assert {row.attempt for row in watched.rows()} == {1}
    assert all(row.closed_at for row in watched.rows())
    watched.engine.dispose()
