"""Folders that are watched and folders that are gone through by schedule, on a real server."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from tests.flows.mill import LOOK_EVERY_S, PATIENCE_S, Mill, request
from tests.flows.running import SAMPLES

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("prefect")]

OF_THE_FOLDER = "/deployments/name/process-folder/nightly"


def until(there: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < deadline, what
        time.sleep(LOOK_EVERY_S)  # other processes give no other sign


def billed(mill: Mill) -> int:
    count: int = httpx.get(f"{mill.emulator}/_emulator/stats").json()["tasks_billed"]
    return count


def events(mill: Mill, happening: str, name: str) -> list[dict[str, Any]]:
    wanted = {"filter": {"event": {"name": [f"docmill.document.{happening}"]}}}
    found = mill.ask("POST", "/events/filter", wanted)["events"]
    return [e for e in found if e["resource"]["prefect.resource.name"].endswith(name)]


def test_a_file_that_is_dropped_comes_out_finished_and_a_copy_of_it_for_nothing(
    mill: Mill,
) -> None:
    inbox, outputs = mill.root / "inbox", mill.root / "outputs"
    text = "# Lease\n\nThe rent of the dropped flat is 700 euros.\n"

    (inbox / "dropped.md").write_text(text, encoding="utf-8")
    until((inbox / "done/dropped.md").exists, "the original is moved")
    paid = billed(mill)
    (inbox / "copy.md").write_text(text, encoding="utf-8")
    until((inbox / "done/copy.md").exists, "the copy is moved")

    assert (outputs / "dropped.summarize.docx").is_file()
    assert (outputs / "copy.summarize.docx").is_file()
    assert billed(mill) == paid
    until(lambda: events(mill, "finished", "copy.md"), "it is announced")
    assert len(events(mill, "arrived", "dropped.md")) == 1
    (finished,) = events(mill, "finished", "dropped.md")
    assert finished["payload"]["outputs"] == [str(outputs / "dropped.summarize.docx")]
    assert finished["payload"]["usd"] > 0


def test_a_file_that_no_reader_takes_comes_back_with_the_reason(mill: Mill) -> None:
    inbox = mill.root / "inbox"

    (inbox / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    until((inbox / "failed/broken.pdf").exists, "the original is moved")

    reason = (inbox / "failed/broken.pdf.reason.txt").read_text(encoding="utf-8")
    assert "damaged" in reason
    assert "move the file back into" in reason
    until(lambda: events(mill, "failed", "broken.pdf"), "it is announced")


def test_a_mail_is_done_when_all_that_is_attached_to_it_is(mill: Mill) -> None:
    inbox, outputs = mill.root / "inbox", mill.root / "outputs"
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada <ada@a.example>", "The flats"
    made.set_content("The rent of the mailed flat is 900 euros.")
    (inbox / "good.eml").write_bytes(made.as_bytes())
    locked = (SAMPLES / "encrypted.pdf").read_bytes()
    made.add_attachment("The fee of the attached flat is 90 euros.", filename="fee.txt")
    made.add_attachment(locked, "application", "pdf", filename="locked.pdf")
    (inbox / "bad.eml").write_bytes(made.as_bytes())
    until((inbox / "done/good.eml").exists, "the mail by itself is moved")
    until((inbox / "failed/bad.eml").exists, "the other one is moved")

    reason = (inbox / "failed/bad.eml.reason.txt").read_text(encoding="utf-8")
    assert "bad.eml > locked.pdf: encrypted" in reason
    written = {path.name for path in outputs.glob("bad*.docx")}
    assert written == {"bad.summarize.docx", "bad.eml - fee.summarize.docx"}


def test_a_schedule_fires_and_pays_only_for_what_is_new(mill: Mill) -> None:
    folder = mill.root / "scheduled"
    folder.mkdir()
    (folder / "first.md").write_text("The rent of the first flat is 700.", encoding="utf-8")
    asked = request(sources=["scheduled"], to="scheduled-out", formats=["md"], provider="runware")
    deployment = mill.ask("GET", OF_THE_FOLDER)["id"]
    every_10_s = {"interval": 10, "anchor_date": datetime.now(UTC).isoformat()}
    schedules = f"/deployments/{deployment}/schedules"
    (schedule,) = mill.ask(
        "POST",
        schedules,
        [{"schedule": every_10_s, "active": True, "parameters": {"request": asked}}],
    )

    def messages() -> list[str]:
        wanted = {
            "deployments": {"id": {"any_": [deployment]}},
            "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}},
        }
        return [run["state"]["message"] for run in mill.ask("POST", "/flow_runs/filter", wanted)]

    before = billed(mill)
    until(lambda: "nothing new among 1 documents" in messages(), "it fires a second time")
    assert billed(mill) == before + 1
    (folder / "second.md").write_text("The rent of the second flat is 800.", encoding="utf-8")
    until(lambda: "nothing new among 2 documents" in messages(), "it has found the second")
    mill.ask("DELETE", f"{schedules}/{schedule['id']}")

    assert billed(mill) == before + 2
    assert messages().count("1 of 1 documents done") == 2
    written = sorted(path.name for path in (mill.root / "scheduled-out").glob("*.summarize.md"))
    assert written == ["first.summarize.md", "second.summarize.md"]
