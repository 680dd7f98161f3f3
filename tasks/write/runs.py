"""The runs of a folder, each in a file of its own under `DIR/.docmill/runs/`.

For each document the newest run speaks, except that one skipped as already done never hides how it
was done. What is made of the same source by the same recipe with the same values is one document.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path

from tasks.core.codec import from_json
from tasks.core.reports import DocumentReport, Report, Status
from tasks.write.atomic import HOUSEKEEPING
from tasks.write.names import safe_stem

Told = tuple[str, DocumentReport]
"""A document and the name of the run that speaks for it."""

_Place = tuple[datetime, str]
_Stamp = tuple[Path, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """All runs as one: `newest` gives the data of a run, and has no documents itself."""

    newest: Report
    documents: tuple[Told, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Others:
    """What the other runs say, those before and those after a run's place in time."""

    before: tuple[Told, ...]
    after: tuple[Told, ...]
    newest: Report | None
    notes: tuple[str, ...]


def run_file(folder: Path, run: str) -> Path:
    """Give the file of a run."""
    return folder / HOUSEKEEPING / "runs" / f"{safe_stem(run)}.json"


def merged_with(own: Report, folder: Path) -> Merged:
    """Merge a run with the others of its folder; these are read anew only if a file changed."""
    others = _others(_stamps(folder, but=run_file(folder, own.run)), _place(own))
    said = ((own.run, document) for document in own.documents)
    newest = max((run for run in (own, others.newest) if run), key=_place)
    return Merged(
        newest=replace(newest, documents=()),
        documents=_speaking(chain(others.before, said, others.after)),
        notes=others.notes,
    )


def merged(folder: Path) -> Merged | None:
    """Merge the runs of a folder; None where no run can be read."""
    others = _others(_stamps(folder), (datetime.max.replace(tzinfo=UTC), ""))
    if others.newest is None:
        return None
    return Merged(newest=others.newest, documents=others.before, notes=others.notes)


def _stamps(folder: Path, *, but: Path | None = None) -> tuple[_Stamp, ...]:
    """Give the files of the runs with what changes when they do."""
    found = []
    for path in sorted((folder / HOUSEKEEPING / "runs").glob("*.json")):
        if path != but:
            status = path.stat()
            found.append((path, status.st_mtime_ns, status.st_size))
    return tuple(found)


@lru_cache(maxsize=1)  # a run that goes on saves every few seconds; the others rarely change
def _others(stamps: tuple[_Stamp, ...], place: _Place) -> _Others:
    runs, notes = [], []
    for path, _, _ in stamps:
        try:
            runs.append(from_json(Report, path.read_bytes()))
        except (OSError, ValueError) as error:
            cause = str(error).splitlines()[0]
            notes.append(f"{path.name}: this run is left out, its file cannot be read ({cause})")
    runs.sort(key=_place)
    told = [(_place(run), (run.run, document)) for run in runs for document in run.documents]
    return _Others(
        before=_speaking(said for when, said in told if when <= place),
        after=_speaking(said for when, said in told if when > place),
        newest=replace(runs[-1], documents=()) if runs else None,
        notes=tuple(notes),
    )


def _speaking(told: Iterable[Told]) -> tuple[Told, ...]:
    """Choose for each document the run that speaks for it, from runs in order of time."""
    chosen: dict[object, Told] = {}
    for run, document in told:
        key = document.identity or (document.source, document.recipe)
        held = chosen.get(key)
        hides = held is not None and held[1].status is not Status.SKIPPED
        if not (hides and document.status is Status.SKIPPED):
            chosen[key] = run, document
    return tuple(chosen.values())


def _place(run: Report) -> _Place:
    """Give a run's place in time; a time that cannot be read counts as the oldest."""
    try:
        moment = datetime.fromisoformat(run.started)
    except ValueError:
        moment = datetime.min.replace(tzinfo=UTC)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), run.run
