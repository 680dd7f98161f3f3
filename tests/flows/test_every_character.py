"""From plan to output, whatever the document and the model: every character is accounted for.

The model is scripted. It answers, or it fails in a way that its seed and the request decide: it
breaks off, declines, gives damaged JSON, or the provider refuses. Nothing else of the way is
replaced, but for the ledger.
"""

import asyncio
import hashlib
import json
import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from flows.accounts import Planned
from flows.finish import finish
from flows.job import Job, prepare
from flows.request import Request
from flows.stages import PLAIN
from tasks.chunk.plan import plan_chunks
from tasks.core.answers import Chunk, Result
from tasks.core.capacity import Window
from tasks.core.documents import Document
from tasks.core.errors import RejectedError, TransientError
from tasks.core.outputs import Output
from tasks.core.reports import DocumentReport, Status
from tasks.core.requests import InferenceRequest, request_key, request_tokens
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef
from tasks.infer.inference import Outcome
from tests.chunk.building import documents
from tests.flows.running import SAMPLES

WINDOW = Window(9_000)
RECIPES = ("translate", "summarize", "case-history", "key-facts")
"""One for each way to merge: concat, reduce, refine, records."""

GOOD = "good"
SLIPS = ("length", "content_filter", "refusal", "damaged", "empty", "rejected", "busy")


class Scripted:
    """An inference whose model answers by seed; it knows what it gave, and refuses what is over."""

    window = WINDOW

    def __init__(self, recipe: str, *, seed: int, slips: int) -> None:
        self.recipe, self.seed, self.slips = recipe, seed, slips
        self.kinds: dict[str, str] = {}
        self.over: list[InferenceRequest] = []

    async def ask(self, request: InferenceRequest, *, document: str) -> Outcome:
        if WINDOW.counted(request_tokens(request)) + request.max_tokens > WINDOW.tokens:
            self.over.append(request)
        key = request_key(request, provider="scripted", endpoint="none")
        kind = self._kind(key)
        if kind == "rejected":
            raise RejectedError("the provider refuses this request")
        if kind == "busy":
            raise TransientError("the provider is busy")
        self.kinds[key] = kind
        reason = kind if kind in {"length", "content_filter"} else "stop"
        return Outcome((Result(answer_key=key, text=self._text(kind), finish_reason=reason),))

    def within(self, _: Window) -> "Scripted":
        return self

    async def kept(self, keys: Iterable[str]) -> frozenset[str]:
        return frozenset(keys) & self.kinds.keys()

    def label(self, model: str) -> str:
        return f"scripted {model}"

    def notices(self) -> tuple[str, ...]:
        return ()

    def _kind(self, key: str) -> str:
        draw = random.Random(f"{self.seed} {key}")
        return draw.choice(SLIPS) if draw.random() * 100 < self.slips else GOOD

    def _text(self, kind: str) -> str:
        told = "Rent is due. [p. 1]"
        if self.recipe == "key-facts":
            fact = {"fact": "Rent is due.", "kind": "other", "quote": "rent", "page": None}
            told = json.dumps({"facts": [fact]})
        said = {
            "length": told[: len(told) // 2],
            "content_filter": "",
            "empty": "",
            "damaged": told[:-9],
            "refusal": "I'm sorry, but I can't help with that.",
        }
        return said.get(kind, told)


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Job]:
    folder = tmp_path_factory.mktemp("jobs")
    given = Settings(store=str(folder / "store"), runware_api_key=SecretStr("any"))
    return {
        name: prepare(
            Request(
                sources=(str(SAMPLES / "minutes.md"),), to=folder / "out", recipe=name,
                provider=Provider.RUNWARE, window=WINDOW.tokens, config={"maxTokens": 1_000},
                variables={"language": "German"} if name == "translate" else {},
            ),
            given,
        )
        for name in RECIPES
    }  # fmt: skip


def walk(
    job: Job, source: Document, model: Scripted
) -> tuple[DocumentReport, Output | None, dict[str, Chunk]]:
    """Answer a document; give its entry, what was written, and what each answer was asked of."""
    key = hashlib.sha256(repr(source).encode("utf-8", "surrogatepass")).hexdigest()
    ref = DocumentRef(key=key, digest=source.digest, name="lease.txt", path="lease.txt")
    asked: dict[str, Chunk] = {}
    written: list[Output] = []
    job.store.keep(key, source)

    async def infer(ref: DocumentRef, chunk: Chunk, *args: Any, **more: Any) -> Outcome:
        outcome: Outcome = await PLAIN.infer(ref, chunk, *args, **more)
        asked.update((result.answer_key, chunk) for result in outcome.results)
        return outcome

    async def write(output: Output, *_: object) -> tuple[Path, ...]:
        written.append(output)
        return ()

    chunks = plan_chunks(source, job.recipe, window=WINDOW)
    entry = asyncio.run(
        finish(
            Planned(ref=ref, chunks=chunks, window=WINDOW), job, model,  # type: ignore[arg-type]
            PLAIN._replace(infer=infer, write=write),
        )
    )  # fmt: skip
    return entry, written[0] if written else None, asked


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    source=documents(), times=st.sampled_from([1, 1, 6]), recipe=st.sampled_from(sorted(RECIPES)),
    target=st.sampled_from([None, 40, 900]), seed=st.integers(0, 99),
    slips=st.sampled_from([0, 10, 50, 100]),
)  # fmt: skip
def test_every_character_is_answered_or_in_a_named_failure(
    jobs: dict[str, Job],
    *,
    source: Document,
    times: int,
    recipe: str,
    target: int | None,
    seed: int,
    slips: int,
) -> None:
    source = replace(source, text=source.text * times)
    job = jobs[recipe]
    job = replace(job, recipe=replace(job.recipe, chunk_target=target))
    model = Scripted(recipe, seed=seed, slips=slips)

    entry, output, asked = walk(job, source, model)

    assert not model.over
    assert "unexpected" not in entry.reason
    answered, failed = set[int](), set[int]()
    for covered in output.covered if output else ():
        chunk = asked[covered.answer_key]
        assert (covered.start, covered.end) == (chunk.start, chunk.end)
        assert model.kinds[covered.answer_key] in {GOOD, "damaged"}
        answered.update(range(covered.start, covered.end))
    for gap in entry.gaps:
        assert gap.reason
        failed.update(range(gap.start, gap.end))
    assert answered | failed == set(range(len(source.text)))
    assert not entry.characters.unexplained
    assert entry.characters.read == len(source.text)
    if not slips and output:
        assert (entry.status, failed) == (Status.DONE, set())
