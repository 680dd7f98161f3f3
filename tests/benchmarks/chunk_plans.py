"""Plans of random documents beside the best that there are over the same boundaries.

    python -m tests.benchmarks.chunk_plans [--documents 10000] [--seed 1]

Every plan is checked: its chunks partition the text, and no request is over the window. The fewest
chunks are found by filling each one as far as it goes, the text counted as it is sent; the best
balance of as many chunks as the plan has, by search over the sums of the same atoms.
"""

import argparse
import random
import sys
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from prompts.library import Recipe
from tasks.chunk.assemble import divide, frame_tokens
from tasks.chunk.plan import plan_chunks, target_tokens
from tasks.chunk.request import map_request, message_capacity
from tasks.chunk.sending import sent_text
from tasks.chunk.splitter import Atom, costs, fit_atoms, read_atoms
from tasks.chunk.tally import Tally, tally
from tasks.core.answers import Chunk
from tasks.core.capacity import Window
from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.errors import ConfigError
from tasks.core.requests import request_tokens
from tasks.core.spans import Span
from tasks.core.tokens import count_tokens
from tests.chunk.building import recipe

WORDS = (
    "rent", "Landlord", "shall", "pay", "EUR 1,200", "No. 4", "Zürich", "未払い家賃。", "thereof",
    "notwithstanding", "(a)", "e.g.", "👩‍👩‍👧‍👦", "\u0644\u0627\u064a\u062c\u0648\u0632", "x" * 60,
)  # fmt: skip
KINDS = (BlockKind.PARAGRAPH, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH, BlockKind.HEADING,
         BlockKind.LIST_ITEM, BlockKind.TABLE, BlockKind.HEADER_FOOTER)  # fmt: skip
BLOCKS_AT_MOST = 150
TOLD_EVERY = 1_000
SMALL = 100
MANY = 10
"""From so many chunks on, one more is less than a tenth."""


@dataclass(frozen=True)
class Measured:
    """A plan beside the best: number of chunks and tokens of the largest, `limit` being allowed."""

    limit: int
    chunks: int
    fewest: int
    largest: int
    least_largest: int


