"""How much of what a long document says comes out at the end, and whether what is lost is named.

    python -m tests.benchmarks.recall [--pages 600] [--facts 200]

Facts are planted through a document of many pages, some of them on two. A scripted model states
every fact that it is shown and nothing else, so what is missing in the end was lost on the way;
with seeded slips it misses one fact in ten. The window has 8,000 tokens, so the answers are merged
by a tree. The whole way from the plan to the report is walked, but for Prefect.

What a merge drops is named in the output, since the answers before it had it. What a model
overlooks in the document itself nobody can name, but asking again finds it (`docmill.glean`).
"""

import argparse
import asyncio
import re
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from flows.accounts import Planned
from flows.finish import finish
from flows.job import Job, prepare
from flows.request import Request
from flows.stages import PLAIN
from tasks.chunk.plan import plan_chunks
from tasks.core.capacity import Window
from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.outputs import Output
from tasks.core.reports import DocumentReport
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef
from tasks.emulator.app import create_app
from tasks.emulator.options import EmulatorOptions
from tasks.infer.connection import Connection
from tasks.infer.delivery.poller import Poller
from tasks.infer.delivery.sync import SyncDelivery
from tasks.infer.inference import Inference
from tasks.infer.throttle.gate import fixed
from tasks.ledger.ledger import open_ledger

WINDOW = 8_000
MAX_TOKENS = 4_000
AT_ONCE = 8
WORDS_OF_PAGE = 330
TWICE_EVERY = 10
"""Every tenth fact stands on two pages, far from each other."""

FILLER = (
    "the crew checked the pumps and wrote the usual notes on weather wind and tide before the "
    "next watch took over and the harbour office filed them with those of the day before"
)
KEY = re.compile(r"K-(\d{4})")


@dataclass(frozen=True)
class Case:
    """A recipe, the slips of its model, and whether it is asked what it missed."""

    name: str
    recipe: str
    faults: tuple[dict[str, Any], ...] = ()
    glean: int = 0


SLIPS = tuple({"fault": fault, "facts": 0.1, "at": "merge"} for fault in ("misses", "duplicates"))
CASES = (
    Case("tree, perfect model", "answer"),
    Case("tree, merges miss 10 % and say 10 % twice", "answer", SLIPS),
    Case("tree, map misses 10 %", "answer", ({"fault": "misses", "facts": 0.1, "at": "map"},)),
    Case(
        "tree, map misses 10 %, gleaned twice",
        "answer",
        ({"fault": "misses", "facts": 0.1, "at": "map"},),
        glean=2,
    ),
    Case("records, perfect model", "key-facts"),
)


