"""Looking into an inbox: which files lie there, and what is no file.

A scan tells all that is there, however much or little was heard of it in between: events only say
when to look.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flows.watch.names import counts


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a file is known to have changed."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What lies in an inbox, by path relative to it.

    `refused` is what can never be a document, and why; `closed` what cannot be looked into.
    """

    files: dict[str, Stamp] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)

    def has(self, path: str, stamp: Stamp | None) -> bool:
        """Tell whether a path looks like this; None stands for what is no file."""
        return path in self.refused if stamp is None else self.files.get(path) == stamp


def scan(inbox: Path) -> Seen:
    """Look into an inbox and the folders in it, but for what is done, failed or left alone."""
    seen = Seen()
    folders = [""]
    while folders:
        folders.extend(_look_into(inbox, folders.pop(), seen))
    return seen


def _look_into(inbox: Path, folder: str, seen: Seen) -> Iterator[str]:
    try:
        with os.scandir(inbox / folder) as entries:
            for entry in entries:
                if counts(entry.name, is_top=not folder):
                    yield from _note(
                        entry, f"{folder}/{entry.name}" if folder else entry.name, seen
                    )
    except OSError as error:
        seen.closed[folder] = f"the folder cannot be read ({error.strerror}): check its rights"


def _note(entry: "os.DirEntry[str]", path: str, seen: Seen) -> Iterator[str]:
    """Note an entry; gives the path of a folder to look into."""
    if entry.is_symlink():
        seen.refused[path] = _of_link(entry)
    elif entry.is_dir(follow_symlinks=False):
        yield path
    else:
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return  # it went away while we looked
        if stat.S_ISREG(status.st_mode):
            seen.files[path] = Stamp(status.st_size, status.st_mtime_ns, status.st_ino)
        else:
            seen.refused[path] = "it is no file but a pipe, a socket or a device"


def _of_link(entry: "os.DirEntry[str]") -> str:
    leads = "to nothing" if not Path(entry.path).exists() else "to another place"
    return f"it is a link {leads}, and links are not followed: put the file itself here"
