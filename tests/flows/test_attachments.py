"""What is attached to e-mails: documents of the run like any other, and paid for once."""

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.flows.running import SAMPLES, docmill

MINUTES = (SAMPLES / "minutes.md").read_bytes()
LOCKED = (SAMPLES / "encrypted.pdf").read_bytes()


def mail(path: Path, subject: str, **attached: bytes) -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada <ada@a.example>", subject
    made.set_content("The lease is attached. It is due in May.")
    for name, data in attached.items():
        file = name.replace("_", ".")
        made.add_attachment(data, "application", "octet-stream", filename=file)
    path.write_bytes(made.as_bytes())


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    mail(folder / "a.eml", "A", minutes_md=MINUTES, locked_pdf=LOCKED)
    mail(folder / "b.eml", "B", copy_md=MINUTES, photo_png=b"\x89PNG")
    return folder


def report(folder: Path) -> dict[str, dict[str, Any]]:
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {Path(entry["source"]).name: entry for entry in told["documents"]}


@pytest.mark.xdist_group("prefect")
def test_attachments_have_entries_and_outputs_of_their_own(
    prefect_server: dict[str, str], inbox: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    env = {**prefect_server, "DOCMILL_HOME": str(tmp_path / "home")}
    ended = docmill("run", inbox, "--to", out, "--provider", "offline", "-f", "md", env=env)
    told = report(out)

    assert ended.returncode == 1
    assert list(told) == [
        "a.eml", "a.eml > minutes.md", "a.eml > locked.pdf", "b.eml", "b.eml > copy.md",
    ]  # fmt: skip
    assert {name for name, entry in told.items() if entry["status"] != "done"} == {
        "a.eml > locked.pdf"
    }
    assert told["a.eml > locked.pdf"]["reason"].startswith("encrypted")
    assert [Path(inner).name for inner in told["a.eml"]["inside"]] == list(told)[1:3]
    twins = told["a.eml > minutes.md"], told["b.eml > copy.md"]
    assert sum(twin["calls"] for twin in twins) == sum(twin["reused"] for twin in twins) == 1
    assert any("photo.png was not read" in warning for warning in told["b.eml"]["warnings"])
    written = {Path(output).name for entry in told.values() for output in entry["outputs"]}
    assert "a.eml - minutes.summarize.md" in written
    assert len(written) == 4
    assert written == {path.name for path in out.glob("*.summarize.md")}


def test_extract_prints_what_is_attached_below_its_name(inbox: Path) -> None:
    text = docmill("extract", inbox / "a.eml")
    told = json.loads(docmill("extract", inbox / "a.eml", "--as", "json").stdout)

    assert text.returncode == 1
    assert "=== a.eml > minutes.md ===" in text.stdout
    assert "Minutes of the works committee" in text.stdout
    assert "encrypted: a.eml > locked.pdf" in text.stderr
    assert [each["source"] for each in told["inside"]] == [
        "a.eml > minutes.md", "a.eml > locked.pdf",
    ]  # fmt: skip
    assert [each["status"] for each in told["inside"]] == ["ok", "encrypted"]
