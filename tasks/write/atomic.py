"""Files that appear whole or not at all."""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tasks.core.errors import OutputError

HOUSEKEEPING = ".docmill"

_BEGINNING, _ENDING = ".docmill-", ".tmp"
_ADVICE = {
    errno.ENOSPC: ("the disk is full", "free some space and run again"),
    errno.EDQUOT: ("the disk quota is used up", "free some space and run again"),
    errno.EACCES: ("permission denied", "make the folder writable or choose another one"),
    errno.EPERM: ("permission denied", "make the folder writable or choose another one"),
    errno.EROFS: ("the file system is read-only", "choose another folder"),
    errno.ENAMETOOLONG: ("the name is too long for this file system", "choose a shorter folder"),
    errno.ENOTDIR: ("a part of the path is a file", "choose another folder"),
    errno.EEXIST: ("a file stands where the folder should be", "choose another folder"),
}


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that readers see the old or the new one; OutputError if it cannot be done.

    The caller holds the folder's lock.
    """
    aside = path.with_name(f"{_BEGINNING}{path.name[:32]}.{secrets.token_hex(4)}{_ENDING}")
    with explained(path):
        try:
            _write_through(aside, data)
            aside.replace(path)
            _settle(path.parent)
        finally:
            # A second error would hide the first; what stays is removed at the next write.
            with suppress(OSError):
                aside.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold an output folder for one writer among all processes and threads; make it if needed."""
    keeping = folder / HOUSEKEEPING
    with explained(folder):
        keeping.mkdir(parents=True, exist_ok=True)
        handle = os.open(keeping / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            _sweep(folder)
        except BaseException:
            os.close(handle)
            raise
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an error of the system into an OutputError that names the file, cause and remedy."""
    try:
        yield
    except OSError as error:
        cause, advice = _ADVICE.get(
            error.errno or 0, (str(error.strerror or error), "mend the cause and run again")
        )
        raise OutputError(f"{path}: not written, {cause}; {advice}") from error


def _write_through(path: Path, data: bytes) -> None:
    """Write a new file and have the disk confirm it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Have the disk confirm a rename, where the file system can."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove what killed writers left; whoever holds the lock knows that nobody uses it."""
    kept = folder / HOUSEKEEPING
    for place in (folder, kept, kept / "runs", kept / "outputs"):
        names = os.listdir(place) if place.exists() else ()  # noqa: PTH208 - iterdir is slow here
        for name in names:
            if name.startswith(_BEGINNING) and name.endswith(_ENDING):
                (place / name).unlink(missing_ok=True)
