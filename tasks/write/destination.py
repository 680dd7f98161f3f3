"""Where outputs go: names that are kept apart, and files of a person's that are left alone."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tasks.write.atomic import explained, locked, write_whole
from tasks.write.names import MAX_RECIPE_BYTES, NAMES, named, numbered, safe_stem
from tasks.write.ownership import Claim, load_claim, save_claim
from tasks.write.source import SourceInfo

REPORT_STEM = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """The folder that outputs go into, the names that they get there, and their look.

    `names` is a pattern with `{stem}` and perhaps `{recipe}`, see `tasks.write.names`. With `force`
    a file that a person has changed is written over. `template` is a Word file whose look is kept.
    """

    folder: Path
    names: str = NAMES
    force: bool = False
    template: Path | None = None


def place(
    files: Mapping[str, bytes], source: SourceInfo, *, recipe: str, to: Destination
) -> tuple[Path, ...]:
    """Write the files of one output, given by extension, under the name that its source has.

    Waits for the folder's lock, so keep it off an event loop. A second source with the same stem
    gets `<stem>-2`; a file that a person has changed stays, and ours is written beside it as
    `.new`; a file that already has these bytes is not touched. OutputError when it cannot be done.
    """
    with locked(to.folder):
        claim = _claim(to, source, safe_stem(recipe, max_bytes=MAX_RECIPE_BYTES))
        return _write(files, claim, to)


def place_report(files: Mapping[str, bytes], folder: Path) -> tuple[Path, ...]:
    """Write the report for people as `report.<extension>`, like any output not over a person's.

    The caller holds the folder's lock.
    """
    claim = load_claim(folder, REPORT_STEM)
    if claim is None or claim.source:  # an output may have had the name before
        claim = Claim(name=REPORT_STEM, stem=REPORT_STEM, recipe="", source="")
    return _write(files, claim, Destination(folder=folder))


def _write(files: Mapping[str, bytes], claim: Claim, to: Destination) -> tuple[Path, ...]:
    """Write the files of a claim that are not there as they should be."""
    targets = {
        _target(to, claim, extension=extension, data=data): data
        for extension, data in files.items()
    }
    due = {path: data for path, data in targets.items() if _digest_of(path) != _digest(data)}
    if _note(claim, targets):
        save_claim(to.folder, claim)
    for path, data in due.items():
        write_whole(path, data)
    return tuple(targets)


def _claim(to: Destination, source: SourceInfo, recipe: str) -> Claim:
    """Find the name that the source has for this recipe, or take the first free one."""
    stem = safe_stem(source.stem)
    identity = _digest(source.identity.encode(errors="surrogatepass"))
    name = named(to.names, stem=stem, recipe=recipe)
    for number in count(2):
        held = load_claim(to.folder, name)
        if held is None and name != REPORT_STEM:
            break
        if held and (held.source, held.stem, held.recipe) == (identity, stem, recipe):
            return held
        name = named(to.names, stem=numbered(stem, number), recipe=recipe)
    return Claim(name=name, stem=stem, recipe=recipe, source=identity)


def _target(to: Destination, claim: Claim, *, extension: str, data: bytes) -> Path:
    """Choose the file to write: the name itself, or the first `.new` that no person has changed."""
    for number in count():
        mark = ("", ".new")[number] if number < 2 else f".new-{number}"
        path = to.folder / f"{claim.name}{mark}.{extension}"
        there = _digest_of(path)
        if there in {None, _digest(data)} or claim.is_ours(path.name, str(there)):
            return path
        if to.force and there:  # what is no plain file is left even then
            return path
    raise AssertionError("count() does not end")


def _note(claim: Claim, targets: Mapping[Path, bytes]) -> bool:
    """Record what each file has now and will have; say whether that changes the record."""
    before = dict(claim.written)
    for path, data in targets.items():
        digests = {_digest(data): None, _digest_of(path): None}
        claim.written[path.name] = [d for d in digests if d is not None]
    return claim.written != before


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_of(path: Path) -> str | None:
    """Give a file's digest; None where there is none, and "" for what is no plain file."""
    with explained(path):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            return ""
        return _digest(path.read_bytes()) if path.exists() else None
