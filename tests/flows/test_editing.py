"""A prompt is edited: what depends on it is asked anew, and nothing else is."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

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
from tasks.core.documents import Block, BlockKind, Document
from tasks.core.reports import DocumentReport, Status
from tasks.core.settings import DeliveryMethod, Provider, Settings, load_settings
from tasks.core.store import DocumentRef
from tasks.ledger.books import balance, open_books, reading
from tests.benchmarks.emulating import emulating
from tests.benchmarks.planting import planted

pytestmark = pytest.mark.full  # some hundred calls of nineteen recipes, four times

TEXT = planted(10, 20).text
DOCUMENT = Document(
    digest="d",
    text=TEXT,
    blocks=tuple(
        Block(kind=BlockKind.PARAGRAPH, start=found.start(), end=found.end())
        for found in re.finditer(r".+", TEXT)
    ),
)
VALUES = {"question": "What does pump 3 cost?", "language": "German"}
WINDOW = 9000


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    for name in ("home", "own"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("DOCMILL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DOCMILL_PROMPTS", str(tmp_path / "own"))
    monkeypatch.setenv("RUNWARE_API_KEY", "any")
    for recipe in list_recipes():
        shutil.copytree(SHIPPED / recipe.name, tmp_path / "own" / recipe.name)
    with emulating(engine="planted", script=()) as url:
        monkeypatch.setenv("DOCMILL_RUNWARE_URL", f"{url}/v1")
        yield load_settings()


def job_of(recipe: str, settings: Settings, folder: Path) -> Job:
    config: dict[str, JsonValue] = {"maxTokens": 3000}
    (summary,) = (one for one in list_recipes(own=settings.prompts) if one.name == recipe)
    needed = [variable.name for variable in summary.variables if variable.default is None]
    request = Request(
        sources=(str(folder / "pumps.md"),),
        recipe=recipe,
        variables={name: VALUES[name] for name in needed},
        to=folder / "out",
        formats=("md",),
        provider=Provider.RUNWARE,
        delivery=DeliveryMethod.SYNC,
        config=config,
        window=WINDOW,
    )
    return prepare(request, settings)


async def run(recipe: str, settings: Settings, folder: Path) -> DocumentReport:
    """Run a recipe over the document, as a flow does, but for Prefect."""
    job = job_of(recipe, settings, folder)
    ref = DocumentRef(key="pumps", digest="d", name="pumps.md", path=str(folder / "pumps.md"))
    job.store.keep(ref.key, DOCUMENT)
    planned = Planned(ref=ref, chunks=plan_chunks(DOCUMENT, job.recipe, window=Window(job.window)))
    async with open_inference(settings, job) as inference:
        return await finish(planned, job, inference, PLAIN)


async def run_all(settings: Settings, folder: Path) -> dict[str, int]:
    """Run every recipe; give the calls of each that were not answered by the ledger."""
    names = [recipe.name for recipe in list_recipes(own=settings.prompts)]
    reports = {name: await run(name, settings, folder) for name in names}
    assert [name for name, r in reports.items() if r.status is not Status.DONE] == []
    return {name: report.calls for name, report in reports.items()}


def kept(settings: Settings) -> int:
    with open_books(settings.ledger_url()) as engine, reading(engine) as connection:
        return balance(connection).answers


def edit(settings: Settings, file: str) -> None:
    assert settings.prompts is not None
    path = settings.prompts / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nYou ", "\nYou carefully ", 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text


async def test_editing_one_of_the_recipes_asks_exactly_its_dependants_again(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "pumps.md").write_text(TEXT, encoding="utf-8")
    first = await run_all(settings, tmp_path)
    answers = kept(settings)
    assert len(first) >= 16
    assert min(first.values()) >= 2

    again = await run_all(settings, tmp_path)
    assert set(again.values()) == {0}

    edit(settings, "summarize/reduce.prompt")
    merged = await run_all(settings, tmp_path)
    assert 0 < merged.pop("summarize") < first["summarize"]
    assert set(merged.values()) == {0}

    edit(settings, "obligations/map.prompt")
    before = kept(settings)
    asked = await run_all(settings, tmp_path)
    assert asked.pop("obligations") == first["obligations"]
    assert set(asked.values()) == {0}
    assert kept(settings) - before == first["obligations"]
    assert before > answers
