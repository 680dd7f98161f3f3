import asyncio
import os
import select
import signal
import sys
from pathlib import Path

import pytest

from tasks.extract.sandbox import Outcome, bare_environment, run

ENDLESS = "import time\nwhile True: time.sleep(1)"


async def run_python(program: str, **options: float) -> Outcome:
    limits = {"timeout_s": 20.0, "max_answer_bytes": 1000} | options
    return await run(
        (sys.executable, "-c", program),
        b"the request",
        timeout_s=limits["timeout_s"],
        max_answer_bytes=int(limits["max_answer_bytes"]),
    )


async def test_hands_over_the_request_and_brings_back_the_answer() -> None:
    outcome = await run_python("import sys; print(sys.stdin.read().upper(), end='')")

    assert (outcome.stdout, outcome.exit_code) == (b"THE REQUEST", 0)
    assert not outcome.timed_out


async def test_kills_what_runs_too_long_and_keeps_what_it_said() -> None:
    outcome = await run_python(
        f"import sys; print('so far', flush=True); print('@page 7', file=sys.stderr)\n{ENDLESS}",
        timeout_s=1.0,
    )

    assert outcome.timed_out
    assert outcome.stdout == b"so far\n"
    assert "@page 7" in outcome.stderr
    assert outcome.signal_name == "SIGKILL"


async def test_kills_what_says_too_much() -> None:
    outcome = await run_python("while True: print('x' * 1000)", max_answer_bytes=5000)

    assert outcome.said_too_much
    assert not outcome.timed_out


async def test_names_the_signal_that_ended_a_child() -> None:
    outcome = await run_python("import os; os.kill(os.getpid(), 11)")

    assert outcome.signal_name == "SIGSEGV"


async def test_survives_a_child_that_never_reads_its_request() -> None:
    outcome = await run(
        (sys.executable, "-c", "import os; os.close(0); print('done')"),
        b"x" * 10_000_000,
        timeout_s=20,
        max_answer_bytes=100,
    )

    assert outcome.stdout == b"done\n"


async def test_keeps_only_the_tail_of_complaints() -> None:
    outcome = await run_python("import sys; sys.stderr.write('x' * 500_000 + 'end')")

    assert outcome.stderr.endswith("xend")
    assert len(outcome.stderr) < 100_000


async def test_a_cancelled_caller_leaves_no_process_behind(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    os.mkfifo(told)
    grandparent = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {ENDLESS!r}])\n"
        f"open({str(told)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "child.wait()"
    )
    running = asyncio.create_task(run_python(grandparent))
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
    outcome = await run_python("import os; print(sorted(os.environ))")

    assert b"PATH" in outcome.stdout
    assert b"RUNWARE" not in outcome.stdout


def test_passes_on_what_a_process_needs_and_nothing_else() -> None:
    ours = {"PATH": "/bin", "LANG": "C", "AWS_SECRET": "x", "PREFECT_API_KEY": "y", "HOME": "/h"}
    assert bare_environment(ours) == {"PATH": "/bin", "LANG": "C"}


def test_an_exit_is_no_signal() -> None:
    assert Outcome(stdout=b"", stderr="", exit_code=3).signal_name is None
    assert Outcome(stdout=b"", stderr="", exit_code=-signal.SIGXCPU).signal_name == "SIGXCPU"


async def test_a_child_that_floods_us_is_killed_in_time() -> None:
    outcome = await run_python(
        "while True: print('x' * 100_000)", timeout_s=0.5, max_answer_bytes=1e12
    )

    assert outcome.timed_out
    assert outcome.signal_name == "SIGKILL"
