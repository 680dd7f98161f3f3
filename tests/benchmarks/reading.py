"""What becomes of every file: status, blocks, pages, seconds, and whether each block is in place.

    python -m tests.benchmarks.reading [FOLDER or FILE ...] [--at-once 2]

Without an argument it reads the samples, and the real documents where they are beside the checkout.
"""

import argparse
import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tasks.core.documents import Document
from tasks.core.errors import InputError
from tasks.extract.limits import GIB, ExtractionLimits
from tasks.extract.read import Readers
from tasks.extract.sources import Source, find_sources
from tests.corpora import CORPORA

SAMPLES = Path(__file__).parents[1] / "samples"
LIMITS = ExtractionLimits(timeout_s=30, max_memory_bytes=GIB)


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file; `warnings` are those of a document, or why there is none."""

    name: str
    status: str
    blocks: int = 0
    pages: int = 0
    characters: int = 0
    hidden: int = 0
    seconds: float = 0.0
    said: str = ""


def main() -> None:
    """Read and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sources", nargs="*")
    parser.add_argument("--at-once", type=int, default=2)
    chosen = parser.parse_args()
    places = [str(SAMPLES), *([str(CORPORA)] if CORPORA.is_dir() else [])]
    start = time.perf_counter()
    rows = asyncio.run(read_all(chosen.sources or places, chosen.at_once))
    took = time.perf_counter() - start
    print("| file | status | blocks | pages | characters | hidden | seconds | said |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.name} | {row.status} | {row.blocks} | {row.pages} | {row.characters:,} "
            f"| {row.hidden} | {row.seconds:.2f} | {row.said[:90]} |"
        )
    told = ", ".join(
        f"{count} {status}" for status, count in Counter(r.status for r in rows).items()
    )
    print(f"\n{len(rows)} files in {took:.1f} s, {chosen.at_once} at once: {told}")


async def read_all(places: list[str], at_once: int) -> list[Row]:
    """Read all files below these places."""
    async with Readers(LIMITS, at_once=at_once) as readers:
        sources = [s for s in find_sources(places) if s.path.suffix not in {".py", ".json", ".txt"}]
        slots = asyncio.Semaphore(at_once)  # so that nobody's seconds are those of waiting

        async def one(source: Source) -> Row:
            async with slots:
                return await _row(source, readers)

        return list(await asyncio.gather(*map(one, sources)))


async def _row(source: Source, readers: Readers) -> Row:
    start = time.perf_counter()
    try:
        document = await readers.extract(source.path)
    except InputError as error:
        took = time.perf_counter() - start
        return Row(source.name, error.status, seconds=took, said=str(error).partition(": ")[2])
    took = time.perf_counter() - start
    return Row(
        source.name,
        _status(document),
        blocks=len(document.blocks),
        pages=len(document.pages),
        characters=len(document.text),
        hidden=sum((block.set_apart or "").startswith("hidden") for block in document.blocks),
        seconds=took,
        said="; ".join(document.warnings),
    )


def _status(document: Document) -> str:
    """Judge a document: its blocks must hold all its text, each of them something."""
    texts = [document.text_of(block) for block in document.blocks]
    in_blocks = sum(len("".join(text.split())) for text in texts)
    if in_blocks != len("".join(document.text.split())) or not all(t.strip() for t in texts):
        return "SPANS WRONG"
    if document.unread:
        return "incomplete"
    problems = any(page.problem for page in document.pages)
    return "partly" if problems else "text" if document.text else "blank"


if __name__ == "__main__":
    main()
