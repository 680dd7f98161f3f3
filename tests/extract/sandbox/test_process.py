import asyncio
import os
import select
import signal
import sys
from pathlib import Path

import pytest

from tasks.extract.sandbox.process import Child, Outcome, bare_environment

ENDLESS = "import time\nwhile True: time.sleep(1)"
ECHO = """
import sys
while header := sys.stdin.buffer.readline():
    sys.stdout.write(sys.stdin.buffer.read(int(header)).decode().upper() + '\\nend\\n')
    sys.stdout.flush()
"""


async def ask(
    program: str, payload: bytes = b"x", *, timeout_s: float = 20, max_bytes: int = 10_000
) -> tuple[Outcome, list[bytes]]:
    heard: list[bytes] = []
    child = await Child.start((sys.executable, "-c", program))

    def hear(line: bytes) -> bool:
        heard.append(line)
        return line == b"end"

    try:
        outcome = await child.ask(payload, hear, timeout_s=timeout_s, max_bytes=max_bytes)
        assert child.ended is not outcome.well
    finally:
        await child.end()
    return outcome, heard


async def test_hands_over_one_payload_after_the_other_and_hears_the_answers() -> None:
    child = await Child.start((sys.executable, "-c", ECHO))
    heard: list[bytes] = []
    for payload in (b"one", b"two\nthree"):
        outcome = await child.ask(
            payload,
            lambda line: heard.append(line) or line == b"end",  # type: ignore[func-returns-value]
            timeout_s=20,
            max_bytes=1000,
        )
        assert outcome.well
    await child.end()

    assert heard == [b"ONE", b"end", b"TWO", b"THREE", b"end"]


async def test_its_temporary_files_go_with_it() -> None:
    program = "import tempfile, time\nprint(tempfile.mkdtemp(), flush=True)\ntime.sleep(99)"
    outcome, heard = await ask(program, timeout_s=2.0)

    assert outcome.timed_out
    assert not Path(heard[0].decode()).exists()
    assert not Path(heard[0].decode()).parent.exists()


async def test_kills_what_runs_too_long_and_keeps_what_it_said() -> None:
    outcome, heard = await ask(f"print('so far', flush=True)\n{ENDLESS}", timeout_s=1.0)

    assert outcome == Outcome(timed_out=True)
    assert heard == [b"so far"]


async def test_kills_what_says_too_much() -> None:
    outcome, _ = await ask("while True: print('x' * 1000)", max_bytes=5000)

    assert outcome == Outcome(said_too_much=True)


async def test_tells_the_exit_code_of_one_that_left() -> None:
    assert (await ask("import os; os.kill(os.getpid(), 11)"))[0].exit_code == -signal.SIGSEGV
    assert (await ask("raise SystemExit(3)"))[0].exit_code == 3


async def test_survives_a_child_that_never_reads() -> None:
    outcome, heard = await ask(
        "import os; os.close(0); print('end', flush=True)\n" + ENDLESS, b"x" * 10_000_000
    )

    assert outcome.well
    assert heard == [b"end"]


async def test_lines_come_whole_however_they_are_written() -> None:
    program = (
        "import sys\n"
        "for piece in ('a' * 200_000, 'b\\n', 'c\\nend\\n'):\n"
        "    sys.stdout.write(piece); sys.stdout.flush()\n" + ENDLESS
    )
    _, heard = await ask(program, max_bytes=1_000_000)

    assert heard == [b"a" * 200_000 + b"b", b"c", b"end"]


async def test_a_cancelled_caller_leaves_no_process_behind(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    os.mkfifo(told)
    grandparent = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {ENDLESS!r}])\n"
        f"open({str(told)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "child.wait()"
    )
    running = asyncio.create_task(ask(grandparent))
    pids = (await asyncio.to_thread(told.read_text)).split()
    processes = [os.pidfd_open(int(pid)) for pid in pids]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert len(processes) == 2
    for process in processes:  # readable once it has ended
        assert select.select([process], [], [], 10)[0] == [process]
        os.close(process)


async def test_the_child_sees_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWARE_API_KEY", "secret")
    _, heard = await ask("import os; print(sorted(os.environ)); print('end')")

    assert b"PATH" in heard[0]
    assert b"RUNWARE" not in heard[0]


def test_passes_on_what_a_process_needs_and_nothing_else() -> None:
    ours = {"PATH": "/bin", "LANG": "C", "AWS_SECRET": "x", "PREFECT_API_KEY": "y", "HOME": "/h"}
    assert bare_environment(ours) == {"PATH": "/bin", "LANG": "C"}


async def test_a_child_that_floods_us_is_killed_in_time() -> None:
    outcome, _ = await ask(
        "while True: print('x' * 100_000)", timeout_s=0.5, max_bytes=1_000_000_000_000
    )

    assert outcome.timed_out
