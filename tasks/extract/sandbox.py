"""Running a command that may hang, run wild or die, and always getting rid of it."""

import asyncio
import contextlib
import os
import signal
from asyncio import StreamReader
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_PIECE_BYTES = 1 << 16
_STDERR_BYTES = 1 << 16
_BURIAL_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a child said and how it ended; `exit_code` is negative for death by a signal.

    `stderr` is its tail. `timed_out` and `said_too_much` tell why we killed it, if we did.
    """

    stdout: bytes
    stderr: str
    exit_code: int
    timed_out: bool = False
    said_too_much: bool = False

    @property
    def signal_name(self) -> str | None:
        """Give the name of the signal that ended it."""
        return signal.Signals(-self.exit_code).name if self.exit_code < 0 else None


async def run(
    command: Sequence[str], request: bytes, *, timeout_s: float, max_answer_bytes: int
) -> Outcome:
    """Run a command in a process group of its own, with a bare environment, until it ends.

    It is killed with all that it started when time is up, when it says too much, and when the
    caller is cancelled; it is always reaped.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        cwd=_ROOT,
        env=bare_environment(os.environ),
        start_new_session=True,
    )
    try:
        return await _converse(
            process, request, timeout_s=timeout_s, max_answer_bytes=max_answer_bytes
        )
    finally:
        await asyncio.shield(_bury(process))


def bare_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Give what a child needs of our environment: no key, no password, no address of ours."""
    return {name: environment[name] for name in _PASSED_ON if name in environment}


async def _converse(
    process: Process, request: bytes, *, timeout_s: float, max_answer_bytes: int
) -> Outcome:
    said, complaints = bytearray(), bytearray()
    timed_out = False
    try:
        async with asyncio.timeout(timeout_s):
            await asyncio.gather(
                _feed(process, request),
                _collect(process, said, max_answer_bytes),
                _keep_tail(process.stderr, complaints),
            )
            await process.wait()
    except TimeoutError:
        timed_out = True
        await _bury(process)
    return Outcome(
        stdout=bytes(said),
        stderr=complaints.decode("utf-8", errors="replace"),
        exit_code=-signal.SIGKILL if process.returncode is None else process.returncode,
        timed_out=timed_out,
        said_too_much=len(said) > max_answer_bytes,
    )


async def _feed(process: Process, request: bytes) -> None:
    if process.stdin is None:
        return
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died: the rest tells
        process.stdin.write(request)
        await process.stdin.drain()
        process.stdin.close()


async def _collect(process: Process, into: bytearray, max_bytes: int) -> None:
    """Keep what the child says; one that says too much is killed and read out to its end."""
    while process.stdout and (piece := await process.stdout.read(_PIECE_BYTES)):
        if len(into) <= max_bytes:
            into += piece
        if len(into) > max_bytes:
            _kill(process)


async def _keep_tail(stream: StreamReader | None, into: bytearray) -> None:
    while stream and (piece := await stream.read(_PIECE_BYTES)):
        into += piece
        del into[:-_STDERR_BYTES]


async def _bury(process: Process) -> None:
    """Kill the child with its whole group and reap it.

    Its pipes are read out first: asyncio does not call a process ended before they are.
    """
    _kill(process)
    with contextlib.suppress(TimeoutError):  # a grandchild that fled may hold a pipe open
        async with asyncio.timeout(_BURIAL_S):
            await asyncio.gather(
                _keep_tail(process.stdout, bytearray()), _keep_tail(process.stderr, bytearray())
            )
            await process.wait()


def _kill(process: Process) -> None:
    """Kill the child's whole group; one that has ended and been reaped has none."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
