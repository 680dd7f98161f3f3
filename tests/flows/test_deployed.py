"""What a person meets who starts runs from Prefect's pages: names, links, refusals, approval."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.flows.mill import Mill, request
from tests.flows.running import SAMPLES

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("prefect")]

DEAR = {"provider": "runware", "approve_above_usd": 0.000001, "window": 60000, "fresh": True}
"""Asks anew for what another test here has paid for."""


def put(mill: Mill, folder: str, *samples: str) -> Path:
    """Put samples into a folder that deployed runs may reach."""
    to = mill.root / folder
    to.mkdir()
    for sample in samples:
        shutil.copy(SAMPLES / sample, to)
    return to


def report_url(mill: Mill, flow_run: str) -> str:
    (url,) = re.findall(r"\((http://[^)]*\.md)\)", mill.artifacts(flow_run)["report"])
    return str(url)


def test_a_run_is_named_shown_and_linked_to_what_it_wrote(mill: Mill) -> None:
    put(mill, "shown", "minutes.md", "damaged.pdf")

    flow_run = mill.start(request(sources=["shown"], to="shown/out", formats=["md"]))
    run = mill.until(flow_run, "COMPLETED")
    shown = mill.artifacts(flow_run)

    assert run["name"] == "summarize 2 documents"
    assert {"docmill", "summarize", "offline"} <= set(run["tags"])
    assert (run["state"]["name"], run["state"]["message"]) == (
        "Incomplete",
        "1 of 2 documents done",
    )
    assert {"progress", "report", "coverage", "cost", "failures"} <= shown.keys()
    assert "damaged" in shown["failures"]
    assert "minutes.md" not in shown["failures"]
    written = httpx.get(report_url(mill, flow_run))
    assert written.text == (mill.root / "shown/out/minutes.summarize.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sources": ["/etc/hostname"]}, "outside the folders"),
        ({"sources": ["absent.pdf"]}, "no file found there"),
        ({"recipe": "answer"}, "a value is missing for question"),
    ],
)
def test_what_is_wrong_with_a_request_is_a_sentence(
    wrong: dict[str, object], said: str, mill: Mill
) -> None:
    sources = mill.root / "source.md"
    sources.write_text("The rent is due.", encoding="utf-8")

    flow_run = mill.start(request(**{"sources": ["source.md"], **wrong}))

    assert said in mill.until(flow_run, "FAILED")["state"]["message"]


def test_the_form_refuses_what_is_not_in_its_lists(mill: Mill) -> None:
    with pytest.raises(AssertionError, match="no-such-recipe"):
        mill.start(request(sources=["source.md"], recipe="no-such-recipe"))


def suspended(mill: Mill, folder: str) -> str:
    """Start a run that is too dear to go on unasked, and wait until it waits."""
    put(mill, folder, "contract.pdf")
    flow_run = mill.start(request(sources=[folder], to=f"{folder}/out", formats=["md"], **DEAR))
    run = mill.until(flow_run, "PAUSED", "COMPLETED", "FAILED")
    assert run["state"]["name"] == "Suspended"
    return flow_run


def test_a_dear_plan_waits_and_goes_on_when_approved(mill: Mill) -> None:
    flow_run = suspended(mill, "approved")
    assert "contract.pdf" in mill.artifacts(flow_run)["plan"]
    assert not list((mill.root / "approved").glob("out/contract.*"))

    mill.answer(flow_run, decision="approve")
    run = mill.until(flow_run, "COMPLETED", "FAILED")

    assert run["state"]["message"] == "1 of 1 documents done"
    assert httpx.get(report_url(mill, flow_run)).is_success


def test_a_refused_plan_ends_the_run_and_nothing_is_paid(mill: Mill) -> None:
    flow_run = suspended(mill, "refused")

    mill.answer(flow_run, decision="refuse", note="too dear for us")
    run = mill.until(flow_run, "CANCELLED", "COMPLETED", "FAILED", "CRASHED")

    assert run["state"]["name"] == "Refused"
    assert "refused by a person: too dear for us" in run["state"]["message"]
    assert not list((mill.root / "refused").glob("out/contract.*"))


def test_a_suspended_run_holds_no_place(mill: Mill) -> None:
    """Two places, two suspended runs: a third one still finds room."""
    for folder in ("waiting-1", "waiting-2"):
        suspended(mill, folder)
    (mill.root / "quick.md").write_text("The rent is due.", encoding="utf-8")

    flow_run = mill.start(request(sources=["quick.md"], to="quick"))

    assert mill.until(flow_run, "COMPLETED", "FAILED")["state"]["name"] == "Completed"


def test_a_cancelled_run_leaves_a_report_and_the_next_one_goes_on(mill: Mill) -> None:
    folder = mill.root / "many"
    folder.mkdir()
    for number in range(40):
        text = f"Rent {number} is due on the first day of each month."
        (folder / f"lease-{number:02}.md").write_text(text, encoding="utf-8")
    asked = request(sources=["many"], to="many/out", formats=["md"], provider="runware")

    first = mill.start(asked)
    mill.until_written(folder / "out", count=3)
    mill.cancel(first)
    ended = mill.until(first, "CANCELLED", "COMPLETED", "CRASHED", "FAILED")
    cut_off = report(folder / "out")
    again = mill.until(mill.start(asked), "COMPLETED", "FAILED")

    assert ended["state"]["type"] == "CANCELLED"
    assert cut_off["totals"]["done"] >= 3
    assert cut_off["totals"]["skipped"] >= 1
    assert cut_off["how_to_go_on"]
    assert again["state"]["message"] == "40 of 40 documents done"
    assert report(folder / "out")["totals"]["reused"] >= cut_off["totals"]["done"]
    assert httpx.get(f"{mill.emulator}/_emulator/stats").json()["tasks_billed_twice"] == 0


def report(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return told


def test_no_key_is_in_anything_that_prefect_shows(mill: Mill) -> None:
    """After all runs above: artifacts, logs, parameters and states hold the key nowhere."""
    everything = [
        mill.ask("POST", f"/{kind}/filter", {}) for kind in ("artifacts", "logs", "flow_runs")
    ]
    files = [*(mill.root.parent / "home" / "logs").glob("*.log"), *mill.root.rglob("*.json")]
    everything += [path.read_text(encoding="utf-8", errors="replace") for path in files]

    assert len(files) > 4
    assert "a-key-that-nobody-may-see" not in repr(everything)
