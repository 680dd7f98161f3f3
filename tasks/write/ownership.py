"""The folder's record of which source owns which output name, and what was written there."""

import json
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


_CLAIMS = TypeAdapter(list[Claim])


def load_claims(folder: Path) -> dict[str, Claim]:
    """Read the record; a missing or damaged one is empty, and all files then count as foreign."""
    try:
        data = json.loads(_path(folder).read_bytes())
        claims = _CLAIMS.validate_python(data["outputs"])
    except FileNotFoundError:
        return {}
    except OSError as error:
        with explained(_path(folder)):
            raise error
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    # A name with a separator in it did not come from us and would lead out of the folder.
    return {folded(c.name): c for c in claims if Path(c.name).name == c.name}


def save_claims(folder: Path, claims: dict[str, Claim]) -> None:
    """Write the record; the caller holds the folder's lock."""
    outputs = _CLAIMS.dump_python(list(claims.values()))
    text = json.dumps({"version": 1, "outputs": outputs}, separators=(",", ":"))
    write_whole(_path(folder), text.encode())


def _path(folder: Path) -> Path:
    return folder / HOUSEKEEPING / "outputs.json"
