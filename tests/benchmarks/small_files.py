"""What reading many small files costs: a process started for each, against warm ones that fork.

python -m tests.benchmarks.small_files [--files 20] [--rounds 3]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

from tasks.extract.limits import ExtractionLimits
from tasks.extract.read import Readers, extract
from tests.samples.features import features_docx

LIMITS = ExtractionLimits()


def main() -> None:
    """Read and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.docx") for number in range(chosen.files)]
        for path in paths:
            path.write_bytes(features_docx())
        ways = {"a process each": _cold, "warm, 1 at once": _warm(1), "warm, 2 at once": _warm(2)}
        took: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(chosen.rounds):  # side by side, so that noise meets all of them
            for way, read in ways.items():
                start = time.perf_counter()
                asyncio.run(read(paths))
                took[way].append((time.perf_counter() - start) / len(paths))
    first = statistics.median(took["a process each"])
    print("| way | ms a file, median | of the first |")
    print("|---|---|---|")
    for way, seconds in took.items():
        middle = statistics.median(seconds)
        print(f"| {way} | {1000 * middle:.1f} | {middle / first:.2f} |")


async def _cold(paths: list[Path]) -> None:
    for path in paths:
        await extract(path, LIMITS)


def _warm(at_once: int) -> Callable[[list[Path]], Coroutine[None, None, None]]:
    async def read(paths: list[Path]) -> None:
        async with Readers(LIMITS, at_once=at_once) as readers:
            await asyncio.gather(*map(readers.extract, paths))

    return read


if __name__ == "__main__":
    main()
