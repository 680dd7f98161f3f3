"""The warm process behind each reader: `python -m tasks.extract.sandbox.forker`.

It imports the readers once, makes ready what every child would else make for itself, and forks a
child for each errand, so that every file has a process of its own and hardly any pays for starting
one. It parses nothing itself. On stdin come payloads, each after a line with its length; what the
children say goes to stdout.
"""

import gc
import os
import select
import signal
import sys
from collections.abc import Callable
from functools import cache, partial
from typing import BinaryIO

from tasks.core.codec import prepare
from tasks.extract.formats import FORMATS, Format, format_by_suffix
from tasks.extract.reader import At, line_of
from tasks.extract.sandbox import child, confine
from tasks.extract.sandbox.conversation import Answer, Ended, Errand, Opened, errand_in
from tasks.extract.sandbox.team import Team
from tasks.extract.sandbox.voice import write


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
        ended = line_of(Ended(_done(*errand_in(payload), output)))
        write(output, b"\n" + ended)  # a child that was killed may have left half a line


def _waiting() -> bool:
    return bool(select.select([0], [], [], 0)[0])


def _next(stream: BinaryIO) -> bytes | None:
    header = stream.readline()
    return stream.read(int(header)) if header else None


def _done(errand: Errand, lines: list[bytes], output: int) -> int:
    """Have an errand done by a child, with the helpers that it may have; give its exit code."""
    known = format_by_suffix(errand.path)
    if known is not None:
        _warm(known)
    gc.freeze()  # a child that collects garbage need not look through all that we imported
    team = Team.of(errand.helpers)
    leader = _forked(partial(_lead, errand, lines, team, output))
    helpers = [
        _forked(partial(_help, errand, team, number, output)) for number in range(errand.helpers)
    ]
    team.close()
    exit_code = _reaped(leader)
    for pid in helpers:
        os.kill(pid, signal.SIGKILL)
        _reaped(pid)
    return exit_code


def _lead(errand: Errand, lines: list[bytes], team: Team, output: int) -> None:
    leader = team.leader()
    child.serve(errand, lines, output, leader if errand.helpers else None)


def _help(errand: Errand, team: Team, number: int, output: int) -> None:
    os.close(output)  # it is not for a helper to answer
    child.help_out(errand, team.helper(number))


def _reaped(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@cache
def _warm(known: Format) -> None:
    """Make a reader ready for all children to come."""
    reader = known.reader()
    prepare(*reader.parts)
    if reader.warm:
        reader.warm()


def _forked(work: Callable[[], None]) -> int:
    """Fork a process that does its work and never comes back from here; give its number."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        confine.die_with_parent()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        work()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
