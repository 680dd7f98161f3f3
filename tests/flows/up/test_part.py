"""Keeping processes running: plain Python programs stand in for the parts."""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

import flows.up.part
from flows.up.part import Kept, Part, backoff, kept_running
from tasks.core.errors import ConfigError

PATIENCE_S = 20.0
FOR_EVER = "import time; print('here', flush=True); time.sleep(1000)"


def a_part(program: str, log: Path) -> Part:
    async def ready() -> bool:
        return "here" in log.read_text(encoding="utf-8")

    return Part(name="part", command=(sys.executable, "-c", program), ready=ready)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(flows.up.part, "BACKOFF_S", (0.01, 0.01, 0.01))
    monkeypatch.setattr(flows.up.part, "LOOK_EVERY_S", 0.01)
    return tmp_path / "part.log"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.01)


def keeping(part: Part, log: Path, said: list[str]) -> AbstractAsyncContextManager[Kept]:
    return kept_running(part, log.parent, said.append)


async def test_a_part_that_dies_is_started_again_and_named(log: Path) -> None:
    said: list[str] = []

    async with keeping(a_part(FOR_EVER, log), log, said) as kept:
        await kept.until_ready(PATIENCE_S)
        first = kept.pid
        assert first is not None
        os.kill(first, 9)
        await until(lambda: kept.pid not in {None, first})

    assert kept.starts == 2
    assert "part ended with exit code -9" in said[0]
    assert str(log) in said[0]


async def test_no_part_outlives_its_keeper(log: Path) -> None:
    async with keeping(a_part(FOR_EVER, log), log, []) as kept:
        await kept.until_ready(PATIENCE_S)
        pid = kept.pid

    assert pid is not None
    assert not alive(pid)


async def test_a_part_that_cannot_start_is_named_with_the_end_of_its_log(log: Path) -> None:
    program = "raise SystemExit('the disk is on fire')"

    async with keeping(a_part(program, log), log, []) as kept:
        with pytest.raises(ConfigError, match=r"part did not start.*the disk is on fire"):
            await kept.until_ready(PATIENCE_S)


async def test_a_part_that_heeds_no_signal_is_killed(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.up.part, "STOP_S", 0.1)
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOR_EVER}"

    async with keeping(a_part(deaf, log), log, []) as kept:
        await kept.until_ready(PATIENCE_S)
        pid = kept.pid

    assert pid is not None
    assert not alive(pid)


async def test_a_part_dies_with_a_keeper_that_was_killed(log: Path) -> None:
    keeper = (
        "import asyncio; from pathlib import Path\n"
        "from flows.up.part import Part, kept_running\n"
        "async def never(): return False\n"
        "async def keep():\n"
        f"    part = Part(name='part', command=({sys.executable!r}, '-c', {FOR_EVER!r}),\n"
        "                 ready=never)\n"
        f"    async with kept_running(part, Path({str(log.parent)!r}), print) as kept:\n"
        "        while kept.pid is None: await asyncio.sleep(0.01)\n"
        "        print(kept.pid, flush=True); await asyncio.sleep(1000)\n"
        "asyncio.run(keep())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", keeper, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    pid = int(await asyncio.wait_for(process.stdout.readline(), PATIENCE_S))
    await until(lambda: log.exists() and "here" in log.read_text(encoding="utf-8"))

    process.kill()
    await process.wait()

    await until(lambda: not running(pid))


def running(pid: int) -> bool:
    """Tell whether a process runs; one that has ended may wait for somebody to ask how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def test_waits_grow_and_then_stay() -> None:
    waits = backoff()
    some = [next(waits) for _ in range(20)]

    assert some == sorted(some)
    assert some[-1] == some[-2]


async def test_a_long_log_is_turned_over(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.up.part, "LOG_BYTES", 10)
    log.write_text("much that was said before", encoding="utf-8")

    async with keeping(a_part(FOR_EVER, log), log, []) as kept:
        await kept.until_ready(PATIENCE_S)

    assert log.with_suffix(".log.old").read_text(encoding="utf-8") == "much that was said before"
    assert "before" not in log.read_text(encoding="utf-8")
