"""The report of a folder: one file for each run, and `report.json` made from all of them.

The runs are kept out of sight (see `tasks.write.runs`), so that a person who opens the folder sees
the outputs and one report.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from tasks.core.errors import ConfigError
from tasks.core.reports import Report
from tasks.write.atomic import explained, locked, write_whole
from tasks.write.clean import without_surrogates
from tasks.write.destination import place_report
from tasks.write.report_html import report_html
from tasks.write.report_markdown import report_markdown
from tasks.write.runs import Merged, Told, merged, merged_with, run_file
from tasks.write.totals import document_as_dict, totals

REPORT_FILE = "report.json"


class _Totals(BaseModel):
    """What is read of the totals; a report that lacks any of it is damaged."""

    documents: int
    done: int
    partial: int
    failed: int
    skipped: int
    unread: int
    coverage: float | None
    calls: int
    reused: int
    usd: float


class _Margin(BaseModel):
    """What is read of the margin that a document was planned with."""

    share: float
    answers: int
    remembered: bool


class _Document(BaseModel):
    """What is read of a document's entry."""

    source: str
    recipe: str
    status: str
    reason: str
    outputs: list[str]
    coverage: float | None
    calls: int
    reused: int
    usd: float
    margin: _Margin | None = None


class _Traffic(BaseModel):
    """What is read of the account of inference."""

    calls: int
    usd: float
    prompt_tokens: int
    completion_tokens: int
    limit: int
    most_in_flight: int
    refused: int
    price_drift: float | None


class _Report(BaseModel):
    """What is read of a report."""

    run: str
    started: str
    finished: str | None
    provider: str
    model: str
    how_to_go_on: str | None
    documents: list[_Document]
    totals: _Totals
    traffic: _Traffic | None = None
    notes: list[str] = []


def report_as_dict(report: Report) -> dict[str, Any]:
    """Give a run's report in the shape that scripts rely on."""
    return _as_dict(report, ((report.run, document) for document in report.documents))


def save_run(report: Report, folder: Path) -> Path:
    """Keep a run's report and rebuild the folder's, for people too; give that of `report.json`.

    Saving a run again replaces it, so a run may be saved while it goes on: older runs are then not
    read again. Waits for the folder's lock, so keep it off an event loop. OutputError when a file
    cannot be written.
    """
    with locked(folder):
        own = run_file(folder, report.run)
        with explained(own.parent):
            own.parent.mkdir(exist_ok=True)
            write_whole(own, _json_bytes(report))
            path = folder / REPORT_FILE
            told = _merged_as_dict(merged_with(report, folder))
            write_whole(path, _json_bytes(told))
            place_report(_for_people(told, folder), folder)
    return path


def _for_people(told: Mapping[str, Any], folder: Path) -> dict[str, bytes]:
    """Tell a report in the formats that people open, by extension."""
    texts = {"md": report_markdown(told), "html": report_html(told, folder)}
    return {name: without_surrogates(text).encode() for name, text in texts.items()}


def load_report(folder: Path) -> dict[str, Any]:
    """Read a folder's report, from its runs where `report.json` itself is missing or damaged."""
    path = folder / REPORT_FILE
    try:
        loaded: dict[str, Any] = json.loads(path.read_bytes())
        _Report.model_validate(loaded)
    except (OSError, ValidationError, ValueError, RecursionError):
        return _from_runs(folder)
    return loaded


def _from_runs(folder: Path) -> dict[str, Any]:
    all_runs = merged(folder)
    if all_runs is None:
        what = "no report here"
        if (folder / REPORT_FILE).exists():
            what = f"{REPORT_FILE} is damaged, and there are no runs to make it from"
        raise ConfigError(f"{folder}: {what}; `docmill run … --to {folder}` makes one")
    return _merged_as_dict(all_runs)


def _merged_as_dict(all_runs: Merged) -> dict[str, Any]:
    """Make the folder's report; its run data are those of the newest run."""
    return _as_dict(all_runs.newest, all_runs.documents) | {"notes": list(all_runs.notes)}


def _as_dict(report: Report, documents: Iterable[Told]) -> dict[str, Any]:
    """Shape a run's data and documents, each with the run that it comes from."""
    told = list(documents)
    data = {
        name: getattr(report, name)
        for name in ("run", "started", "provider", "model", "finished", "how_to_go_on")
    }
    return data | {
        "traffic": asdict(report.traffic) if report.traffic else None,
        "documents": [document_as_dict(document) | {"run": run} for run, document in told],
        "totals": asdict(totals(document for _, document in told)),
    }


def _json_bytes(data: object) -> bytes:
    """Write JSON for people and machines; a file name that is no UTF-8 loses its odd bytes."""
    try:
        return to_json(data, indent=2) + b"\n"
    except PydanticSerializationError:
        plain = asdict(data) if isinstance(data, Report) else data
        text = json.dumps(plain, ensure_ascii=False, indent=2)
        return without_surrogates(text + "\n").encode()
