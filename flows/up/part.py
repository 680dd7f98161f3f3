"""A part of `docmill up`: one process, kept running, what it prints in a file of its own."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path

from tasks.core.errors import ConfigError

BACKOFF_S = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
STEADY_S = 60.0
"""A part that ran for so long is started again at once."""
STOP_S = 8.0
LOOK_EVERY_S = 0.25
LOG_BYTES = 10_000_000
TAIL_LINES = 5

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What to start, and how to tell that it is ready."""

    name: str
    command: tuple[str, ...]
    ready: Callable[[], Awaitable[bool]]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Kept:
    """A part that is kept running; `pid` is None between two starts."""

    part: Part
    log: Path
    pid: int | None = None
    starts: int = 0

    async def until_ready(self, within_s: float) -> None:
        """Wait until the part is ready; ConfigError with the end of its log if it is not."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline and self.starts < len(BACKOFF_S):
            if self.pid is not None and await self.part.ready():
                return
            await asyncio.sleep(LOOK_EVERY_S)  # another process gives no other sign
        raise ConfigError(f"{self.part.name} did not start; {self.log} ends: {tail(self.log)}")


@asynccontextmanager
async def kept_running(part: Part, logs: Path, say: Say) -> AsyncIterator[Kept]:
    """Keep a part running while this lasts, started again whenever it ends."""
    kept = Kept(part, logs / f"{part.name}.log")
    keeper = asyncio.create_task(_keep(kept, say))
    try:
        yield kept
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper


def backoff() -> Iterator[float]:
    """Give the seconds to wait before each start after the first."""
    return chain(BACKOFF_S, repeat(BACKOFF_S[-1]))


def tail(log: Path) -> str:
    """Give the last lines of a log, as one."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return " / ".join(line.strip() for line in lines[-TAIL_LINES:] if line.strip()) or "empty"


async def _keep(kept: Kept, say: Say) -> None:
    waits = backoff()
    while True:
        began = time.monotonic()
        code = await _run(kept)
        if time.monotonic() - began > STEADY_S:
            waits = backoff()
        wait_s = next(waits)
        say(
            f"{kept.part.name} ended with exit code {code} and starts again in {wait_s:g} s; "
            f"see {kept.log}"
        )
        await asyncio.sleep(wait_s)


async def _run(kept: Kept) -> int:
    """Run the part once, to its end or to ours."""
    _turn_over(kept.log)
    with kept.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *_ending_with_us(kept.part.command),
            env={**os.environ, **kept.part.env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us alone, who end the parts in order
        )
    kept.starts += 1
    kept.pid = process.pid
    try:
        return await process.wait()
    finally:
        kept.pid = None
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_S)
    except TimeoutError:
        process.kill()
        await process.wait()


def _ending_with_us(command: tuple[str, ...]) -> tuple[str, ...]:
    """Have the kernel end a part even where we are killed and can end nothing any more."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM", "--", *command) if setpriv else command


def _turn_over(log: Path) -> None:
    """Begin a new log when the old one is long; one old log is kept."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.old"))
