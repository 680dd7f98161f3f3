"""How long a person waits for one small file, beside a bare Prefect flow.

    python -m tests.benchmarks.start [RUNS]

Prints the median wall time of each command, in seconds, over RUNS (3) runs in turn. The home
folder has been used before, as on a person's second day.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.flows.conftest import BIN, free_port, serving

MINUTES = str(Path(__file__).parents[1] / "samples" / "minutes.md")
BARE_FLOW = """
import asyncio
from prefect import flow, task

@task
async def step(number):
    return number

@flow
async def bare():
    return await asyncio.gather(*(step(number) for number in range(5)))

asyncio.run(bare())
"""


def main() -> None:
    """Time every command in turn, so that all of them meet the same noise."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        own = {"DOCMILL_HOME": str(home / "docmill"), "PREFECT_HOME": str(home / "prefect")}
        port = free_port()
        api = f"http://127.0.0.1:{port}/api"
        server = [str(BIN / "prefect"), "server", "start", "--port", str(port)]
        run = [str(BIN / "docmill"), "run", MINUTES, "--to", folder, "--provider", "offline"]
        bare = [sys.executable, "-c", BARE_FLOW]
        commands: dict[str, tuple[list[str], Mapping[str, str]]] = {
            "docmill recipes list": ([str(BIN / "docmill"), "recipes", "list"], {}),
            "docmill plan": ([str(BIN / "docmill"), "plan", MINUTES], {}),
            "docmill run, server there": (run, {"PREFECT_API_URL": api}),
            "bare Prefect flow, server there": (bare, {"PREFECT_API_URL": api}),
            "docmill run, no server": (run, {}),
            "bare Prefect flow, no server": (bare, {}),
        }
        with serving(server, f"{api}/health", home / "server.log", own):
            measure(commands, own, runs)


def measure(
    commands: Mapping[str, tuple[list[str], Mapping[str, str]]], own: Mapping[str, str], runs: int
) -> None:
    """Print the median of each command; the first round warms up and is not counted."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, (command, env) in commands.items():
            times[name].append(timed(command, {**os.environ, **own, **env}))
    for name, seconds in times.items():
        print(f"{name:34} {statistics.median(seconds[1:]):6.2f} s")


def timed(command: list[str], env: Mapping[str, str]) -> float:
    """Give the wall time of a command that must succeed, in seconds."""
    begun = time.perf_counter()
    subprocess.run(command, env=env, check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
