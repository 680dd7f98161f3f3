"""The report of a folder: one file for each run, and `report.json` made from all of them.

The runs are kept in `DIR/.docmill/runs/`, so that a person who opens the folder sees the outputs
and one report. For each source and recipe the newest run speaks, except that a document skipped
as already done never hides how it was done.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tasks.core.codec import from_json
from tasks.core.documents import DocumentReport, Report, Status
from tasks.core.errors import ConfigError
from tasks.write.atomic import HOUSEKEEPING, explained, locked, write_whole
from tasks.write.clean import without_surrogates
from tasks.write.names import safe_stem
from tasks.write.totals import document_as_dict, totals

REPORT_FILE = "report.json"


def report_as_dict(report: Report) -> dict[str, Any]:
    """Give a run's report in the shape that scripts rely on."""
    return _as_dict(report, ((report.run, document) for document in report.documents))


def save_run(report: Report, folder: Path) -> Path:
    """Keep a run's report and rebuild the folder's; give the path of `report.json`.

    Saving a run again replaces it, so a run may be saved while it goes on. Waits for the folder's
    lock, so keep it off an event loop. OutputError when a file cannot be written.
    """
    with locked(folder):
        runs = _runs_folder(folder)
        with explained(runs):
            runs.mkdir(exist_ok=True)
        write_whole(runs / f"{safe_stem(report.run)}.json", _json_bytes(asdict(report)))
        path = folder / REPORT_FILE
        write_whole(path, _json_bytes(_rebuilt(folder, newest=report)))
    return path


def load_report(folder: Path) -> dict[str, Any]:
    """Read a folder's report, from its runs where `report.json` itself is missing or damaged."""
    path = folder / REPORT_FILE
    try:
        loaded = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        loaded = None
    if isinstance(loaded, dict) and {"documents", "totals"} <= loaded.keys():
        return loaded
    runs, _ = _load_runs(folder)
    if not runs:
        raise ConfigError(f"{folder}: no report here; `docmill run … --to {folder}` makes one")
    return _rebuilt(folder, newest=runs[-1])


def merged_documents(runs: Iterable[Report]) -> tuple[tuple[str, DocumentReport], ...]:
    """Choose for each source and recipe the run that speaks for it, from runs in order of time."""
    chosen: dict[tuple[str, str], tuple[str, DocumentReport]] = {}
    for report in runs:
        for document in report.documents:
            key = document.source, document.recipe
            held = chosen.get(key)
            hides = held is not None and held[1].status is not Status.SKIPPED
            if not (hides and document.status is Status.SKIPPED):
                chosen[key] = report.run, document
    return tuple(chosen.values())


def _rebuilt(folder: Path, *, newest: Report) -> dict[str, Any]:
    """Make the folder's report; its run data are those of the newest run."""
    runs, notes = _load_runs(folder)
    newest = runs[-1] if runs else newest
    return _as_dict(newest, merged_documents(runs)) | {"notes": notes}


def _as_dict(report: Report, documents: Iterable[tuple[str, DocumentReport]]) -> dict[str, Any]:
    """Shape a run's data and documents, each with the run that it comes from."""
    told = list(documents)
    data = {k: v for k, v in asdict(report).items() if k != "documents"}
    return data | {
        "documents": [document_as_dict(document) | {"run": run} for run, document in told],
        "totals": totals(document for _, document in told),
    }


def _load_runs(folder: Path) -> tuple[list[Report], list[str]]:
    """Read all runs in order of time, with a note on each file that is none."""
    runs, notes = [], []
    for path in sorted(_runs_folder(folder).glob("*.json")):
        try:
            runs.append(from_json(Report, path.read_bytes()))
        except (OSError, ValueError) as error:
            cause = str(error).splitlines()[0]
            notes.append(f"{path.name}: this run is left out, its file cannot be read ({cause})")
    return sorted(runs, key=lambda run: (_moment(run.started), run.run)), notes


def _moment(started: str) -> datetime:
    """Read a time for ordering; one that cannot be read counts as the oldest."""
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _runs_folder(folder: Path) -> Path:
    return folder / HOUSEKEEPING / "runs"


def _json_bytes(data: Mapping[str, Any]) -> bytes:
    """Write JSON for people and machines; a file name that is no UTF-8 loses its odd bytes."""
    return without_surrogates(json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
