"""How damaged files end: in text, needs OCR, encrypted, or an error with a name.

    python -m tests.benchmarks.mutations [--count 40] [--seed 0] [--at-once 2]

Each mutation is of a file chosen anew from the samples, one small file of each further format, and
the real documents where they are beside the checkout. The same seed gives the same files.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tasks.core.errors import InputError
from tasks.extract.family import readable
from tasks.extract.limits import GIB, ExtractionLimits
from tasks.extract.read import Readers
from tests.extract.mutations import mutated
from tests.extract.sources import all_sources

LIMITS = ExtractionLimits(timeout_s=30, max_memory_bytes=GIB)
BADLY = ("crashed", "Error:", "the system ended")  # what no error should have to say


@dataclass(frozen=True, slots=True)
class End:
    """How one mutation of a file ended."""

    name: str
    kind: str
    seed: int
    status: str
    seconds: float
    said: str = ""


def main() -> None:
    """Damage, read and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=2)
    chosen = parser.parse_args()
    ends = asyncio.run(read_all(chosen.count, chosen.seed, chosen.at_once))
    kinds = sorted({end.kind for end in ends})
    statuses = sorted({end.status for end in ends})
    counts = Counter((end.kind, end.status) for end in ends)
    print(f"| damage | {' | '.join(statuses)} |")
    print(f"|---|{'---|' * len(statuses)}")
    for kind in kinds:
        print(f"| {kind} | {' | '.join(str(counts[kind, status]) for status in statuses)} |")
    slowest = sorted(ends, key=lambda end: -end.seconds)[:5]
    print(
        "\nSlowest:", ", ".join(f"{e.name} {e.kind} {e.seed}: {e.seconds:.1f} s" for e in slowest)
    )
    for end in (end for end in ends if any(word in end.said for word in BADLY)):
        print(f"- {end.name} {end.kind} {end.seed}: {end.said[:200]}")


async def read_all(count: int, seed: int, at_once: int) -> list[End]:
    """Read `count` damaged files."""
    sources = all_sources()
    with tempfile.TemporaryDirectory() as folder:
        async with Readers(LIMITS, at_once=at_once) as readers:
            slots = asyncio.Semaphore(at_once)

            async def one(number: int) -> End:
                async with slots:
                    return await _end(number, sources, Path(folder), readers)

            return list(await asyncio.gather(*map(one, range(seed, seed + count))))


async def _end(number: int, sources: dict[str, bytes], folder: Path, readers: Readers) -> End:
    name = random.Random(number).choice(sorted(sources))
    kind, damaged = mutated(sources[name], number)
    path = folder / f"{number}-{name}"
    path.write_bytes(damaged or b"\0")
    start = time.perf_counter()
    try:
        document = await readers.extract(path)
        for attachment in readable(document.attachments):
            await readers.extract(path, inside=(attachment.name,))
        status, said = "incomplete" if document.unread else "text", "; ".join(document.unread)
    except InputError as error:
        status, said = error.status, str(error)
    took = time.perf_counter() - start
    path.unlink()
    return End(name, kind, number, status, took, said)


if __name__ == "__main__":
    main()
