"""How well the throttle uses a server whose limit is hidden and changes three times.

    python -m tests.benchmarks.throttle [--phase-s 20] [--call-s 0.5] [--retry-after-s 1]

The emulator takes so many tasks at once and refuses others with 429; the limit changes at each
phase. One process, then two that share a ledger, ask it without end, each through its client,
ledger and throttle. The first 10 s and the 5 s after each change are left out. Ideal is the limit
divided by the mean time of a call.
"""

import argparse
import asyncio
import math
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from tasks.core.requests import InferenceRequest, Message, request_tokens
from tasks.infer.connection import Connection
from tasks.infer.delivery.poller import Poller
from tasks.infer.delivery.sync import SyncDelivery
from tasks.infer.inference import Inference
from tasks.infer.throttle.sharing import shared
from tasks.ledger.ledger import open_ledger
from tasks.ledger.throttle_table import ThrottleTable
from tests.benchmarks.emulating import emulating

LIMITS = (24, 8, 40, 16)
SETTLING_S = 10.0
AFTER_A_CHANGE_S = 5.0
SPREAD = 0.3
WORKERS = 100
PROCESSES = (1, 2)
STARTING_S = 8.0
"""For the processes to import what they need, before the first phase begins."""

LOG_SIZE = 200_000
KEY = SecretStr("of-the-benchmark")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the server does, and for how long."""

    phase_s: float
    call_s: float
    retry_after_s: float | None

    @property
    def whole_s(self) -> float:
        """Give the length of one run."""
        return self.phase_s * len(LIMITS)

    def faults(self) -> list[dict[str, Any]]:
        """Give the rules for the emulator; their clock starts when they are set."""
        schedule = [[at * self.phase_s, limit] for at, limit in enumerate(LIMITS)]
        limit: dict[str, Any] = {"fault": "concurrency_limit", "schedule": schedule}
        if self.retry_after_s is not None:
            limit["retryAfter"] = self.retry_after_s
        median_s = self.call_s * math.exp(-(SPREAD**2) / 2)
        spread = {"distribution": "lognormal", "seconds": median_s, "sigma": SPREAD}
        return [limit, {"fault": "latency", **spread}]


@dataclass(frozen=True, slots=True)
class Count:
    """What counts of one phase."""

    limit: int
    seconds: float
    served: int
    refused: int


def main() -> None:
    """Print one table for each number of processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phase-s", type=float, default=20.0)
    parser.add_argument("--call-s", type=float, default=0.5)
    parser.add_argument("--retry-after-s", type=float)
    given = parser.parse_args()
    conditions = Conditions(given.phase_s, given.call_s, given.retry_after_s)
    for processes in PROCESSES:
        counts = run(conditions, processes)
        print(f"\n{processes} process(es), calls of {conditions.call_s} s, lognormal", end="")
        print(f", Retry-After {conditions.retry_after_s}\n" if conditions.retry_after_s else "\n")
        print("| hidden limit | share of ideal | refused | calls |\n|---|---:|---:|---:|")
        for count in counts:
            _print_row(str(count.limit), [count], conditions.call_s)
        _print_row("all", counts, conditions.call_s)


def run(conditions: Conditions, processes: int) -> list[Count]:
    """Have so many processes ask one emulator; give what it logged."""
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        emulating(log_size=LOG_SIZE) as url,
        httpx.Client(base_url=url, timeout=60) as admin,
    ):
        ledger = f"sqlite:///{Path(folder) / 'ledger.db'}"
        begins = time.time() + STARTING_S
        clients = [
            spawn.Process(target=_ask, args=(f"{url}/v1", ledger, at, begins, conditions.whole_s))
            for at in range(processes)
        ]
        for client in clients:
            client.start()
        time.sleep(max(0.0, begins - time.time()))
        admin.post("/_emulator/faults", json=conditions.faults()).raise_for_status()
        began = time.time()
        for client in clients:
            client.join()
        return _counts(conditions, began, admin.get("/_emulator/log").json())


def _counts(conditions: Conditions, began: float, log: Sequence[dict[str, Any]]) -> list[Count]:
    """Count what was served and refused in each phase, but for its beginning."""
    counts = []
    for at, limit in enumerate(LIMITS):
        left_out_s = AFTER_A_CHANGE_S if at else SETTLING_S
        start = began + at * conditions.phase_s + left_out_s
        seconds = conditions.phase_s - left_out_s
        said = [one["status"] for one in log if start <= one["time"] < start + seconds]
        counts.append(Count(limit, seconds, said.count(200), said.count(429)))
    return counts


def _print_row(name: str, counts: Sequence[Count], call_s: float) -> None:
    ideal = sum(count.limit * count.seconds / call_s for count in counts)
    served, refused = (sum(getattr(c, kind) for c in counts) for kind in ("served", "refused"))
    calls = served + refused
    share = refused / max(1, calls)
    print(f"| {name} | {served / ideal:.3f} | {share:.4f} | {calls} |", flush=True)


def _ask(url: str, ledger_url: str, process: int, begins: float, whole_s: float) -> None:
    asyncio.run(_work(url, ledger_url, process, begins, begins + whole_s + 1))


async def _work(url: str, ledger_url: str, process: int, begins: float, until: float) -> None:
    """Keep many workers asking, each what nobody has asked, until the last phase is over."""
    request_tokens(_request(""))  # reads the token table
    async with (
        open_ledger(ledger_url) as ledger,
        shared(ThrottleTable(ledger.writer), url) as throttle,
        AiohttpTransport() as transport,
        asyncio.TaskGroup() as group,
    ):
        connection = Connection(transport, url, KEY)
        delivery = SyncDelivery(connection, Poller(connection))
        inference = Inference(delivery=delivery, ledger=ledger, throttle=throttle)

        async def worker(number: int) -> None:
            await asyncio.sleep(begins - time.time())
            asked = 0
            while time.time() < until:
                await inference.ask(_request(f"{process}.{number}.{asked}"))
                asked += 1

        for number in range(WORKERS):
            group.create_task(worker(number))


def _request(name: str) -> InferenceRequest:
    message = Message("user", f"{name}: what is the fee?")
    return InferenceRequest(
        model="minimax:m2.7@0", system_prompt="Answer.", messages=(message,), max_tokens=1000
    )


if __name__ == "__main__":
    main()
