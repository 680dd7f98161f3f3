"""Whole stories, as a person sees them: the command, a real Prefect server, the API over HTTP."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import BIN, Server
from tests.flows.running import DOCMILL, SAMPLES, docmill

pytestmark = pytest.mark.xdist_group("prefect")  # one server serves all stories

SOURCES = [SAMPLES / name for name in ("contract.pdf", "annual-report.docx", "minutes.md")]
FORMATS = ("--format", "docx,md,json")


def outputs(folder: Path) -> dict[str, bytes]:
    """Give the finished outputs; the report beside them tells of one run, and when it was."""
    files = (p for p in folder.iterdir() if p.is_file() and not p.name.startswith("report."))
    return {path.name: path.read_bytes() for path in sorted(files)}


def report(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return told


def check_account(told: dict[str, Any]) -> None:
    for entry in told["documents"]:
        characters = entry["characters"]
        parts = sum(characters[name] for name in ("answered", "set_apart", "failed"))
        assert characters["read"] == parts, entry["source"]


def test_finished_documents_come_out_of_good_and_bad_sources(
    prefect_server: dict[str, str], tmp_path: Path
) -> None:
    bad = [SAMPLES / name for name in ("scan.pdf", "encrypted.pdf", "damaged.pdf")]

    ended = docmill(
        "run", *SOURCES, *bad, "--to", tmp_path, "--provider", "offline", *FORMATS, "--json",
        env={**prefect_server, "DOCMILL_OCR": "none"},
    )  # fmt: skip

    told = json.loads(ended.stdout)
    assert ended.returncode == 1, ended.stderr
    assert (told["totals"]["done"], told["totals"]["failed"]) == (3, 3)
    assert told["documents"] == report(tmp_path)["documents"]
    assert {entry["reason"].split(":")[0] for entry in told["documents"]} == {
        "", "needs_ocr", "encrypted", "damaged",
    }  # fmt: skip
    assert told["totals"]["usd"] == 0
    check_account(told)
    assert len(outputs(tmp_path)) == 9
    assert b"offline extract" in (tmp_path / "contract.summarize.md").read_bytes()


def test_what_is_paid_is_never_paid_again(
    prefect_server: dict[str, str], emulator: Server, tmp_path: Path
) -> None:
    env = {
        **prefect_server,
        "DOCMILL_HOME": str(tmp_path / "home"),
        "RUNWARE_API_KEY": "any-key-will-do",
        "DOCMILL_RUNWARE_URL": f"{emulator.url}/v1",
    }
    arguments: list[str | Path] = ["run", *SOURCES, "--window", "60000", *FORMATS, "--json"]

    offline = docmill(*arguments, "--to", tmp_path / "offline", "--provider", "offline", env=env)
    assert offline.returncode == 0, offline.stderr
    assert emulator.get("/_emulator/stats")["tasks_billed"] == 0

    first = docmill(*arguments, "--to", tmp_path / "first", env=env)
    assert first.returncode == 0, first.stderr
    calls = json.loads(first.stdout)["totals"]["calls"]
    assert calls == emulator.get("/_emulator/stats")["tasks_billed"] > len(SOURCES)
    assert json.loads(first.stdout)["totals"]["usd"] > 0

    second = docmill(*arguments, "--to", tmp_path / "second", env=env)
    assert second.returncode == 0, second.stderr
    totals = json.loads(second.stdout)["totals"]
    assert (totals["calls"], totals["reused"], totals["usd"]) == (0, calls, 0)
    assert emulator.get("/_emulator/stats")["tasks_billed"] == calls
    assert outputs(tmp_path / "second") == outputs(tmp_path / "first")

    fresh = docmill(*arguments, "--to", tmp_path / "fresh", "--fresh", env=env)
    assert json.loads(fresh.stdout)["totals"]["calls"] == calls
    assert "any-key-will-do" not in first.stdout + first.stderr


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_how_to_go_on_and_does(
    sign: signal.Signals, prefect_server: dict[str, str], emulator: Server, tmp_path: Path
) -> None:
    env = {
        **os.environ,
        **prefect_server,
        "DOCMILL_HOME": str(tmp_path / "home"),
        "DOCMILL_AT_ONCE": "1",
        "RUNWARE_API_KEY": "any-key-will-do",
        "DOCMILL_RUNWARE_URL": f"{emulator.url}/v1",
    }
    to = tmp_path / "out"
    command = [DOCMILL, "run", *map(str, SOURCES), "--to", str(to), "--window", "60000"]
    emulator.order({"fault": "latency", "seconds": 1.5})  # or all may be done before the signal

    heard = ["env", "--default-signal=INT", *command]  # tests in the background ignore it
    with subprocess.Popen(heard, env=env, stderr=subprocess.PIPE, text=True) as running:
        deadline = time.monotonic() + 60
        while emulator.get("/_emulator/stats")["tasks_billed"] < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)  # the other process gives no other sign
        running.send_signal(sign)
        _, said = running.communicate(timeout=60)

    assert running.returncode == 1
    assert "report.json" in said
    assert "Traceback" not in said
    assert "run the same command again" in report(to)["how_to_go_on"]
    assert any(entry["status"] == "skipped" for entry in report(to)["documents"])

    again = docmill(*command[1:], "--json", env=env)
    totals = json.loads(again.stdout)["totals"]
    assert totals["done"] == len(SOURCES)
    assert totals["reused"] >= 1
    assert emulator.get("/_emulator/stats")["tasks_billed_twice"] == 0  # what ran was picked up


def test_a_deployment_is_run_by_a_worker(prefect_server: dict[str, str], tmp_path: Path) -> None:
    env = {**os.environ, **prefect_server, "DOCMILL_ROOTS": f"{tmp_path}:{SAMPLES}"}
    root = Path(__file__).parents[2]

    def prefect(*arguments: str) -> None:
        ended = subprocess.run(
            [BIN / "prefect", "--no-prompt", *arguments],
            env=env, cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stdout + ended.stderr

    request = {"sources": [str(SAMPLES / "minutes.md")], "to": str(tmp_path), "provider": "offline"}
    prefect("work-pool", "create", "docmill", "--type", "process")
    prefect("deploy", "--all", "--prefect-file", "deployments/prefect.yaml")
    parameter = f"request={json.dumps(request)}"
    prefect("deployment", "run", "process-documents/on-demand", "--param", parameter)
    prefect("worker", "start", "--pool", "docmill", "--run-once")

    assert report(tmp_path)["totals"]["done"] == 1
    assert (tmp_path / "minutes.summarize.docx").is_file()
