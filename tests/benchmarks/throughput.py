"""What many calls at once cost beside the calls themselves.

    python -m tests.benchmarks.throughput [--calls 512] [--call-s 0.2] [--rounds 1] [--flow]

So many calls, 64 at once, over loopback HTTP to an emulator that takes `--call-s` for each. Ideal
is calls x seconds / 64. Bare clients are measured beside docmill in the same run, each in a process
of its own; medians of the rounds. docmill has its throttle fixed at 64, one task per POST and its
ledger on. With `--flow` the same calls are chunks of documents that the Prefect flow processes.
"""

import argparse
import asyncio
import multiprocessing
import resource
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from tasks.core.requests import InferenceRequest, Message
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Delivery
from tasks.infer.delivery.poller import Poller
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.stream import StreamDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.delivery.sync import SyncDelivery
from tasks.infer.inference import Inference
from tasks.infer.throttle.gate import fixed
from tasks.infer.wire.sent import task_json
from tasks.ledger.ledger import open_ledger
from tests.benchmarks.emulating import emulating
from tests.benchmarks.flowing import through_the_flow

AT_ONCE = 64
KEY = SecretStr("of-the-benchmark")
HEADERS = {"Authorization": f"Bearer {KEY.get_secret_value()}"}
LIMITS = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
WARMING = 64

Call = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Cost:
    """What calls took: wall time, CPU time of the client, and its memory at the end."""

    seconds: float
    cpu_s: float
    rss_mb: float


def main() -> None:
    """Print one table."""
    given = _arguments()
    ideal_s = given.calls * given.call_s / AT_ONCE
    print(f"{given.calls} calls of {given.call_s} s, {AT_ONCE} at once, ideal {ideal_s:.2f} s\n")
    print("| client | seconds | x ideal | CPU s | MB |\n|---|---:|---:|---:|---:|")
    with emulating(latency_s=given.call_s, log_size=given.calls) as url:
        for name in given.clients or WAYS:
            costs = [_apart(name, url, given.calls) for _ in range(given.rounds)]
            _print_row(name, costs, ideal_s)
        if given.flow:
            flows = [through_the_flow(url, given.calls, given.call_s) for _ in range(given.rounds)]
            costs = [Cost(*flow) for flow in flows]
            _print_row("docmill, through the Prefect flow, sync", costs, ideal_s)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=512)
    parser.add_argument("--call-s", type=float, default=0.2)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--flow", action="store_true")
    parser.add_argument("clients", nargs="*", help="default: all")
    return parser.parse_args()


def _print_row(name: str, costs: list[Cost], ideal_s: float) -> None:
    seconds, cpu_s, rss_mb = (
        median(getattr(cost, figure) for cost in costs) for figure in ("seconds", "cpu_s", "rss_mb")
    )
    ratio = seconds / ideal_s
    print(f"| {name} | {seconds:.2f} | {ratio:.3f} | {cpu_s:.1f} | {rss_mb:.0f} |", flush=True)


def _apart(name: str, url: str, calls: int) -> Cost:
    """Measure a client in a process of its own."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_measure, args=(name, f"{url}/v1", calls, there))
    process.start()
    cost: Cost = here.recv()
    process.join()
    return cost


def _measure(name: str, url: str, calls: int, pipe: Pipe) -> None:
    pipe.send(asyncio.run(_cost(name, url, calls)))


async def _cost(name: str, url: str, calls: int) -> Cost:
    async with AsyncExitStack() as stack:
        call = await WAYS[name](stack, url)
        await asyncio.gather(*map(call, range(-WARMING, 0)))  # imports, connections
        cpu_s, began = time.process_time(), time.perf_counter()
        await asyncio.gather(*map(call, range(calls)))
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu_s
    rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(seconds, cpu_s, rss_mb)


def _request(number: int) -> InferenceRequest:
    message = Message("user", f"{number}. What is the fee?")
    return InferenceRequest(
        model="minimax:m2.7@0", system_prompt="Answer.", messages=(message,), max_tokens=1000
    )


def _body(number: int) -> list[dict[str, Any]]:
    return [task_json(_request(number), task_uuid=str(uuid.uuid4()))]


async def _bare_aiohttp(stack: AsyncExitStack, url: str) -> Call:
    places = asyncio.Semaphore(AT_ONCE)
    session = await stack.enter_async_context(aiohttp.ClientSession(headers=HEADERS))

    async def call(number: int) -> object:
        async with places, session.post(url, json=_body(number)) as response:
            return await response.json()

    return call


async def _httpx(
    stack: AsyncExitStack, url: str, *, transport: Callable[[], httpx.AsyncBaseTransport]
) -> Call:
    places = asyncio.Semaphore(AT_ONCE)
    client = httpx.AsyncClient(transport=transport(), headers=HEADERS, timeout=60)
    http = await stack.enter_async_context(client)

    async def call(number: int) -> object:
        async with places:
            return (await http.post(url, json=_body(number))).json()

    return call


async def _docmill(
    stack: AsyncExitStack, url: str, *, delivery: Callable[[Connection], Delivery]
) -> Call:
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    transport = await stack.enter_async_context(AiohttpTransport())
    ledger = await stack.enter_async_context(open_ledger(f"sqlite:///{Path(folder) / 'ledger.db'}"))
    connection = Connection(transport, url, KEY)
    inference = Inference(delivery=delivery(connection), ledger=ledger, throttle=fixed(AT_ONCE))

    async def call(number: int) -> object:
        return await inference.ask(_request(number))

    return call


def _sync(connection: Connection) -> Delivery:
    return SyncDelivery(connection, Poller(connection))


def _stream(connection: Connection) -> Delivery:
    return StreamDelivery(connection, Poller(connection))


def _async(connection: Connection) -> Delivery:
    return AsyncDelivery(connection, Submitter(connection), Poller(connection))


WAYS: dict[str, Callable[[AsyncExitStack, str], Awaitable[Call]]] = {
    "bare aiohttp": _bare_aiohttp,
    "httpx over httpx-aiohttp": partial(_httpx, transport=AiohttpTransport),
    "stock httpx": partial(_httpx, transport=lambda: httpx.AsyncHTTPTransport(limits=LIMITS)),
    "docmill, sync": partial(_docmill, delivery=_sync),
    "docmill, stream": partial(_docmill, delivery=_stream),
    "docmill, async": partial(_docmill, delivery=_async),
}


if __name__ == "__main__":
    main()
