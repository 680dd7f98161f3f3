"""Chunking beside others on the same text: speed, loss, size, and where the cuts fall.

    python -m tests.benchmarks.chunking [--mb 20] [--tokens 1000] [--peers]

With `--peers`, these are installed into an environment of their own, in a folder of temporary
files, at the first run. `tiktoken` is the bare encoding of the text in large pieces, without any
chunking: the yardstick. It and docmill are timed by turns, on one thread, and the least CPU time of
each counts; docmill has forgotten all words before each of its turns. The peers run once.
"""

import argparse
import json
import os
import random
import re
import subprocess
import tempfile
import time
import venv
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path

import tiktoken

from tasks.chunk.plan import plan_chunks
from tasks.core.capacity import Window
from tasks.core.documents import Block, BlockKind, Document
from tasks.core.settings import load_settings
from tasks.core.tokens import PIECE_CHARS, count_tokens, forget_words
from tests.benchmarks.chunking_peers import PACKAGES
from tests.chunk.building import recipe
from tests.flows.running import SAMPLES

PEERS = Path(tempfile.gettempdir()) / "docmill-chunking-peers"
TIMEOUT_S = 900
TURNS = 3
RECIPE_TOKENS = 16_000
KINDS = {"##": BlockKind.HEADING, "- ": BlockKind.LIST_ITEM, "| ": BlockKind.TABLE}
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z])")
_ENDS = re.compile(r"[.!?:;…][\"”’)\]]*\s*$|\n\s*$")


def corpus(megabytes: float) -> str:
    """Write so many MB out of the sentences of our own sample, under headings.

    Most of it is paragraphs, a few longer than a chunk; there are lists and tables of sums.
    """
    draw = random.Random(1)
    sentences = _SENTENCE.split(" ".join((SAMPLES / "minutes.md").read_text().split()))
    pieces: list[str] = []
    size = 0
    while size < megabytes * 1_000_000:
        if len(pieces) % 12 == 0:
            pieces.append(f"## {len(pieces) // 12 + 1}. {draw.choice(sentences)[:50].strip()}")
        (write,) = draw.choices((_paragraph, _list, _table), (20, 2, 1))
        pieces.append(write(draw, sentences))
        size += len(pieces[-1]) + 2
    return "\n\n".join(pieces)


def _paragraph(draw: random.Random, sentences: Sequence[str]) -> str:
    length = draw.randint(2, 9) if draw.random() < 0.99 else draw.randint(10, 60)
    return " ".join(draw.choices(sentences, k=length))


def _list(draw: random.Random, sentences: Sequence[str]) -> str:
    return "\n".join(f"- {draw.choice(sentences)}" for _ in range(draw.randint(3, 12)))


def _table(draw: random.Random, sentences: Sequence[str]) -> str:
    rows = (
        f"| {number} | {draw.choice(sentences)[:40].strip()} | {draw.uniform(1, 99_999):,.2f} |"
        for number in range(1, draw.randint(4, 24))
    )
    return "\n".join(("| No. | Matter | EUR |", "|---|---|---:|", *rows))


def bare(text: str) -> tuple[float, int]:
    """Encode the text with tiktoken alone; give the seconds and the tokens."""
    encoding = tiktoken.get_encoding("o200k_base")
    pieces = [text[at : at + PIECE_CHARS] for at in range(0, len(text), PIECE_CHARS)]
    start = time.process_time()
    total = sum(len(encoding.encode_ordinary(piece)) for piece in pieces)
    return time.process_time() - start, total


def ours(text: str, tokens: int | None) -> tuple[float, list[str]]:
    """Plan the text as a document of headings, paragraphs, list items and tables."""
    blocks, at = [], 0
    for piece in text.split("\n\n"):
        kind = KINDS.get(piece[:2], BlockKind.PARAGRAPH)
        level = 2 if kind is BlockKind.HEADING else None
        for part in piece.split("\n") if kind is BlockKind.LIST_ITEM else (piece,):
            blocks.append(Block(kind=kind, start=at, end=at + len(part), level=level))
            at += len(part) + 1
        at += 1
    document = Document(digest="0" * 64, text=text, blocks=tuple(blocks))
    forget_words()
    start = time.process_time()
    chunks = plan_chunks(document, recipe(chunk_target=tokens), window=Window(204_800))
    return time.process_time() - start, [document.text_of(chunk) for chunk in chunks]


