"""The process that reads one file: `python -m tasks.extract.child PATH`, a request on stdin.

It answers on stdout (see `tasks.extract.answer`) and says on stderr which page it has come to, so
that the parent can name the page when it has to kill it.
"""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from tasks.core.codec import from_json
from tasks.core.documents import Document
from tasks.core.errors import DamagedError, DocmillError, InputError, LimitError
from tasks.extract import confine
from tasks.extract.answer import Answer, Request, Telling
from tasks.extract.formats import PDF, Format, recognise
from tasks.extract.limits import ExtractionLimits

PAGE_MARK = "@page "
NO_SHIELD_MARK = "@network not cut"


def main() -> None:
    """Answer the request on stdin."""
    confine.die_with_parent()
    output = confine.own_output()
    request = from_json(Request, sys.stdin.buffer.read())
    confine.bound_resources(request.limits)
    telling = Telling(page=_tell_page, draft=lambda d: _say(output, Answer(document=d, draft=True)))
    _say(output, answer(Path(sys.argv[1]), request, telling=telling, shield=_shield))


def answer(path: Path, request: Request, *, telling: Telling, shield: Callable[[], None]) -> Answer:
    """Read what is asked for; every failure becomes an answer with its name."""
    try:
        data = _read_bytes(path, request.limits)
        known = recognise(data, path.name)
        return Answer(document=_read(known, data, request, telling=telling, shield=shield))
    except DocmillError as error:
        return Answer(error=type(error).__name__, message=str(error))
    except MemoryError:
        return _no_memory(request.limits)
    except RecursionError:
        return Answer(
            error=LimitError.__name__,
            message="it is nested too deeply. Save it again with the program it is from.",
        )
    except Exception as error:  # noqa: BLE001 the edge: whatever a library raises means the file
        return Answer(
            error=DamagedError.__name__,
            message=f"it cannot be read ({type(error).__name__}: {error}). "
            "Open it in the program it is from and save it again.",
        )


def _read(
    known: Format,
    data: bytes,
    request: Request,
    *,
    telling: Telling,
    shield: Callable[[], None],
) -> Document:
    reader = known.reader()
    shield()
    if known is PDF:
        return reader(data, request.limits, password=request.password, telling=telling)
    return reader(data, request.limits)


def _read_bytes(path: Path, limits: ExtractionLimits) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError("it is not a file. Give a file, a folder or a glob.")
        if status.st_size > limits.max_source_bytes:
            raise LimitError(
                f"it has {status.st_size:,} bytes (limit {limits.max_source_bytes:,}). Split it."
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"it cannot be opened ({error.strerror}). Check path and rights."
        ) from error
    if not data:
        raise DamagedError("it is empty (0 bytes). Fetch or save it again.")
    return data


def _no_memory(limits: ExtractionLimits) -> Answer:
    return Answer(
        error=LimitError.__name__,
        message=f"reading it needs more than {limits.max_memory_bytes:,} bytes of memory. "
        "Split it, or raise the limit.",
    )


def _shield() -> None:
    """Close the door before the first hostile byte is parsed."""
    if not confine.cut_network():
        sys.stderr.write(f"{NO_SHIELD_MARK}\n")
    confine.forbid_writing()


def _tell_page(number: int) -> None:
    sys.stderr.write(f"{PAGE_MARK}{number}\n")
    sys.stderr.flush()


def _say(output: int, said: Answer) -> None:
    line = memoryview(said.line())
    while line:
        line = line[os.write(output, line) :]


if __name__ == "__main__":
    main()
