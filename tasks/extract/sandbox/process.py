"""A process that may hang, run wild or die: asked one thing at a time, and always got rid of."""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_PIECE_BYTES = 1 << 16
_BURIAL_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a conversation ended; all false when the process said its last word.

    `exit_code` is that of a process which left us without it, negative for death by a signal.
    """

    exit_code: int | None = None
    timed_out: bool = False
    said_too_much: bool = False

    @property
    def well(self) -> bool:
        """Tell whether the process is fit for another question."""
        return self.exit_code is None and not self.timed_out and not self.said_too_much


class Child:
    """A process in a process group of its own, with a bare environment and no tongue but stdout.

    It is killed with all that it started when it is ended, takes too long, says too much, or when
    the caller of `ask` is cancelled; it is always reaped. `folder` is for its temporary files, and
    goes with it.
    """

    def __init__(self, process: Process, folder: str) -> None:
        self._process = process
        self._folder = folder
        self._ended = False

    @classmethod
    async def start(cls, command: Sequence[str]) -> "Child":
        """Start a command."""
        folder = tempfile.mkdtemp(prefix="docmill-")
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=_ROOT,
            env={**bare_environment(os.environ), "TMPDIR": folder},
            start_new_session=True,
        )
        return cls(process, folder)

    @property
    def ended(self) -> bool:
        """Tell whether it is gone, so that another has to take its place."""
        return self._ended or self._process.returncode is not None

    async def ask(
        self,
        payload: bytes,
        hear: Callable[[bytes], bool],
        *,
        timeout_s: float,
        max_bytes: int,
    ) -> Outcome:
        """Send a payload after its length, and hear lines until `hear` calls one the last."""
        try:
            outcome = await self._converse(payload, hear, timeout_s=timeout_s, max_bytes=max_bytes)
        except BaseException:
            await asyncio.shield(self.end())
            raise
        if not outcome.well:
            await asyncio.shield(self.end())
        return outcome

    async def end(self) -> None:
        """Kill the process with its whole group and reap it.

        Its pipe is read out first: asyncio does not call a process ended before that is done.
        """
        self._ended = True
        _kill(self._process)
        with contextlib.suppress(TimeoutError):  # a grandchild that fled may hold a pipe open
            async with asyncio.timeout(_BURIAL_S):
                while self._process.stdout and await self._process.stdout.read(_PIECE_BYTES):
                    pass
                await self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _converse(
        self, payload: bytes, hear: Callable[[bytes], bool], *, timeout_s: float, max_bytes: int
    ) -> Outcome:
        try:
            async with asyncio.timeout(timeout_s):
                feeding = asyncio.create_task(self._feed(payload))
                try:
                    heard = await self._listen(hear, max_bytes)
                finally:
                    feeding.cancel()
                if heard is not None:
                    return heard
                return Outcome(exit_code=await self._process.wait())
        except TimeoutError:
            return Outcome(timed_out=True)

    async def _feed(self, payload: bytes) -> None:
        if self._process.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died: the rest tells
            self._process.stdin.write(b"%d\n" % len(payload))
            for at in range(0, len(payload), _PIECE_BYTES):  # a long one is not copied as a whole
                self._process.stdin.write(payload[at : at + _PIECE_BYTES])
                await self._process.stdin.drain()

    async def _listen(self, hear: Callable[[bytes], bool], max_bytes: int) -> Outcome | None:
        """Hear line by line; None when the process closed its mouth before the last one."""
        begun = bytearray()
        said = 0
        while self._process.stdout and (piece := await self._process.stdout.read(_PIECE_BYTES)):
            said += len(piece)
            if said > max_bytes:
                return Outcome(said_too_much=True)
            *lines, rest = piece.split(b"\n")
            for line in lines:
                begun += line
                whole = bytes(begun)
                begun.clear()  # a document is long enough once
                if hear(whole):
                    return Outcome()
            begun += rest
        return None


def bare_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Give what a child needs of our environment: no key, no password, no address of ours."""
    return {name: environment[name] for name in _PASSED_ON if name in environment}


def _kill(process: Process) -> None:
    """Kill the child's whole group; one that has ended and been reaped has none."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
