"""From what a person typed to the files that are meant."""

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.core.errors import ConfigError

_LOCK_FILE = "~$"  # Word and Excel lay these beside a document that is open


INSIDE = " > "
"""Between the name of a source and that of what lies in it, as in "mail.eml > contract.pdf"."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read; `name` is what a person recognises it by in reports and messages.

    It is text: of a name that is not UTF-8 the odd bytes are replaced, as no database takes them.
    `inside` is the way to a source that lies in the file, as an attachment in an e-mail: the names
    of what to open, one in the other.
    """

    path: Path
    name: str
    inside: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Give the path as it was given, and the way from there: no other source has the same."""
        return INSIDE.join((str(self.path), *self.inside))

    @property
    def around(self) -> str:
        """Give the address of the source that this one lies in; empty for a file."""
        return INSIDE.join((str(self.path), *self.inside[:-1])) if self.inside else ""

    def holding(self, name: str) -> "Source":
        """Give the source of this name that lies in this one."""
        return Source(self.path, f"{self.name}{INSIDE}{name}", (*self.inside, name))


def find_sources(arguments: Sequence[str]) -> tuple[Source, ...]:
    """Give the files that the arguments name, each once, in the order given.

    An argument is a file, a folder (all files below it, sorted, without hidden ones and Office lock
    files) or a glob. What is no readable file below a folder is given too, so that it fails by name
    and is not lost in silence. Raises `ConfigError` for an argument that names no file.
    """
    found: dict[Path, Source] = {}
    for argument in arguments:
        sources = list(_sources_of(argument))
        if not sources:
            raise ConfigError(f"{argument}: no file found there; give a file, a folder or a glob")
        for source in sources:
            found.setdefault(source.path.resolve(), source)
    return tuple(found.values())


def _sources_of(argument: str) -> Iterator[Source]:
    path = expanded(Path(argument))
    if path.is_file():
        yield Source(path, _shown(path.name))
    elif path.is_dir():
        yield from _named_below(path, _files_below(path))
    elif glob.has_magic(argument):
        yield from _named_below(_fixed_part(path), _matches(path))


def expanded(path: Path) -> Path:
    """Put a user's home folder in the place of `~`."""
    try:
        return path.expanduser()
    except RuntimeError:  # `~` is not the name of a user, so it is part of a file's name
        return path


def _named_below(folder: Path, files: Iterable[Path]) -> Iterator[Source]:
    for file in sorted(files):
        yield Source(file, _shown(file.relative_to(folder).as_posix()))


def _shown(name: str) -> str:
    return os.fsencode(name).decode(errors="replace")


def _matches(pattern: Path) -> Iterator[Path]:
    """Give the files that a glob matches, and those below the folders that it matches."""
    for match in map(Path, glob.glob(str(pattern), recursive=True)):  # noqa: PTH207 Path.glob matches hidden files
        if match.is_dir():
            yield from _files_below(match)
        elif not _is_left_out(match.name):
            yield match


def _fixed_part(pattern: Path) -> Path:
    """Give the folder of a glob before its first wildcard."""
    fixed = Path()
    for part in pattern.parts[:-1]:
        if glob.has_magic(part):
            break
        fixed /= part
    return fixed


def _files_below(folder: Path) -> Iterator[Path]:
    """Give what lies below a folder; what cannot be entered or followed too, to fail by name."""
    closed: list[Path] = []
    for root, folders, files in os.walk(folder, onerror=lambda e: closed.append(Path(e.filename))):
        folders[:] = [name for name in folders if not _is_left_out(name)]
        links = (name for name in folders if Path(root, name).is_symlink())  # walk does not follow
        for name in (*files, *links):
            if not _is_left_out(name):
                yield Path(root, name)
    yield from closed


def _is_left_out(name: str) -> bool:
    return name.startswith((".", _LOCK_FILE))
