"""What becomes of the temporary Prefect server of `docmill run`."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.kills import children, command_of
from tests.flows.running import DOCMILL, SAMPLES

PATIENCE_S = 60.0


def until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # other processes give no other sign


def servers_of(pid: int) -> list[int]:
    return [child for child in children(pid) if "prefect.server" in command_of(child)]


@pytest.mark.full
def test_a_killed_run_leaves_no_server_behind(tmp_path: Path) -> None:
    env = {
        "DOCMILL_HOME": str(tmp_path / "home"), "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": "",
    }  # fmt: skip
    source = str(SAMPLES / "minutes.md")
    command = [DOCMILL, "run", source, "--provider", "offline", "--to", str(tmp_path / "out")]
    with subprocess.Popen(command, env={**os.environ, **env}, stderr=subprocess.DEVNULL) as run:
        until(lambda: bool(servers_of(run.pid)))
        (server,) = servers_of(run.pid)
        run.send_signal(signal.SIGKILL)

    until(lambda: not Path(f"/proc/{server}").exists() or not command_of(server))
