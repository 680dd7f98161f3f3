"""An emulator without a network, and requests for it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from tasks.emulator.app import create_app
from tasks.emulator.options import EmulatorOptions

KEY = {"Authorization": "Bearer any-key"}
PROSE = (
    "The supplier delivers the pumps to the plant in Ghent by 3 March 2025. "
    "The buyer pays EUR 12,500 for each pump within thirty days of the invoice. "
    "If the buyer pays late, the supplier may charge interest of 8 % a year on the price. "
    "The pumps carry a warranty of two years from the day of delivery to the plant. "
    "Either party may end the contract with three months' notice in writing. "
    "Rain fell all week."
)
ANSWER = "Lisbon is the capital of Portugal."
SCRIPT = ({"answer": ANSWER},)


def uuid(number: int) -> str:
    """Give the n-th of a row of valid UUIDs v4."""
    return str(UUID(int=number, version=4))


def task(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Give a valid task, with changes; a change to `...` takes the field out."""
    whole = {
        "taskType": "textInference",
        "taskUUID": uuid(number),
        "model": "minimax:m2.7@0",
        "messages": [{"role": "user", "content": PROSE}],
    } | changes
    return {name: value for name, value in whole.items() if value is not ...}


class FakeClock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now_s(self) -> float:
        return self.now

    def date_s(self) -> float:
        return 1_700_000_000.0 + self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.slept.append(seconds)
        self._sleepers.append((self.now + seconds, woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Turn the clock on, waking whoever sleeps in the order of their times."""
        await settle()
        until = self.now + seconds
        while due := [sleeper for sleeper in self._sleepers if sleeper[0] <= until]:
            at, woken = min(due, key=lambda sleeper: sleeper[0])
            self._sleepers.remove((at, woken))
            self.now = at
            if not woken.done():
                woken.set_result(None)
            await settle()
        self.now = until


async def settle() -> None:
    """Let everything run that need not wait."""
    for _ in range(100):
        await asyncio.sleep(0)


def client_of(options: EmulatorOptions, **seams: Any) -> httpx.AsyncClient:
    """Give a client that talks to an emulator of its own."""
    transport = httpx.ASGITransport(app=create_app(options, **seams))
    return httpx.AsyncClient(transport=transport, base_url="http://emulator", headers=KEY)


async def stats_of(client: httpx.AsyncClient) -> dict[str, Any]:
    stats: dict[str, Any] = (await client.get("/_emulator/stats")).json()
    return stats


async def post(client: httpx.AsyncClient, *tasks: dict[str, Any]) -> dict[str, Any]:
    """Post tasks and give the body of the reply."""
    body: dict[str, Any] = (await client.post("/v1", json=list(tasks))).json()
    return body


async def poll(client: httpx.AsyncClient, *numbers: int) -> dict[str, Any]:
    """Ask for the results of tasks."""
    tasks = [{"taskType": "getResponse", "taskUUID": uuid(number)} for number in numbers]
    return await post(client, *tasks)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(EmulatorOptions()) as opened:
        yield opened
