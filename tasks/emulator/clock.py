"""Time as the emulator knows it, so that tests can turn it."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Tell the time and wait."""

    def now_s(self) -> float:
        """Give seconds that only ever grow."""

    def date_s(self) -> float:
        """Give seconds since 1970."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class RealClock:
    """The clock of this machine."""

    def now_s(self) -> float:
        """Give the monotonic clock."""
        return time.monotonic()

    def date_s(self) -> float:
        """Give the wall clock."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait in the event loop."""
        await asyncio.sleep(seconds)
