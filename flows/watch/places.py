"""Moving originals to `done/` or `failed/`: whole, never over another file, never deleted."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path, PurePosixPath

from flows.watch.names import REASON_ENDING
from tasks.write.atomic import explained, write_whole

MAX_NAME_BYTES = 255 - len(REASON_ENDING)


def free_place(inbox: Path, kind: str, path: str) -> str:
    """Choose where a file goes below `done` or `failed`: its own path, else with a number."""
    for place in _places(f"{kind}/{path}"):
        target = inbox / place
        if not (os.path.lexists(target) or os.path.lexists(_reason_of(target))):
            return place
    raise AssertionError("count() does not end")


def move(inbox: Path, path: str, place: str) -> None:
    """Move a file to its place, which is taken first, so that nothing is ever written over.

    OutputError when it cannot be done. FileExistsError where the place was taken by another.
    """
    source, target = inbox / path, inbox / place
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _is_held_by_us(target):
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
        try:
            source.replace(target)
        except OSError:
            with suppress(OSError):
                if _is_held_by_us(target):
                    target.unlink()
            raise


def say_why(inbox: Path, place: str, *, path: str, reason: str, attempt: int, now: float) -> None:
    """Write beside the place of a failed file why it failed and what to do."""
    target = inbox / place
    folder = PurePosixPath(path).parent
    back = inbox if folder == PurePosixPath() else inbox / folder
    text = (
        f"{PurePosixPath(path).name} was not made into a finished document.\n\n"
        f"Reason:   {shown(reason)}\n"
        f"When:     {datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M} UTC\n"
        f"Attempt:  {attempt}\n\n"
        f"To try again, mend the cause and move the file back into\n{shown(str(back))}\n"
        "What was answered before is not paid for again.\n"
    )
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(_reason_of(target), text.encode())


def take_back_reason(inbox: Path, place: str) -> None:
    """Remove what was said of a file that has been moved back."""
    if place:
        with suppress(OSError):
            _reason_of(inbox / place).unlink(missing_ok=True)


def shown(text: str) -> str:
    """Give a text as it can be written, whatever bytes a name in it has."""
    return text.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _places(wanted: str) -> Iterator[str]:
    path = PurePosixPath(wanted)
    for number in count(1):
        ending = f"-{number}{path.suffix}" if number > 1 else path.suffix
        yield str(
            path.with_name(_cut(path.stem, MAX_NAME_BYTES - len(os.fsencode(ending))) + ending)
        )


def _cut(stem: str, max_bytes: int) -> str:
    """Cut a name that leaves no room for its reason, without half a letter at its end."""
    encoded = os.fsencode(stem)
    if len(encoded) <= max_bytes:
        return stem
    return encoded[:max_bytes].decode(errors="ignore") or "document"


def _reason_of(target: Path) -> Path:
    return target.with_name(target.name + REASON_ENDING)


def is_taken(inbox: Path, place: str) -> bool:
    """Tell whether something of worth lies at a place; what a killed move left there is nothing."""
    target = inbox / place
    return os.path.lexists(target) and not _is_held_by_us(target)


def _is_held_by_us(target: Path) -> bool:
    """Tell whether an empty file holds the place, as a move that was killed leaves it."""
    return not target.is_symlink() and target.is_file() and target.stat().st_size == 0