def planted(pages: int, facts: int) -> Document:
    """Write a document of pages of about 500 tokens, with facts on them at even distances."""
    places = [(number, number * pages // facts) for number in range(facts)]
    again = [(n, (page + pages // 2) % pages) for n, page in places if n % TWICE_EVERY == 0]
    on_page: dict[int, list[int]] = {}
    for number, page in (*places, *again):
        on_page.setdefault(page, []).append(number)
    text, blocks, spans = "", [], []
    for page in range(pages):
        start = len(text)
        for paragraph in _paragraphs(page, on_page.get(page, [])):
            blocks.append((len(text), len(text) + len(paragraph)))
            text += f"{paragraph}\n\n"
        spans.append((start, len(text)))
    return Document(
        digest="0" * 64,
        text=text,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, start=a, end=b) for a, b in blocks),
        pages=tuple(Page(number=n, start=a, end=b) for n, (a, b) in enumerate(spans, 1)),
    )


def _paragraphs(page: int, facts: Sequence[int]) -> list[str]:
    filler = FILLER.split()
    words = [filler[(page * 7 + n) % len(filler)] for n in range(WORDS_OF_PAGE)]
    third = WORDS_OF_PAGE // 3
    parts = [
        " ".join(words[at : at + third]).capitalize() + "." for at in range(0, 3 * third, third)
    ]
    return [
        parts[0],
        *(f"Fact K-{n:04}: Valve {n} is at {n * 7 % 90} bar." for n in facts),
        *parts[1:],
    ]


async def walk(case: Case, document: Document, folder: Path) -> tuple[DocumentReport, Output, int]:
    """Answer one document from plan to report; give the entry, the output and the levels."""
    job = _job(case, folder)
    job.store.keep("planted", document)
    ref = DocumentRef(key="planted", digest=document.digest, name="planted.txt", path="planted.txt")
    chunks = plan_chunks(document, job.recipe, window=Window(WINDOW))
    written: list[Output] = []
    steps = 0

    async def write(output: Output, *_: object) -> tuple[Path, ...]:
        written.append(output)
        return ()

    async def merge(step: Any, inference: Inference) -> object:
        nonlocal steps
        steps = step.number
        return await PLAIN.merge(step, inference)

    app = create_app(
        EmulatorOptions(engine="planted", window_tokens=WINDOW, faults=case.faults, fault_seed=1)
    )
    transport = httpx.ASGITransport(app=app)
    async with open_ledger(f"sqlite:///{folder / 'ledger.db'}") as ledger:
        connection = Connection(
            transport, "http://offline/v1", SecretStr("any"), provider="runware"
        )
        inference = Inference(
            delivery=SyncDelivery(connection, Poller(connection)),
            ledger=ledger,
            throttle=fixed(AT_ONCE),
            window=Window(WINDOW),
        )
        stages = PLAIN._replace(merge=merge, write=write)
        entry = await finish(Planned(ref=ref, chunks=chunks), job, inference, stages)
    if not written:
        raise RuntimeError(f"{case.name}: {entry.reason}")
    return entry, written[0], 1 + steps


def _job(case: Case, folder: Path) -> Job:
    variables = {"question": "At which pressure is each valve?"} if case.recipe == "answer" else {}
    request = Request(
        sources=(str(Path(__file__)),), to=folder / "out", provider=Provider.OFFLINE,
        recipe=case.recipe, variables=variables, window=WINDOW, config={"maxTokens": MAX_TOKENS},
    )  # fmt: skip
    job = prepare(request, Settings(store=str(folder / "store")))
    return replace(job, recipe=replace(job.recipe, glean=case.glean))


def row(case: Case, document: Document, facts: int) -> str:
    """Walk a case and give its line of the table."""
    with tempfile.TemporaryDirectory() as scratch:
        start = time.perf_counter()
        entry, output, levels = asyncio.run(walk(case, document, Path(scratch)))
        seconds = time.perf_counter() - start
    stated = [
        KEY.findall(dict(record.fields)["quote"])[0]  # type: ignore[arg-type] # a text, by schema
        for record in output.records or ()
    ] or KEY.findall(output.body)
    lost = facts - len(set(stated))
    named = {key for citation in output.uncarried for key in KEY.findall(citation.quote)}
    named |= {key for gap in output.gaps for key in KEY.findall(document.text[gap.start : gap.end])}
    missing = {f"{number:04}" for number in range(facts)} - set(stated)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"| {case.name} | {entry.chunks} | {levels} | {entry.calls} | {1 - lost / facts:.1%} "
        f"| {len(stated) - len(set(stated))} | {lost} | {len(missing & named)} "
        f"| {seconds:.1f} s | {memory:.0f} MB |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--facts", type=int, default=100)
    asked = parser.parse_args()
    document = planted(asked.pages, asked.facts)
    print(f"{asked.facts} facts on {asked.pages} pages, window {WINDOW:,} tokens\n")
    columns = (
        "docmill",
        "chunks",
        "levels",
        "calls",
        "recall",
        "twice",
        "lost",
        "named",
        "time",
        "memory",
    )
    print(f"| {' | '.join(columns)} |\n|---|{'---:|' * (len(columns) - 1)}")
    for case in CASES:
        print(row(case, document, asked.facts), flush=True)


if __name__ == "__main__":
    main()
