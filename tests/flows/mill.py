"""All of docmill, as `docmill up` starts it, and what a test does with it over Prefect's API."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.flows.running import DOCMILL

PATIENCE_S = 400
STOP_S = 60
LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class Mill:
    """What `docmill up` keeps running; `root` is the folder that deployed runs may reach."""

    api: str
    root: Path
    outputs_url: str
    emulator: str
    log: Path

    @property
    def ui(self) -> str:
        return self.api.removesuffix("/api")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask Prefect; while its database is busy it says 503, and its own client asks again."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = httpx.request(method, f"{self.api}{path}", json=body, timeout=30)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                break
            time.sleep(LOOK_EVERY_S)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def start(self, request: Mapping[str, object], deployment: str = "on-demand") -> str:
        """Have a deployment run, as the form does, and give the flow run's id."""
        found = self.ask("GET", f"/deployments/name/process-documents/{deployment}")
        body = {"parameters": {"request": request}, "state": {"type": "SCHEDULED"}}
        run = self.ask("POST", f"/deployments/{found['id']}/create_flow_run", body)
        return str(run["id"])

    def run(self, flow_run: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/flow_runs/{flow_run}")
        return found

    def until(self, flow_run: str, *states: str) -> dict[str, Any]:
        """Wait until a flow run is in a state of one of these types, and give the run."""
        deadline = time.monotonic() + PATIENCE_S
        while (run := self.run(flow_run))["state"]["type"] not in states:
            assert time.monotonic() < deadline, run["state"]
            time.sleep(LOOK_EVERY_S)  # the server gives no other sign
        return run

    def until_written(self, folder: Path, *, count: int) -> None:
        """Wait until so many outputs lie in a folder."""
        deadline = time.monotonic() + PATIENCE_S
        while len(list(folder.glob("*.*.md"))) < count:
            assert time.monotonic() < deadline
            time.sleep(LOOK_EVERY_S)  # a folder gives no other sign

    def cancel(self, flow_run: str) -> None:
        """Cancel a run, as the button does."""
        state = {"state": {"type": "CANCELLING"}}
        told = self.ask("POST", f"/flow_runs/{flow_run}/set_state", state)
        assert told["status"] == "ACCEPT", told

    def artifacts(self, flow_run: str) -> dict[str, str]:
        """Give the data of each artifact of a flow run by its key."""
        wanted = {"artifacts": {"flow_run_id": {"any_": [flow_run]}}}
        found = self.ask("POST", "/artifacts/filter", wanted)
        return {artifact["key"]: str(artifact["data"]) for artifact in found}

    def answer(self, flow_run: str, **decision: str) -> None:
        """Answer a suspended run, as the dialog does."""
        told = self.ask("POST", f"/flow_runs/{flow_run}/resume", {"run_input": decision})
        assert told["status"] == "ACCEPT", told


@contextmanager
def docmill_up(
    *options: str, env: Mapping[str, str], root: Path, api: str, outputs_port: int
) -> Iterator[Mill]:
    """Run `docmill up` until it says that all is up, and end it afterwards."""
    log = root.parent / "up.log"
    command = [DOCMILL, "up", "--outputs-port", str(outputs_port), *options]
    env = {**os.environ, **env, "DOCMILL_ROOTS": str(root)}
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, env=env) as up:
        try:
            _wait(up, log)
            emulator = env["DOCMILL_RUNWARE_URL"].removesuffix("/v1")
            yield Mill(api, root, f"http://127.0.0.1:{outputs_port}", emulator, log)
        finally:
            up.terminate()  # where tests run in the background, Ctrl-C is ignored
            try:
                up.wait(STOP_S)
            except subprocess.TimeoutExpired:
                up.kill()
                raise


def _wait(up: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while "docmill is up" not in (said := log.read_text(encoding="utf-8")):
        if up.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"docmill up did not come up: {said}")
        time.sleep(LOOK_EVERY_S)  # it tells a person, and nobody else


def request(**fields: object) -> dict[str, object]:
    """Give what the form sends, with no model asked."""
    return json.loads(json.dumps({"provider": "offline", **fields}, default=str))  # type: ignore[no-any-return]
