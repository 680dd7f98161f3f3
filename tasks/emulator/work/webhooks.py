"""Push results to webhooks: 2xx in time, or again and again at growing distances."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx

from tasks.emulator.clock import Clock
from tasks.emulator.faults.rules import Plan
from tasks.emulator.options import EmulatorOptions

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 8.0


def pause_s(attempt: int, jitter: float) -> float:
    """Give the pause after the n-th failed attempt; `jitter` in [0, 1) takes up to half of it."""
    whole: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (attempt - 1))
    return whole * (1 - jitter / 2)


class Courier:
    """Deliver bodies in the background; the contract check has refused all far addresses."""

    def __init__(
        self,
        options: EmulatorOptions,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._random = random.Random(options.fault_seed)  # noqa: S311 # spreads retries
        self.counts: Counter[str] = Counter()

    def send(self, url: str, body: Mapping[str, Any], plan: Plan) -> None:
        """Post a body now or, by fault, late, twice or never; does not wait for it."""
        if "webhook_lost" in plan:
            return
        copies = 1 + (plan["webhook_duplicate"]["copies"] if "webhook_duplicate" in plan else 0)
        late_s = plan["webhook_late"]["seconds"] if "webhook_late" in plan else 0.0
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
        for _ in range(copies):
            task = asyncio.create_task(self._deliver(url, content, late_s))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Drop what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _deliver(self, url: str, content: bytes, late_s: float) -> None:
        if late_s:
            await self._clock.sleep(late_s)
        for attempt in range(1, self._options.webhook_attempts + 1):
            self.counts["sent"] += 1
            if await self._is_taken(url, content):
                self.counts["delivered"] += 1
                return
            if attempt < self._options.webhook_attempts:
                await self._clock.sleep(pause_s(attempt, self._random.random()))
        self.counts["given_up"] += 1

    async def _is_taken(self, url: str, content: bytes) -> bool:
        headers = {"Content-Type": "application/json"}
        try:
            # Streamed, so that a receiver's endless answer is not read.
            async with self._open().stream("POST", url, content=content, headers=headers) as reply:
                return reply.is_success
        except (httpx.HTTPError, httpx.InvalidURL):
            return False

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            # No proxy of the environment and no redirect leads off this machine.
            self._client = httpx.AsyncClient(
                transport=self._transport,
                timeout=self._options.webhook_timeout_s,
                trust_env=False,
                follow_redirects=False,
            )
        return self._client
