"""An emulator without a network, and requests for it."""

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


def client_of(options: EmulatorOptions) -> httpx.AsyncClient:
    """Give a client that talks to an emulator of its own."""
    transport = httpx.ASGITransport(app=create_app(options))
    return httpx.AsyncClient(transport=transport, base_url="http://emulator", headers=KEY)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(EmulatorOptions()) as opened:
        yield opened
