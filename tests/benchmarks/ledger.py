"""What the ledger costs: claims and settles in a second, and what 64 calls in flight lose to it.

    python -m tests.benchmarks.ledger [--postgresql] [FOLDER]

The SQLite file is made in FOLDER (default: that of temporary files), so its disk is measured. With
`--postgresql` the same runs on a server of Debian's, in a temporary folder of its own.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median

from tasks.core.answers import Result, Usage
from tasks.ledger.engine import open_engine, prepare
from tasks.ledger.ledger import Asked, Claim, Ledger
from tasks.ledger.writer import TOGETHER, Writer
from tests.postgresql import new_database, postgresql

AT_ONCE = 64
ROUNDS = 3
PAIRS = 2_000
CALL_S = 0.2
CALLS = 2_000
TEXT = "An answer of some length, with a quotation and its page. " * 60

Call = Callable[[int], Awaitable[None]]


def main() -> None:
    """Print both tables."""
    folder = next((Path(a) for a in sys.argv[1:] if not a.startswith("-")), None)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        fresh = {"sqlite": lambda: f"sqlite:///{scratch / f'{time.time_ns()}.db'}"}
        if "--postgresql" in sys.argv:
            server = stack.enter_context(postgresql())
            fresh["postgresql"] = lambda: new_database(server)
        print(f"medians of {ROUNDS}\n")
        print(f"{'claim + settle, ' + str(AT_ONCE) + ' at once':<50}{'pairs/s':>10}{'ratio':>8}")
        for name, new_url in fresh.items():
            throughput(name, new_url)
        ideal_s = CALLS * CALL_S / AT_ONCE
        head = f"{CALLS} calls of {CALL_S} s, {AT_ONCE} at once, ideal {ideal_s:.2f} s"
        print(f"\n{head:<50}{'seconds':>10}{'ratio':>8}")
        row("without a ledger", *in_flight(no_ledger()))
        for name, new_url in fresh.items():
            for how, call in HOW.items():
                row(f"{name}, {how}", *in_flight(with_ledger(new_url, call)))


def throughput(name: str, new_url: Callable[[], str]) -> None:
    """Measure group commit beside one commit for each claim and settle."""
    apart = pairs_per_s(new_url, together=1)
    grouped = pairs_per_s(new_url, together=TOGETHER)
    row(f"{name}, one commit each", apart, 1.0)
    row(f"{name}, group commit", grouped, grouped / apart)


def pairs_per_s(new_url: Callable[[], str], *, together: int) -> float:
    """Claim and settle as fast as it goes."""

    async def measure() -> float:
        ledger = open_with(new_url(), together=together)
        start = time.perf_counter()
        places = asyncio.Semaphore(AT_ONCE)
        await flood(PAIRS, partial(pair_held, places, ledger, call_s=0.0))
        seconds = time.perf_counter() - start
        await asyncio.to_thread(ledger.writer.close)
        return PAIRS / seconds

    return median(asyncio.run(measure()) for _ in range(ROUNDS))


def in_flight(calls: Iterator[tuple[Call, Callable[[], None]]]) -> tuple[float, float]:
    """Give the seconds that calls take, and their ratio to the ideal."""

    async def measure() -> float:
        call, close = next(calls)
        start = time.perf_counter()
        await flood(CALLS, call)
        seconds = time.perf_counter() - start
        await asyncio.to_thread(close)
        return seconds

    seconds = median(asyncio.run(measure()) for _ in range(ROUNDS))
    return seconds, seconds / (CALLS * CALL_S / AT_ONCE)


def no_ledger() -> Iterator[tuple[Call, Callable[[], None]]]:
    """Give calls that nobody accounts for."""
    while True:
        places = asyncio.Semaphore(AT_ONCE)
        yield partial(call_alone, places), lambda: None


def with_ledger(
    new_url: Callable[[], str], call: Callable[..., Awaitable[None]]
) -> Iterator[tuple[Call, Callable[[], None]]]:
    """Give calls that are claimed before and settled after, a new ledger for each round."""
    while True:
        ledger, places = open_with(new_url(), together=TOGETHER), asyncio.Semaphore(AT_ONCE)
        yield partial(call, places, ledger), ledger.writer.close


async def call_alone(places: asyncio.Semaphore, _: int) -> None:
    """Take a place and wait as long as the call takes."""
    async with places:
        await asyncio.sleep(CALL_S)


async def pair_held(
    places: asyncio.Semaphore, ledger: Ledger, number: int, *, call_s: float = CALL_S
) -> None:
    """Claim, call and settle in one place."""
    async with places:
        claim = await claimed(ledger, number)
        if call_s:
            await asyncio.sleep(call_s)
        await settled(ledger, claim)


async def settled_after(places: asyncio.Semaphore, ledger: Ledger, number: int) -> None:
    """Claim and call in a place, and leave it before what was answered is settled."""
    async with places:
        claim = await claimed(ledger, number)
        await asyncio.sleep(CALL_S)
    await settled(ledger, claim)


async def claimed_ahead(places: asyncio.Semaphore, ledger: Ledger, number: int) -> None:
    """Hold a place for the call only."""
    claim = await claimed(ledger, number)
    async with places:
        await asyncio.sleep(CALL_S)
    await settled(ledger, claim)


HOW: dict[str, Callable[..., Awaitable[None]]] = {
    "claimed and settled in a place": pair_held,
    "settled after": settled_after,
    "claimed ahead, settled after": claimed_ahead,
}


async def flood(count: int, call: Call) -> None:
    """Make calls, more of them at once than there are places."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await call(number)

    await asyncio.gather(*(work() for _ in range(2 * AT_ONCE)))


async def claimed(ledger: Ledger, number: int) -> Claim:
    """Claim an answer that nobody has."""
    key = f"{number:064x}"
    claim = await ledger.claim(Asked(key, "runware", "https://api.example/v1", "minimax:m2.7@0"))
    assert isinstance(claim, Claim)
    return claim


async def settled(ledger: Ledger, claim: Claim) -> None:
    """Keep an answer of usual length."""
    usage = Usage(prompt_tokens=60_000, completion_tokens=900, total_tokens=60_900)
    result = Result(answer_key=claim.key, text=TEXT, usage=usage, cost_usd=0.02)
    await ledger.settle(claim, (result,))


def open_with(url: str, *, together: int) -> Ledger:
    """Open a new ledger that commits so many pieces of work together."""
    writer = Writer(open_engine(url), together=together)
    writer.submit(prepare).result()
    return Ledger(writer)


def row(name: str, value: float, ratio: float) -> None:
    """Print a line of the table."""
    print(f"{name:<50}{value:>10,.2f}{ratio:>8.2f}")


if __name__ == "__main__":
    main()
