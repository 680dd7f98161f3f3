import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tasks.ledger.engine import open_engine
from tasks.ledger.leases import LEASE_S
from tasks.ledger.ledger import Claim, Ledger, open_ledger
from tasks.ledger.writer import Writer
from tests.ledger.building import ASKED, Clock, asked, claimed, owners

KEYS = [f"k{n}" for n in range(5)]
HOLD = f"""
import asyncio, sys
from tasks.ledger.ledger import open_ledger
from tests.ledger.building import asked

async def main(url):
    async with open_ledger(url) as ledger:
        claims = [await ledger.claim(asked(key)) for key in {KEYS}]
        await ledger.accept(claims[0])
        print(*(claim.task_uuid for claim in claims), flush=True)
        await asyncio.sleep(3600)

asyncio.run(main(sys.argv[1]))
"""


def hold_and_die(url: str) -> list[str]:
    """Run a process until it holds its claims and kill it; gives their UUIDs."""
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        held = process.stdout.readline().split()
        process.kill()
    return held


@asynccontextmanager
async def later(url: str, *, by_s: float) -> AsyncIterator[Ledger]:
    """Open a ledger whose clock is ahead of the others'."""
    writer = Writer(open_engine(url))
    yield Ledger(writer, clock=lambda: writer.now() + by_s)
    writer.close()


@pytest.mark.full
async def test_what_a_killed_process_held_is_taken_over_after_its_lease(url: str) -> None:
    held = hold_and_die(url)

    async with open_ledger(url) as early:
        assert [await early.claim(asked(key)) for key in KEYS] == [None] * len(KEYS)
    async with later(url, by_s=LEASE_S) as heir:
        taken = [await claimed(heir, asked(key)) for key in KEYS]

    assert taken == [
        Claim(key, task_uuid, begun=True, accepted=key == KEYS[0])
        for key, task_uuid in zip(KEYS, held, strict=True)
    ]


async def test_an_owner_that_lives_keeps_what_it_holds(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.ledger.leases.RENEW_S", 0)
    clock = Clock()
    async with owners(url, clock) as (owner, other):
        released = await claimed(owner, asked("released"))
        owner.release(released)
        await claimed(owner)
        renewal = asyncio.create_task(owner.leases.keep())
        for _ in range(4):
            clock.now += LEASE_S - 1
            for _ in range(5):  # time for the renewal to be handed in
                await owner.answered([])
            assert await other.claim(ASKED) is None
        assert (await claimed(other, asked("released"))).begun
        renewal.cancel()


async def test_leases_that_cannot_be_renewed_once_are_renewed_the_next_time(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.ledger.leases.RENEW_S", 0)
    fails = iter([True])
    renewed = asyncio.Event()

    def renew(*_: object, **__: object) -> None:
        if next(fails, False):
            raise OSError("no space left")
        loop.call_soon_threadsafe(renewed.set)

    monkeypatch.setattr("tasks.ledger.attempts.renew", renew)
    loop = asyncio.get_running_loop()
    async with owners(url, Clock(), 1) as (owner,):
        renewal = asyncio.create_task(owner.leases.keep())
        await renewed.wait()
        renewal.cancel()
