"""What a long PDF costs: seconds, and the memory of the process that asks and of its readers.

    python -m tests.benchmarks.long_file [--pages 5000] [--at-once 2]

The file is made here: pages of lines of words, without pictures.
"""

import argparse
import asyncio
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tasks.extract.limits import MIB, ExtractionLimits
from tasks.extract.read import Readers

LINES, WORDS = 40, 10
_KIB = 1024  # the unit of `ru_maxrss`


def main() -> None:
    """Make, read and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--at-once", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        path.write_bytes(long_pdf(chosen.pages))
        asyncio.run(_read(path, chosen.at_once))


def long_pdf(pages: int) -> bytes:
    """Make a PDF of so many pages of text."""
    drawn = random.Random(0)
    words = ["".join(drawn.choices("abcdefghijklmnop", k=drawn.randint(2, 9))) for _ in range(3000)]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number in range(pages):
        lines = (" ".join(drawn.choices(words, k=WORDS)) for _ in range(LINES))
        shown = "".join(f"({line}) Tj T*\n" for line in (f"Page {number + 1}.", *lines))
        content = f"BT /F1 10 Tf 14 TL 50 780 Td\n{shown}ET".encode()
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (5 + 2 * number)
        )
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(content), content))
    return b"".join(_written(objects))


def _written(objects: list[bytes]) -> Iterator[bytes]:
    yield b"%PDF-1.7\n"
    at, starts = 9, []
    for number, content in enumerate(objects, start=1):
        whole = b"%d 0 obj\n%b\nendobj\n" % (number, content)
        starts.append(at)
        at += len(whole)
        yield whole
    size = len(objects) + 1
    yield b"xref\n0 %d\n0000000000 65535 f \n" % size
    yield b"".join(b"%010d 00000 n \n" % start for start in starts)
    yield b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, at)


async def _read(path: Path, at_once: int) -> None:
    before = _peak(resource.RUSAGE_SELF)
    start = time.perf_counter()
    async with Readers(ExtractionLimits(), at_once=at_once) as readers:
        document = await readers.extract(path)
    took = time.perf_counter() - start
    print("| pages | characters | seconds | asking, before | asking, peak | largest reader, peak |")
    print("|---|---|---|---|---|---|")
    print(
        f"| {len(document.pages):,} | {len(document.text):,} | {took:.1f} | {before} MiB "
        f"| {_peak(resource.RUSAGE_SELF)} MiB | {_peak(resource.RUSAGE_CHILDREN)} MiB |"
    )


def _peak(whose: int) -> int:
    return resource.getrusage(whose).ru_maxrss * _KIB // MIB


if __name__ == "__main__":
    main()
