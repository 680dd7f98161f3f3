"""The warm process behind each reader: `python -m tasks.extract.forker`.

It imports the readers once, makes ready what every child would else make for itself, and forks a
child for each errand, so that every file has a process of its own and hardly any pays for starting
one. It parses nothing itself. On stdin come payloads, each after a line with its length; what the
children say goes to stdout.
"""

import gc
import os
import select
import sys
from functools import cache
from typing import BinaryIO

from tasks.core.codec import prepare
from tasks.extract import child, confine
from tasks.extract.conversation import Answer, Ended, Errand, Opened, errand_in
from tasks.extract.formats import FORMATS, Format, format_by_suffix
from tasks.extract.reader import At, line_of


def main() -> None:
    """Serve errands until stdin ends."""
    confine.die_with_parent()
    confine.leave_no_core()
    output = confine.own_output()
    prepare(Errand, Opened, At, Answer, Ended)
    cold = list(FORMATS)
    while True:
        while cold and not _waiting():
            _warm(cold.pop(0))
        payload = _next(sys.stdin.buffer)
        if payload is None:
            return
        _warm_for(payload)
        gc.freeze()  # a child that collects garbage need not look through all that we imported
        pid = os.fork()
        if not pid:
            _be_child(payload, output)
        del payload
        _, status = os.waitpid(pid, 0)
        child.write(output, line_of(Ended(os.waitstatus_to_exitcode(status))))


def _waiting() -> bool:
    return bool(select.select([0], [], [], 0)[0])


def _next(stream: BinaryIO) -> bytes | None:
    header = stream.readline()
    return stream.read(int(header)) if header else None


def _warm_for(payload: bytes) -> None:
    """Make ready the reader that the file's name promises."""
    errand, _ = errand_in(payload[: payload.index(b"\n")])
    known = format_by_suffix(errand.path)
    if known is not None:
        _warm(known)


@cache
def _warm(known: Format) -> None:
    """Make a reader ready for all children to come."""
    reader = known.reader()
    prepare(*reader.parts)
    if reader.warm:
        reader.warm()


def _be_child(payload: bytes, output: int) -> None:
    """Do the errand in the forked process, which never comes back from here."""
    code = 1
    try:
        confine.die_with_parent()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        child.serve(*errand_in(payload), output)
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
