"""How much sooner two processes are done than one, and than pypdf: with many files, and a long one.

    python -m tests.benchmarks.two_processes [FOLDER] [--rounds 3] [--copies 6]

The PDFs of FOLDER, by default the real documents beside the checkout, are read once to warm the
processes, and then as they are and put together to one file, each so many times over. Seconds are
those of the clock, the limits about each process, the way back of its document and all; pypdf reads
the same once, without any of that.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium

from tasks.extract.limits import ExtractionLimits
from tasks.extract.read import Readers
from tests.benchmarks.pdf_text import with_pypdf
from tests.corpora import CORPORA

LIMITS = ExtractionLimits()


def main() -> None:
    """Read and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=CORPORA / "pdf-truth")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--copies", type=int, default=6)
    chosen = parser.parse_args()
    papers = sorted(chosen.folder.glob("*.pdf"))
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder, "long.pdf")
        pages = put_together(papers, chosen.copies, long)
        print("| what | one, s | two, s | times as fast | pypdf, s |")
        print("|---|---|---|---|---|")
        for name, paths in {
            f"{len(papers) * chosen.copies} files": papers * chosen.copies,
            f"one file of {pages} pages": [long],
        }.items():
            one, two = asyncio.run(seconds(paths, papers, chosen.rounds))
            start = time.perf_counter()
            for path in paths:
                with_pypdf(path)
            other = time.perf_counter() - start
            print(f"| {name} | {one:.2f} | {two:.2f} | {one / two:.2f} | {other:.2f} |", flush=True)


def put_together(papers: Sequence[Path], copies: int, path: Path) -> int:
    """Write one PDF of all pages, and give how many there are."""
    with closing(pdfium.PdfDocument.new()) as whole:
        for paper in [*papers] * copies:
            with closing(pdfium.PdfDocument(paper)) as source:
                whole.import_pages(source)
        whole.save(path)
        return len(whole)


async def seconds(
    paths: Sequence[Path], warming: Sequence[Path], rounds: int
) -> tuple[float, float]:
    """Give the median time of one process, and of two; in turn, so that noise meets both."""
    took: dict[int, list[float]] = {1: [], 2: []}
    async with Readers(LIMITS, at_once=1) as one, Readers(LIMITS, at_once=2) as two:
        for readers in (one, two):
            await asyncio.gather(*map(readers.extract, warming))
        for _ in range(rounds):
            for count, readers in ((1, one), (2, two)):
                start = time.perf_counter()
                await asyncio.gather(*map(readers.extract, paths))
                took[count].append(time.perf_counter() - start)
    return statistics.median(took[1]), statistics.median(took[2])


if __name__ == "__main__":
    main()
