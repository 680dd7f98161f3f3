from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from flows.accounts import Planned
from flows.finish import finish
from flows.job import Job, prepare
from flows.price import price_all, price_of
from flows.request import Request
from flows.stages import PLAIN
from flows.worst import worst_of
from tasks.chunk.plan import plan_chunks
from tasks.chunk.request import map_request
from tasks.core.capacity import Window
from tasks.core.requests import request_tokens
from tasks.core.settings import Provider, Settings
from tasks.core.store import DocumentRef
from tasks.extract.limits import ExtractionLimits
from tasks.extract.read import extract
from tasks.infer.budget import Budget
from tasks.infer.prices import Prices, worst_case
from tasks.ledger.ledger import Ledger, open_ledger
from tests.flows.running import SAMPLES
from tests.infer.asking import inference
from tests.infer.building import success

PRICES = Prices(0.30, 1.20)
WINDOW = 40_000
SOURCE = SAMPLES / "minutes.md"


async def planned(tmp_path: Path, recipe: str) -> tuple[Job, Planned]:
    request = Request(
        sources=(str(SOURCE),), to=tmp_path / "out", provider=Provider.OFFLINE, recipe=recipe,
        variables={"question": "What was decided?"} if recipe == "answer" else {}, window=WINDOW,
        config={"maxTokens": 1000},
    )  # fmt: skip
    job = prepare(request, Settings(store=str(tmp_path / "store")))
    document = await extract(SOURCE, ExtractionLimits())
    job.store.keep("minutes", document)
    recipe_cut = replace(job.recipe, chunk_target=300)
    chunks = plan_chunks(document, recipe_cut, window=Window(WINDOW))
    ref = DocumentRef(key="minutes", digest=document.digest, name=SOURCE.name, path=str(SOURCE))
    return replace(job, recipe=recipe_cut), Planned(ref=ref, chunks=chunks)


@pytest.mark.parametrize("recipe", ["summarize", "answer", "key-facts"])
async def test_the_price_is_never_below_what_the_tasks_may_cost(
    recipe: str, tmp_path: Path
) -> None:
    job, document = await planned(tmp_path, recipe)
    async with open_ledger(f"sqlite:///{tmp_path / 'l.db'}") as ledger:
        asker, _ = inference(ledger, success, prices=PRICES)
        (told,) = await price_all((document,), job, asker)

    text = job.store.fetch(document.ref)
    requests = [map_request(text, chunk, job.recipe) for chunk in document.chunks]
    worst = [worst_case(r, PRICES, prompt_tokens=request_tokens(r)) for r in requests]
    assert len(document.chunks) > 2
    assert told.worst.usd >= sum(each.usd for each in worst)
    assert told.worst.tokens >= sum(each.tokens for each in worst)


@pytest.mark.parametrize(("recipe", "asks"), [("summarize", True), ("key-facts", False)])
async def test_a_merge_by_the_model_has_its_price(
    recipe: str, *, asks: bool, tmp_path: Path
) -> None:
    job, document = await planned(tmp_path, recipe)
    merging = worst_of((), job.recipe, PRICES, chunks=document.chunks, window=Window(WINDOW))

    assert (merging.usd > 0) is asks


async def test_what_the_ledger_has_costs_nothing(tmp_path: Path) -> None:
    job, document = await planned(tmp_path, "key-facts")
    text = job.store.fetch(document.ref)
    first, *others = [map_request(text, chunk, job.recipe) for chunk in document.chunks]

    async def told(ledger: Ledger, *asked: object) -> tuple[int, float]:
        asker, _ = inference(ledger, success, prices=PRICES)
        for request in asked:
            await asker.ask(request)  # type: ignore[arg-type] # they are requests
        price = price_of(await price_all((document,), job, asker))
        return price.kept, price.usd

    async with open_ledger(f"sqlite:///{tmp_path / 'l.db'}") as ledger:
        nothing = await told(ledger)
        one = await told(ledger, first)
        all_ = await told(ledger, *others)

    assert (nothing[0], one[0], all_[0]) == (0, 1, len(document.chunks))
    assert nothing[1] > one[1] > all_[1] == 0.0


USAGE = {"promptTokens": 2000, "completionTokens": 200, "totalTokens": 2200}


@pytest.mark.parametrize("glean", [0, 1])
async def test_what_follows_the_answers_to_the_chunks_is_free_once_it_is_kept(
    glean: int, tmp_path: Path
) -> None:
    job, document = await planned(tmp_path, "summarize")
    job = replace(job, recipe=replace(job.recipe, glean=glean))
    text = job.store.fetch(document.ref)

    async def nothing_written(*_: object) -> tuple[Path, ...]:
        return ()

    async with open_ledger(f"sqlite:///{tmp_path / 'l.db'}") as ledger:
        asker, script = inference(ledger, partial(success, usage=USAGE), prices=PRICES)
        for chunk in document.chunks:
            await asker.ask(map_request(text, chunk, job.recipe))
        asked = len(script.tasks)
        (before,) = await price_all((document,), job, asker)
        told = len(script.tasks)
        await finish(document, job, asker, PLAIN._replace(write=nothing_written))
        paid_usd = asker.traffic().usd * (1 - asked / len(script.tasks))
        (after,) = await price_all((document,), job, asker)

    assert told == asked
    assert before.worst.usd > paid_usd > 0
    assert (after.kept, after.worst.usd) == (len(document.chunks), 0.0)


async def test_where_nothing_has_a_price_nothing_is_looked_up(tmp_path: Path) -> None:
    job, document = await planned(tmp_path, "summarize")
    async with open_ledger(f"sqlite:///{tmp_path / 'l.db'}") as ledger:
        asker, _ = inference(ledger, success)
        limited = replace(asker, budget=Budget(job="job", tokens_limit=10))

        assert await price_all((document,), job, asker) == (document,)
        (told,) = await price_all((document,), job, limited)

    assert (told.worst.usd, told.worst.tokens > 0) == (0.0, True)


async def test_documents_that_are_asked_of_together_have_one_merge(tmp_path: Path) -> None:
    job, document = await planned(tmp_path, "summarize")
    twins = (document, replace(document, name="twin"))
    chunks = 2 * document.chunks
    async with open_ledger(f"sqlite:///{tmp_path / 'l.db'}") as ledger:
        asker, _ = inference(ledger, success, prices=PRICES)
        apart = await price_all(twins, job, asker)
        told = await price_all(twins, replace(job, together=True), asker)

    alone = worst_of((), job.recipe, PRICES, chunks=document.chunks, window=Window(WINDOW))
    joint = worst_of((), job.recipe, PRICES, chunks=chunks, window=Window(WINDOW))
    assert joint.usd > alone.usd > 0
    assert price_of(told).usd == pytest.approx(price_of(apart).usd - 2 * alone.usd + joint.usd)
    assert told[1].worst.usd == pytest.approx(apart[1].worst.usd - alone.usd)