def random_document(draw: random.Random) -> Document:
    """Write a document of one block or of up to `BLOCKS_AT_MOST`."""
    text, blocks = "", []
    for number in range(int(min(draw.lognormvariate(2.0, 1.2), BLOCKS_AT_MOST)) + 1):
        kind = draw.choice(KINDS)
        body = _body(kind, draw, number)
        start = len(text)
        blocks.append(
            Block(
                kind=kind,
                start=start,
                end=start + len(body),
                level=draw.randint(1, 4) if kind is BlockKind.HEADING else None,
                set_apart="running head" if kind is BlockKind.HEADER_FOOTER else None,
            )
        )
        text += body + draw.choice(("\n\n", "\n", " ", "\n \n\t"))
    cuts = sorted({0, len(text), *(draw.randint(0, len(text)) for _ in range(len(blocks) // 5))})
    pages = tuple(Page(number=n, start=a, end=b) for n, (a, b) in enumerate(pairwise(cuts), 1))
    return Document(digest="0" * 64, text=text, blocks=tuple(blocks), pages=pages)


def _body(kind: BlockKind, draw: random.Random, number: int) -> str:
    if kind is BlockKind.TABLE:
        rows = (f"| {n} | {_sentence(draw)} |" for n in range(draw.randint(1, 30)))
        return "\n".join(("| no | what |", "|---|---|", *rows))
    if kind is BlockKind.HEADING:
        return f"{number}. {_sentence(draw)[:60].strip()}"
    return draw.choice((" ", "\n", "")).join(_sentence(draw) for _ in range(draw.randint(1, 12)))


def _sentence(draw: random.Random) -> str:
    length = draw.randint(1, 25) if draw.random() < 0.97 else draw.randint(100, 800)
    return f"{' '.join(draw.choice(WORDS) for _ in range(length))}."


def random_recipe(draw: random.Random) -> Recipe:
    """Make a recipe with or without a target, context, and answers that grow with the text."""
    return recipe(
        chunk_target=draw.choice((None, None, 60, 500, 2_000)),
        chunk_context=draw.choice((0, 0, 40, 400)),
        chunk_growth=draw.choice((None, None, 1.5, 3)),
        max_tokens=draw.choice((100, 500, 2_000)),
    )


def check(document: Document, chunks: Sequence[Chunk], asked: Recipe, window: int) -> None:
    """Refuse a plan that loses text or whose requests do not fit."""
    if "".join(document.text_of(chunk) for chunk in chunks) != document.text:
        raise AssertionError("the chunks do not partition the text")
    for chunk in chunks:
        request = map_request(document, chunk, asked)
        if Window(window).counted(request_tokens(request)) + request.max_tokens > window:
            raise AssertionError(f"the request of part {chunk.part} is over the window of {window}")


def measure(document: Document, asked: Recipe, window: int) -> Measured | None:
    """Plan a document, check the plan, and find the best; None where the window is too small."""
    try:
        chunks = plan_chunks(document, asked, window=Window(window))
    except ConfigError:
        return None
    if not chunks:
        return None
    check(document, chunks, asked, window)
    room = message_capacity(asked.map, Window(window)) - frame_tokens()
    target = target_tokens(asked, room)
    text = tally(document)
    _, capacity = divide(document, text, asked, room)
    limit = min(capacity, target)
    if len(chunks) == 1:
        return Measured(limit, 1, 1, chunks[0].tokens, chunks[0].tokens)
    atoms = fit_atoms(text, read_atoms(document, text), capacity=capacity, limit=limit)
    fewest = fewest_chunks(document, text, atoms, limit)
    starts = {chunk.start for chunk in chunks[1:]}
    sums = [0, *accumulate(costs(atoms, limit))]
    cuts = [0, *(n for n, atom in enumerate(atoms) if n and atom.start in starts), len(atoms)]
    largest = max(sums[b] - sums[a] for a, b in pairwise(cuts))
    return Measured(limit, len(chunks), fewest, largest, least_largest(sums, len(cuts) - 1))


def fewest_chunks(document: Document, text: Tally, atoms: Sequence[Atom], limit: int) -> int:
    """Fill chunks one after the other as far as each goes, counted as it is sent.

    The page mark of one that starts within a page comes on top, as it does in a plan.
    """
    ends = [*(atom.start for atom in atoms[1:]), len(document.text)]
    sums = [0, *accumulate(atom.tokens for atom in atoms)]
    at = count = 0
    while at < len(atoms):
        most = limit + text.lead(atoms[at].start, atoms[at].end)
        low, high = at + 1, max(at + 1, bisect_right(sums, sums[at] + 2 * limit) - 1)
        while low < high:
            middle = (low + high + 1) // 2
            sent = sent_text(document, Span(atoms[at].start, ends[middle - 1]))
            low, high = (middle, high) if count_tokens(sent) <= most else (low, middle - 1)
        at, count = low, count + 1
    return count


def least_largest(sums: Sequence[int], chunks: int) -> int:
    """Give the least tokens that the largest of so many chunks can have.

    A dynamic program over the places would find the same; halving the answer finds it sooner.
    """
    low, high = max(b - a for a, b in pairwise(sums)), sums[-1]
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _needed(sums, middle) <= chunks else (middle + 1, high)
    return low


def _needed(sums: Sequence[int], most: int) -> int:
    """Count the chunks of at most so many tokens that it takes."""
    at = count = 0
    while at < len(sums) - 1:
        at, count = bisect_right(sums, sums[at] + most) - 1, count + 1
    return count


def main() -> None:
    """Plan, check and compare, and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    found: list[Measured] = []
    slowest, start = 0.0, time.perf_counter()
    for number in range(asked.documents):
        if number and number % TOLD_EVERY == 0:
            spent = time.perf_counter() - start
            print(f"{number} documents in {spent:.0f} s", file=sys.stderr, flush=True)
        document, wanted = random_document(draw), random_recipe(draw)
        before = time.perf_counter()
        measured = measure(document, wanted, draw.choice((800, 1_500, 3_000, 8_000, 20_000)))
        slowest = max(slowest, time.perf_counter() - before)
        found += [measured] if measured else []
    print(
        f"{asked.documents} documents, {len(found)} planned and checked: none over the window, "
        f"no text lost; {time.perf_counter() - start:.0f} s, slowest {slowest:.1f} s\n"
    )
    print("| plans | chunks | fewest | ratio | worst | largest chunk beside the least possible |")
    print("|---|---:|---:|---:|---:|---:|")
    line("all", found)
    line("of more than one chunk", [m for m in found if m.fewest > 1])
    line(f"of {MANY} chunks or more", [m for m in found if m.fewest >= MANY])
    line("of chunks of up to 100 tokens", [m for m in found if m.limit <= SMALL])
    line("of larger chunks", [m for m in found if m.limit > SMALL])


def line(name: str, found: Sequence[Measured]) -> None:
    """Print the sums and the worst of some plans."""
    chunks, fewest = sum(m.chunks for m in found), sum(m.fewest for m in found)
    worst = max((m.chunks / m.fewest for m in found), default=0)
    balance = sorted(m.largest / max(m.least_largest, 1) for m in found)
    shares = [balance[int(q * (len(balance) - 1))] for q in (0.5, 0.95)] if balance else [0, 0]
    print(
        f"| {name}: {len(found)} | {chunks} | {fewest} | {chunks / max(fewest, 1):.3f} "
        f"| {worst:.2f} | median {shares[0]:.2f}, 95 % {shares[1]:.2f} |"
    )


if __name__ == "__main__":
    main()
