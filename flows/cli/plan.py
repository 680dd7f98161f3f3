"""`docmill plan`: what a run would ask and cost; calls nothing."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from math import fsum
from typing import Any

import typer

from flows.cli import arguments
from flows.job import limits
from flows.margins import answerer_of, recalled_windows
from flows.worst import worst_of
from prompts.library import Recipe, load_recipe
from tasks.chunk.plan import plan_chunks
from tasks.chunk.request import map_request
from tasks.core.capacity import Window
from tasks.core.requests import request_tokens
from tasks.core.settings import Provider, Settings, load_settings, make_home
from tasks.core.store import DocumentRef, DocumentStore
from tasks.core.tokens import count_tokens
from tasks.extract.options import ReadingOptions
from tasks.extract.read import Readers
from tasks.extract.reading import Reading, read_source
from tasks.extract.sources import find_sources
from tasks.infer.prices import Prices
from tasks.write.wording import percent

NOT_ALL_READ = 1


def plan(
    sources: arguments.Sources,
    recipe: arguments.RecipeName = "summarize",
    var: arguments.Var = None,
    set_: arguments.Set = None,
    window: arguments.Window = None,
    changes: arguments.Changes = "accepted",
    include_hidden: arguments.IncludeHidden = False,
    ocr: arguments.Ocr = None,
    password: arguments.Password = None,
    as_json: arguments.Json = False,
) -> None:
    """Show the chunks of each document, with tokens and price; asks nobody.

    The price is what the chunks and merging their answers cost at most, should every answer be as
    long as it may. Exit code: 0 ok, 1 some sources could not be read.
    """
    settings = load_settings()
    make_home(settings)
    chosen = load_recipe(
        recipe, arguments.variables(var), own=settings.prompts, config=arguments.config(set_)
    )
    store = DocumentStore(settings.store_url())
    options = arguments.reading(changes, include_hidden=include_hidden, ocr=ocr)
    readers = Readers(
        limits(settings),
        at_once=settings.extract_at_once,
        password=arguments.password(password),
    )
    readings = asyncio.run(_read(sources, readers, store, options))
    windows = _windows(readings, chosen, settings, window or settings.window)
    told = [_tell(reading, chosen, settings, windows) for reading in readings]
    planned = {"documents": told, "totals": _totals(told)}
    typer.echo(json.dumps(planned, indent=2) if as_json else _for_people(planned))
    if any(reading.ref is None for reading in readings):
        raise typer.Exit(NOT_ALL_READ)


async def _read(
    given: list[str], readers: Readers, store: DocumentStore, options: ReadingOptions
) -> tuple[Reading, ...]:
    sources = find_sources(given)
    warming = asyncio.to_thread(count_tokens, "")  # loads the table while the children read
    async with readers:
        reading = (read_source(source, readers, store, options) for source in sources)
        _, families = await asyncio.gather(warming, asyncio.gather(*reading))
    return tuple(one for readings in families for one in readings)


def _windows(
    readings: Sequence[Reading], recipe: Recipe, settings: Settings, tokens: int
) -> Mapping[str, Window]:
    """Give the window, by the digest of a document, that a run would plan it with."""
    refs = [reading.ref for reading in readings if reading.ref]
    by = answerer_of(settings.provider or Provider.RUNWARE, settings, recipe)
    windows = recalled_windows(refs, recipe, tokens, by, settings)
    return {ref.digest: window for ref, window in zip(refs, windows, strict=True)}


def _tell(
    reading: Reading, recipe: Recipe, settings: Settings, windows: Mapping[str, Window]
) -> dict[str, Any]:
    """Plan one document, in the shape that scripts rely on."""
    source = reading.source.address
    if reading.ref is None:
        nothing = {"chunks": [], "prompt_tokens": 0, "usd": 0.0, "margin": None}
        return {"source": source, "reason": reading.failure, **nothing}
    window = windows[reading.ref.digest]
    return {"source": source, "reason": "", **_chunks(reading.ref, recipe, settings, window)}


def _chunks(ref: DocumentRef, recipe: Recipe, settings: Settings, window: Window) -> dict[str, Any]:
    document = DocumentStore(settings.store_url()).fetch(ref)
    chunks = plan_chunks(document, recipe, window=window)
    requests = [map_request(document, chunk, recipe) for chunk in chunks]
    asked = zip(chunks, requests, strict=True)
    worst = worst_of(asked, recipe, _prices(settings), chunks=chunks, window=window)
    return {
        "chunks": [
            {"start": c.start, "end": c.end, "tokens": c.tokens, "pages": list(c.pages)}
            for c in chunks
        ],
        "prompt_tokens": sum(request_tokens(r) * r.number_results for r in requests),
        "usd": worst.usd,
        "margin": {"share": window.margin.share, "source": window.margin.source},
    }


def _prices(settings: Settings) -> Prices:
    return Prices(
        settings.usd_per_million_prompt_tokens, settings.usd_per_million_completion_tokens
    )


def _totals(told: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "documents": len(told),
        "chunks": sum(len(document["chunks"]) for document in told),
        "prompt_tokens": sum(document["prompt_tokens"] for document in told),
        "usd": round(fsum(document["usd"] for document in told), 6),
    }


def _for_people(planned: dict[str, Any]) -> str:
    lines = [
        f"{document['source']}: {document['reason'] or _document(document)}"
        for document in planned["documents"]
    ]
    totals = planned["totals"]
    together = f"Together: {_amounts(totals, totals['chunks'])}, merging included."
    return "\n".join([*lines, together])


def _document(document: dict[str, Any]) -> str:
    margin = document["margin"]
    amounts = _amounts(document, len(document["chunks"]))
    return f"{amounts}, margin {percent(margin['share'])} ({margin['source']})"


def _amounts(priced: dict[str, Any], chunks: int) -> str:
    return (
        f"{chunks} chunk{'s' if chunks != 1 else ''}, {priced['prompt_tokens']:,} prompt tokens, "
        f"at most ${priced['usd']:.4f}"
    )
