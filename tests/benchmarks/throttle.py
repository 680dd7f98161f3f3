"""How well the throttle uses a server whose limit is hidden and changes.

    python -m tests.benchmarks.throttle [--phase-s 15] [--call-s 0.5] [--retry-after-s 1]

A server on loopback takes so many calls at once and refuses others with 429; the limit changes at
each phase. One process, then two that share a ledger, ask it without end. The first 10 s and the
5 s after each change are left out. Ideal is the limit divided by the mean time of a call.
"""

import argparse
import asyncio
import multiprocessing
import random
import socket
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import uvicorn
from httpx_aiohttp import AiohttpTransport
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tasks.infer.throttle.gate import Throttle
from tasks.infer.throttle.sharing import shared
from tasks.ledger.ledger import open_ledger
from tasks.ledger.throttle_table import ThrottleTable

LIMITS = (24, 8, 40, 16)
SETTLING_S = 10.0
AFTER_A_CHANGE_S = 5.0
SPREAD = 0.3
WORKERS = 100
RETRY_S = 0.2
PROCESSES = (1, 2)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the server does, and for how long."""

    phase_s: float
    call_s: float
    retry_after_s: int | None

    @property
    def whole_s(self) -> float:
        """Give the length of one run."""
        return self.phase_s * len(LIMITS)


@dataclass(frozen=True, slots=True)
class Count:
    """What counts of one phase."""

    limit: int
    seconds: float
    served: int
    refused: int


class Server:
    """Takes as many calls at once as the phase allows; its clock starts with the first call."""

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        self._random = random.Random(1)
        self._began: float | None = None
        self._in_flight = 0
        self.served = [0] * len(LIMITS)
        self.refused = [0] * len(LIMITS)

    async def call(self, _: Request) -> Response:
        """Answer after a while, or refuse at once."""
        if self._in_flight >= LIMITS[self._phase()[0]]:
            self._note(self.refused)
            wait = self._conditions.retry_after_s
            return Response(status_code=429, headers={"Retry-After": str(wait)} if wait else None)
        self._in_flight += 1
        try:
            mean_s = self._conditions.call_s
            await asyncio.sleep(mean_s * self._random.lognormvariate(-(SPREAD**2) / 2, SPREAD))
        finally:
            self._in_flight -= 1
        self._note(self.served)
        return JSONResponse({})

    def _phase(self) -> tuple[int, float]:
        """Give the phase and for how long it has lasted."""
        now = time.monotonic()
        if self._began is None:
            self._began = now
        phase_s = self._conditions.phase_s
        index = min(int((now - self._began) / phase_s), len(LIMITS) - 1)
        return index, now - self._began - index * phase_s

    def _note(self, counts: list[int]) -> None:
        index, lasted_s = self._phase()
        if left_out_s(index) <= lasted_s < self._conditions.phase_s:
            counts[index] += 1


def left_out_s(index: int) -> float:
    """Give how much of a phase's beginning does not count."""
    return AFTER_A_CHANGE_S if index else SETTLING_S


def main() -> None:
    """Print one table for each number of processes."""
    conditions = _arguments()
    for processes in PROCESSES:
        counts = run(conditions, processes)
        print(f"{processes} process(es), calls of {conditions.call_s} s", end="")
        print(f", Retry-After {conditions.retry_after_s}" if conditions.retry_after_s else "")
        print(f"{'hidden limit':<14}{'ideal share':>12}{'refused':>10}{'calls':>8}")
        for count in counts:
            _print_row(str(count.limit), [count], conditions.call_s)
        _print_row("all", counts, conditions.call_s)


def run(conditions: Conditions, processes: int) -> list[Count]:
    """Have so many processes ask one server; give what it counted."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    server = spawn.Process(target=_serve, args=(conditions, there))
    server.start()
    port: int = here.recv()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        clients = [
            spawn.Process(target=_ask, args=(conditions, port, url)) for _ in range(processes)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    here.send("enough")
    counts: list[Count] = here.recv()
    server.join()
    return counts


def _arguments() -> Conditions:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phase-s", type=float, default=60.0)
    parser.add_argument("--call-s", type=float, default=0.5)
    parser.add_argument("--retry-after-s", type=int)
    given = parser.parse_args()
    return Conditions(given.phase_s, given.call_s, given.retry_after_s)


def _print_row(name: str, counts: Sequence[Count], call_s: float) -> None:
    ideal = sum(count.limit * count.seconds / call_s for count in counts)
    served, refused = (sum(getattr(c, kind) for c in counts) for kind in ("served", "refused"))
    calls = served + refused
    print(
        f"{name:<14}{served / ideal:>12.3f}{refused / max(1, calls):>10.4f}{calls:>8}", flush=True
    )


def _serve(conditions: Conditions, pipe: Connection) -> None:
    server = Server(conditions)
    app = Starlette(routes=[Route("/", server.call, methods=["POST"])])
    config = uvicorn.Config(app, port=0, log_level="warning", access_log=False)
    asyncio.run(_until_told(uvicorn.Server(config), pipe))
    phases = enumerate(zip(LIMITS, server.served, server.refused, strict=True))
    pipe.send(
        [Count(limit, conditions.phase_s - left_out_s(i), s, r) for i, (limit, s, r) in phases]
    )


async def _until_told(server: uvicorn.Server, pipe: Connection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:  # who comes early waits in its queue
        serving = asyncio.create_task(server.serve([listening]))
        pipe.send(listening.getsockname()[1])
        await asyncio.to_thread(pipe.recv)
        server.should_exit = True
        await serving


def _ask(conditions: Conditions, port: int, ledger_url: str) -> None:
    asyncio.run(_work(f"http://127.0.0.1:{port}/", conditions, ledger_url))


async def _work(url: str, conditions: Conditions, ledger_url: str) -> None:
    """Keep many workers asking until the last phase is over."""
    until = time.monotonic() + conditions.whole_s + 1
    async with (
        open_ledger(ledger_url) as ledger,
        shared(ThrottleTable(ledger.writer), url) as throttle,
        httpx.AsyncClient(transport=AiohttpTransport(), timeout=60) as http,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(WORKERS):
            group.create_task(_worker(http, url, throttle, until))


async def _worker(http: httpx.AsyncClient, url: str, throttle: Throttle, until: float) -> None:
    while time.monotonic() < until:
        async with throttle.slot():
            response = await http.post(url, json={})
            if response.status_code == 200:
                throttle.succeeded()
                continue
            wait = response.headers.get("retry-after")
            throttle.refused(float(wait) if wait else None)
        await asyncio.sleep(float(wait) if wait else RETRY_S)


if __name__ == "__main__":
    main()
