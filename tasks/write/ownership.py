"""The folder's record of which source owns which output name, and what was written there.

Each name has a small file of its own in `DIR/.docmill/outputs/`: one file for all would be read
and written anew for each of thousands of documents, and its damage would be the damage of all.
"""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from tasks.write.atomic import HOUSEKEEPING, explained, write_whole
from tasks.write.names import folded


@dataclass(slots=True, kw_only=True)
class Claim:
    """A name that belongs to one source; `written` gives for each file the digests we left in it.

    A file has two digests around a write: a run killed half-way is then still known as ours.
    """

    name: str
    stem: str
    recipe: str
    source: str
    written: dict[str, list[str]] = field(default_factory=dict)

    def is_ours(self, file: str, digest: str) -> bool:
        """Say whether a file's content is what we wrote there."""
        return digest in self.written.get(file, ())


_CLAIM = TypeAdapter(Claim)
_BESIDE = re.compile(r"\.new(-\d+)?$")
"""What the name of an output has behind it where a person's file was in its way."""


def load_claim(folder: Path, name: str) -> Claim | None:
    """Give who holds a name; None for nobody, or where the entry is damaged and tells nothing.

    The files of a lost entry then count as a person's, and are left.
    """
    path = _path(folder, name)
    with explained(path):
        if not path.exists():
            return None
        data = path.read_bytes()
    try:
        claim = _CLAIM.validate_json(data)
    except ValueError:
        return None
    # The spelling is that of the first source; no other name can stand in an entry of ours.
    return claim if folded(claim.name) == folded(name) else None


def save_claim(folder: Path, claim: Claim) -> None:
    """Write the entry of a name; the caller holds the folder's lock."""
    path = _path(folder, claim.name)
    with explained(path):
        path.parent.mkdir(exist_ok=True)
    write_whole(path, _CLAIM.dump_json(claim))


def wrote(folder: Path, file: str) -> bool:
    """Tell whether an output was written under a name, whoever changed it since."""
    stem = file.rpartition(".")[0]
    names = dict.fromkeys((stem, _BESIDE.sub("", stem)))
    claims = (load_claim(folder, name) for name in names if name)
    return any(claim is not None and file in claim.written for claim in claims)


def written_names(folder: Path) -> frozenset[str]:
    """Give all names under which outputs were written into a folder."""
    names: set[str] = set()
    for entry in (folder / HOUSEKEEPING / "outputs").glob("*.json"):
        try:
            names.update(_CLAIM.validate_json(entry.read_bytes()).written)
        except (OSError, ValueError):
            continue  # a damaged entry tells nothing
    return frozenset(names)


def _path(folder: Path, name: str) -> Path:
    digest = hashlib.sha256(folded(name).encode()).hexdigest()
    return folder / HOUSEKEEPING / "outputs" / f"{digest[:32]}.json"
