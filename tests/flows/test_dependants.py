"""Editing a prompt asks anew exactly what depends on it, as the ledger shows."""

import shutil
from dataclasses import replace
from pathlib import Path

from flows.accounts import Planned
from flows.finish import finish
from flows.job import Job, prepare
from flows.providers import open_inference
from flows.request import Request
from flows.stages import PLAIN
from prompts.folders import SHIPPED
from prompts.library import list_recipes
from tasks.chunk.plan import plan_chunks
from tasks.core.capacity import Window
from tasks.core.documents import Document
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef

SENTENCE = "The Tenant shall pay EUR 900 to the Landlord by 3 May {}. "
SOURCE = Document(digest="d" * 64, text="".join(SENTENCE.format(2000 + n) for n in range(40)))
REF = DocumentRef(key="k", digest=SOURCE.digest, name="lease.txt", path="lease.txt")
WINDOW = 60_000

RECIPES = 3
EDITED = ("key-facts", "summarize")

Calls = dict[str, tuple[int, int]]
"""By recipe: the calls that were paid for, and the answers that the ledger had."""


def job_of(recipe: str, scratch: Path) -> tuple[Job, Settings]:
    settings = Settings(
        store=str(scratch / "store"),
        prompts=scratch / "prompts",
        ledger=f"sqlite:///{scratch / 'ledger.db'}",
    )
    summary = next(s for s in list_recipes(own=settings.prompts) if s.name == recipe)
    source = scratch / "lease.txt"
    source.write_text(SOURCE.text)
    request = Request(
        sources=(str(source),), to=scratch / "out", provider=Provider.OFFLINE, recipe=recipe,
        variables={v.name: "Who pays rent?" for v in summary.variables if v.default is None},
        window=WINDOW, config={"maxTokens": 2_000},
    )  # fmt: skip
    job = prepare(request, settings)
    return replace(job, recipe=replace(job.recipe, chunk_target=400)), settings


async def answer_all(scratch: Path) -> Calls:
    """Answer the document by some recipes that the offline engine can serve."""

    async def write(*_: object) -> tuple[Path, ...]:
        return ()

    calls: Calls = {}
    able = [s for s in list_recipes(own=scratch / "prompts") if not s.needs_model]
    edited = [summary for summary in able if summary.name in EDITED]
    for summary in [*edited, *(s for s in able if s not in edited)][:RECIPES]:
        job, settings = job_of(summary.name, scratch)
        job.store.keep("k", SOURCE)
        chunks = plan_chunks(SOURCE, job.recipe, window=Window(WINDOW))
        async with open_inference(settings, job) as inference:
            stages = PLAIN._replace(write=write)
            entry = await finish(Planned(ref=REF, chunks=chunks), job, inference, stages)
        assert not entry.gaps
        calls[summary.name] = (entry.calls, entry.reused)
    return calls


def edit(prompt: Path) -> None:
    prompt.write_text(prompt.read_text() + "\nBe brief.\n")


async def test_an_edited_prompt_asks_anew_only_what_depends_on_it(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    shutil.copytree(SHIPPED, prompts, ignore=shutil.ignore_patterns("*.py", "*.md", "__pycache__"))

    first = await answer_all(tmp_path)
    again = await answer_all(tmp_path)
    assert len(first) == RECIPES
    assert again == {name: (0, calls + reused) for name, (calls, reused) in first.items()}
    assert all(calls > 1 for calls, _ in first.values())

    edit(prompts / "key-facts" / "map.prompt")
    assert await answer_all(tmp_path) == {**again, "key-facts": first["key-facts"]}

    edit(prompts / "summarize" / "reduce.prompt")
    edited = await answer_all(tmp_path)
    chunks = len(
        plan_chunks(SOURCE, job_of("summarize", tmp_path)[0].recipe, window=Window(WINDOW))
    )
    merges = sum(first["summarize"]) - chunks
    assert merges > 0
    assert {n: c for n, c in edited.items() if c[0]} == {"summarize": (merges, chunks)}
