"""Which files of a folder are docmill's own, so that a run does not read what runs wrote."""

import hashlib
from pathlib import Path

from pydantic import TypeAdapter

from tasks.write.atomic import HOUSEKEEPING
from tasks.write.ownership import Claim
from tasks.write.report import REPORT_FILE

_CLAIM = TypeAdapter(Claim)


def own_files(folder: Path) -> frozenset[Path]:
    """Give the outputs that lie in a folder as docmill wrote them, and its report.

    An output that a person has changed since is that person's document.
    """
    home = folder / HOUSEKEEPING
    if not home.is_dir():
        return frozenset()
    files = {folder / REPORT_FILE}
    for entry in (home / "outputs").glob("*.json"):
        files.update(_unchanged(folder, entry))
    return frozenset(path.resolve() for path in files)


def _unchanged(folder: Path, entry: Path) -> set[Path]:
    try:
        claim = _CLAIM.validate_json(entry.read_bytes())
    except (OSError, ValueError):
        return set()  # a damaged entry tells nothing; the files then count as a person's
    return {folder / name for name in claim.written if claim.is_ours(name, _digest(folder / name))}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
