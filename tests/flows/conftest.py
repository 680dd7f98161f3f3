"""A real Prefect server and a real emulator, each in a process of its own, once for all stories."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.flows.mill import Mill, docmill_up

BIN = Path(sys.executable).parent
START_S = 90


@dataclass(frozen=True)
class Server:
    url: str

    def get(self, path: str) -> dict[str, int]:
        answer: dict[str, int] = httpx.get(f"{self.url}{path}").json()
        return answer

    def order(self, *faults: dict[str, object]) -> None:
        httpx.post(f"{self.url}/_emulator/faults", json=faults).raise_for_status()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(
    command: list[str], health_url: str, log: Path, env: Mapping[str, str]
) -> Iterator[None]:
    """Run a server until its health page answers, and end it afterwards."""
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **env}) as process,
    ):
        try:
            wait_until_healthy(health_url, process, log)
            yield
        finally:
            process.terminate()


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)  # a server in another process gives no other sign
    pytest.fail(f"{url} did not answer: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Give the environment in which Prefect's clients find the server."""
    home = tmp_path_factory.mktemp("prefect")
    port = free_port()
    env = {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    command = [str(BIN / "prefect"), "server", "start", "--port", str(port)]
    with serving(command, f"{env['PREFECT_API_URL']}/health", home / "log", env):
        yield env


@pytest.fixture(scope="session")
def mill(
    prefect_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mill]:
    """Give a whole docmill on the server of this session, asking an emulator that it pays."""
    folder = tmp_path_factory.mktemp("mill")
    (folder / "root").mkdir()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {
        **prefect_server,
        "DOCMILL_HOME": str(folder / "home"),
        "RUNWARE_API_KEY": "a-key-that-nobody-may-see",
        "DOCMILL_RUNWARE_URL": f"{url}/v1",
        "DOCMILL_AT_ONCE": "1",
    }
    command = [str(BIN / "docmill"), "emulate", "--port", str(port), "--latency-s", "0.3"]
    with (
        serving(command, f"{url}/_emulator/stats", folder / "emulator.log", {}),
        docmill_up(
            env=env, root=folder / "root", api=env["PREFECT_API_URL"], outputs_port=free_port()
        ) as mill,
    ):
        yield mill


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(BIN / "docmill"), "emulate", "--port", str(port), "--latency-s", "0.3"]
    with serving(command, f"{url}/_emulator/stats", tmp_path / "emulator.log", {}):
        yield Server(url)
