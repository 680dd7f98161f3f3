"""Warm processes that read files, a few at once; one that had to be killed is replaced."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace

from tasks.extract.sandbox.conversation import Errand, Heard
from tasks.extract.sandbox.process import Child, Outcome

_COMMAND = (sys.executable, "-m", "tasks.extract.sandbox.forker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was heard in a conversation, and how it ended.

    It took `seconds` of the `allowed_s` that it might take; waiting for a process does not count.
    """

    heard: Heard
    outcome: Outcome
    seconds: float = 0.0
    allowed_s: float = 0.0


class Pool:
    """Up to `size` warm processes, started when first needed; the newest used is used first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._places: asyncio.LifoQueue[Child | None] = asyncio.LifoQueue()
        for _ in range(size):
            self._places.put_nowait(None)

    async def send(
        self, errand: Errand, lines: Iterable[bytes] = (), *, timeout_s: float, max_bytes: int
    ) -> Said:
        """Have an errand done, when a process is free for it; the clock starts then.

        It gets as many of the helpers that it asks for as there are places that nobody waits for.
        """
        async with self._place() as child:
            await asyncio.sleep(0)  # those who came at the same time take their places first
            with self._spare(errand.helpers) as helpers:
                payload = replace(errand, helpers=helpers).payload(lines)
                heard = Heard()
                began = time.monotonic()
                outcome = await child.ask(
                    payload, heard.hear, timeout_s=timeout_s, max_bytes=max_bytes
                )
                seconds = time.monotonic() - began
                return Said(heard=heard, outcome=outcome, seconds=seconds, allowed_s=timeout_s)

    async def close(self) -> None:
        """End all processes."""
        for _ in range(self.size):
            child = await self._places.get()
            if child is not None:
                await child.end()

    @contextmanager
    def _spare(self, wanted: int) -> Iterator[int]:
        """Take up to so many places that are free, and give how many they are."""
        places = [self._places.get_nowait() for _ in range(min(wanted, self._places.qsize()))]
        try:
            yield len(places)
        finally:
            for place in reversed(places):
                self._places.put_nowait(place)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[Child]:
        child = await self._places.get()
        try:
            if child is None or child.ended:
                child = await Child.start(_COMMAND)
            yield child
        finally:
            self._places.put_nowait(child)