def theirs(name: str, text: Path, tokens: int) -> tuple[float, list[str]]:
    """Have a peer chunk the text in its own environment."""
    table = load_settings().home / "tiktoken"
    script = Path(__file__).with_name("chunking_peers.py")
    done = subprocess.run(
        [*map(str, (PEERS / "bin/python", script, name, text, tokens))],
        capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
        env={**os.environ, "TIKTOKEN_CACHE_DIR": str(table)},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    told = json.loads(done.stdout)
    return told["seconds"], told["chunks"]


def install_peers() -> None:
    """Make the peers' environment, once."""
    if not (PEERS / "ready").exists():
        venv.create(PEERS, clear=True, with_pip=True)
        pip = [str(PEERS / "bin/python"), "-m", "pip", "install", "--quiet", "tiktoken"]
        subprocess.run([*pip, *PACKAGES.values()], check=True)
        (PEERS / "ready").touch()


def line(name: str, seconds: float, chunks: Sequence[str], text: str, tokens: int) -> str:
    """Give the line of the table of one chunker."""
    sizes = [count_tokens(chunk.strip()) for chunk in chunks]
    starts, at, lost = [], 0, 0
    for chunk in chunks:
        found = text.find(chunk.strip(), at)
        lost += found < 0
        if found >= 0:
            starts.append(found)
            at = found + len(chunk.strip())
    inner = [start for start in starts if start]
    paragraphs = sum(text[:start].rstrip(" ").endswith("\n\n") for start in inner)
    words = sum(text[s - 1].isalnum() and text[s].isalnum() for s in inner)
    sentences = sum(bool(_ENDS.search(text[max(s - 9, 0) : s])) for s in inner)
    of = max(len(inner), 1)
    whole = "yes" if "".join(chunks) == text else "spaces" if not lost else f"no ({lost})"
    return (
        f"| {name} | {len(text.encode()) / 1e6 / seconds:.2f} | {len(chunks)} | {whole} "
        f"| {sum(size > tokens for size in sizes)} | {sum(sizes) / len(sizes) / tokens:.2f} "
        f"| {paragraphs / of:.0%} | {sentences / of:.0%} | {words} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mb", type=float, default=1.0)
    parser.add_argument("--tokens", type=int, default=1_000)
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args()
    text = corpus(asked.mb)
    count_tokens("warm")  # puts the table where tiktoken looks for it
    encoded, plans = [], []
    for _ in range(TURNS):
        encoded.append(bare(text))
        plans.append([ours(text, tokens) for tokens in (asked.tokens, RECIPE_TOKENS, None)])
    alone, total = min(encoded)
    seconds, chunks = min((plan[0] for plan in plans), key=itemgetter(0))
    wished, filled = (alone / min(plan[n][0] for plan in plans) for n in (1, 2))
    size = len(text.encode()) / 1e6
    print(f"{size:.1f} MB, {total:,} tokens, chunks of {asked.tokens}")
    print(
        f"docmill's speed beside tiktoken's: {wished:.2f} at {RECIPE_TOKENS:,} tokens, as recipes "
        f"wish, {filled:.2f} where chunks fill the window\n"
    )
    print("| | MB/s | chunks | lossless | over | full | at paragraph | at sentence | in a word |")
    print("|---|---:|---:|---|---:|---:|---:|---:|---:|")
    print(f"| tiktoken alone | {size / alone:.2f} | | | | | | | |")
    print(line(f"docmill ({alone / seconds:.2f} of tiktoken)", seconds, chunks, text, asked.tokens))
    if not asked.peers:
        return
    install_peers()
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        for name in PACKAGES:
            try:
                seconds, chunks = theirs(name, Path(file.name), asked.tokens)
                print(line(name, seconds, chunks, text, asked.tokens), flush=True)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                print(f"| {name} | failed: {error} |", flush=True)


if __name__ == "__main__":
    main()
