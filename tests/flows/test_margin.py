"""The margin over several runs: it shrinks and grows with what the provider counts, and never
makes anybody pay for an answer twice."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

import flows.planning
from flows.finish import finish
from flows.job import prepare
from flows.planning import plan_all
from flows.price import price_all
from flows.providers import open_inference
from flows.request import Request
from flows.stages import PLAIN
from tasks.chunk.task import plan_documents
from tasks.core.documents import Document
from tasks.core.margin import ENOUGH_ANSWERS, MARGIN, Margin
from tasks.core.reports import DocumentReport, Status
from tasks.core.settings import DeliveryMethod, Provider, load_settings
from tasks.core.store import DocumentRef
from tasks.extract.reading import Reading
from tasks.ledger.books import open_books, reading
from tasks.ledger.schema import token_ratios
from tests.benchmarks.emulating import emulating
from tests.samples.languages import prose

pytestmark = pytest.mark.full  # a provider in a process of its own, and some hundred calls

WINDOW = 4_000
ANSWER = '{"facts": []}'


@pytest.fixture
def emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the URL of a provider that counts with a tokenizer of its own, and is strict."""
    monkeypatch.setenv("DOCMILL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RUNWARE_API_KEY", "any")
    monkeypatch.setattr(flows.planning, "plan_documents", plan_documents.fn)
    script = ({"answer": ANSWER},)
    with emulating(
        script=script, prompt_count="pieces", window_tokens=WINDOW, log_size=1000
    ) as url:
        monkeypatch.setenv("DOCMILL_RUNWARE_URL", f"{url}/v1")
        yield url


def english(name: str, sentences: int) -> Document:
    """Give a text of its own in English, of some twenty tokens a sentence."""
    some = prose("english").sentences
    text = "\n\n".join(f"{name} {n}. {some[n % len(some)]}" for n in range(sentences))
    return Document(digest=name.ljust(64, "0"), text=text)


def chinese(name: str, sentences: int) -> Document:
    some = prose("chinese").sentences
    text = "\n\n".join(f"{name}{n}。{some[n % len(some)]}" for n in range(sentences))
    return Document(digest=name.ljust(64, "0"), text=text)


async def run(folder: Path, document: Document, *, fresh: bool = False) -> DocumentReport:
    """Run a recipe over a document as the flow does, but for reading, writing and Prefect."""
    path = folder / f"{document.digest.rstrip('0')}.md"
    path.write_text(document.text, encoding="utf-8")
    request = Request(
        sources=(str(path),), recipe="key-facts", to=folder / "out", formats=("md",),
        provider=Provider.RUNWARE, delivery=DeliveryMethod.SYNC, window=WINDOW, fresh=fresh,
        config={"maxTokens": 1_000},
    )  # fmt: skip
    settings = load_settings()
    job = prepare(request, settings)
    ref = DocumentRef(key=document.digest, digest=document.digest, name=path.name, path=str(path))
    job.store.keep(ref.key, document)
    async with open_inference(settings, job) as inference:
        (planned,) = await price_all(
            await plan_all(job, (Reading(source=job.sources[0], ref=ref),), inference),
            job,
            inference,
        )
        return await finish(planned, job, inference, PLAIN)


def stats(url: str, name: str) -> int:
    told: dict[str, int] = httpx.get(f"{url}/_emulator/stats").json()
    return told[name]


def margin(entry: DocumentReport) -> Margin:
    assert entry.margin is not None
    return entry.margin


async def test_a_margin_that_has_changed_costs_nothing_that_was_paid_for(
    emulator: str, tmp_path: Path
) -> None:
    first = await run(tmp_path, english("first", 800))
    paid = stats(emulator, "tasks_billed")
    assert first.calls == paid >= ENOUGH_ANSWERS
    assert margin(first) == Margin()

    second = await run(tmp_path, english("second", 200))
    needed = largest_ratio(tmp_path) - 1
    assert 0 < needed < margin(second).share < needed + 0.05 < MARGIN
    assert margin(second).answers == paid
    paid = stats(emulator, "tasks_billed")

    again = await run(tmp_path, english("first", 800))
    assert (again.calls, again.reused, again.chunks) == (0, first.calls, first.chunks)
    assert margin(again) == Margin(MARGIN, 0, remembered=True)
    assert stats(emulator, "tasks_billed") == paid

    fresh = await run(tmp_path, english("first", 800), fresh=True)
    assert margin(fresh).answers == paid
    assert fresh.chunks < first.chunks
    assert stats(emulator, "tasks_refused") == 0

    last = await run(tmp_path, english("first", 800))
    assert (last.calls, last.chunks, margin(last).remembered) == (0, fresh.chunks, True)


async def test_a_denser_language_is_answered_whole_and_raises_the_margin(
    emulator: str, tmp_path: Path
) -> None:
    await run(tmp_path, english("first", 800))

    dense = await run(tmp_path, chinese("dense", 300))
    refused = stats(emulator, "tasks_refused")
    needed = largest_ratio(tmp_path) - 1
    assert margin(dense).share < needed
    assert 0 < refused <= dense.chunks
    assert dense.status is Status.DONE
    assert dense.characters.answered == dense.characters.read
    assert "too long for the window by the provider's own count" in dense.warnings[0]
    paid = stats(emulator, "tasks_billed")

    again = await run(tmp_path, chinese("dense", 300))
    assert (again.status, again.calls) == (Status.DONE, 0)
    assert stats(emulator, "tasks_billed") == paid

    refused = stats(emulator, "tasks_refused")
    other = await run(tmp_path, chinese("other", 300))
    assert margin(other).share > needed
    assert other.status is Status.DONE
    assert not [warning for warning in other.warnings if "too long" in warning]
    assert stats(emulator, "tasks_refused") == refused


async def test_where_the_window_is_another_nothing_is_learned_and_the_way_out_is_said(
    emulator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.flows.test_margin.WINDOW", 40_000)

    failed = await run(tmp_path, english("first", 800))

    assert failed.status is Status.FAILED
    assert "DOCMILL_WINDOW" in failed.reason
    assert stats(emulator, "tasks_refused") <= 7 * failed.chunks
    assert largest_ratio(tmp_path) < 2


def largest_ratio(folder: Path) -> float:
    """Give the largest ratio of the provider's count to ours that the ledger has taken in."""
    with open_books(f"sqlite:///{folder / 'home' / 'ledger.db'}") as engine, reading(engine) as c:
        return c.scalar(select(func.max(token_ratios.c.largest))) or 0.0
