"""Two processes want the same answers at the same time: each answer is paid for once."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.test_over_http import served
from tests.postgresql import new_database, postgresql

pytestmark = pytest.mark.full

TASKS = 200


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    with postgresql() as server:
        yield new_database(server)


async def begun(url: str, ledger_url: str) -> Process:
    """Start a process that is ready to ask."""
    command = ["-m", "tests.infer.asking_apart", f"{url}v1", ledger_url, str(TASKS)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def told(process: Process) -> tuple[int, int]:
    """Let a process begin; gives what it paid for and what it reused."""
    out, _ = await process.communicate(b"go\n")
    paid, reused = map(int, out.split())
    return paid, reused


async def test_each_answer_is_billed_once(ledger_url: str) -> None:
    latency = {"fault": "latency", "distribution": "uniform", "low": 0.05, "high": 0.3}
    async with served(latency, answers=({"answer": "42"},)) as admin:
        url = f"{str(admin.base_url).rstrip('/')}/"
        processes = [await begun(url, ledger_url) for _ in range(2)]
        one, two = await asyncio.gather(*map(told, processes))
        stats = (await admin.get("/_emulator/stats")).json()

    assert (stats["tasks_billed"], stats["tasks_billed_twice"]) == (TASKS, 0)
    assert one[0] + two[0] == TASKS
    assert one[0] + one[1] == two[0] + two[1] == TASKS
    assert min(one[0], two[0]) > TASKS // 10, "both were at work"
