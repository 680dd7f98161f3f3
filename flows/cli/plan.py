"""`docmill plan`: what a run would ask and cost; calls nothing."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import typer

from flows.cli import arguments
from flows.forecast import Forecast, Forecaster
from flows.job import limits
from prompts.library import load_recipe
from tasks.core.settings import load_settings, make_home
from tasks.core.store import DocumentStore
from tasks.core.tokens import count_tokens
from tasks.extract.options import ReadingOptions
from tasks.extract.read import Readers
from tasks.extract.reading import Reading, read_source
from tasks.extract.sources import find_sources
from tasks.infer.prices import Worst
from tasks.write.wording import percent

NOT_ALL_READ = 1


def plan(
    sources: arguments.Sources,
    recipe: arguments.RecipeName = "summarize",
    var: arguments.Var = None,
    set_: arguments.Set = None,
    window: arguments.Window = None,
    together: arguments.Together = False,
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
    forecaster = Forecaster(
        recipe=chosen,
        settings=settings,
        window_tokens=window or settings.window,
        together=together,
    )
    forecasts = forecaster.of(readings)
    planned = {
        "documents": [_as_dict(forecast) for forecast in forecasts],
        "totals": _totals(forecasts, forecaster.total(forecasts)),
    }
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


def _as_dict(forecast: Forecast) -> dict[str, Any]:
    """Tell of one source, in the shape that scripts rely on."""
    margin = forecast.window.margin if forecast.window else None
    return {
        "source": forecast.source,
        "reason": forecast.reason,
        "chunks": [
            {"start": c.start, "end": c.end, "tokens": c.tokens, "pages": list(c.pages)}
            for c in forecast.chunks
        ],
        "prompt_tokens": forecast.prompt_tokens,
        "usd": forecast.worst.usd,
        "margin": margin and {"share": margin.share, "source": margin.source},
    }


def _totals(forecasts: Sequence[Forecast], worst: Worst) -> dict[str, Any]:
    return {
        "documents": len(forecasts),
        "chunks": sum(len(forecast.chunks) for forecast in forecasts),
        "prompt_tokens": sum(forecast.prompt_tokens for forecast in forecasts),
        "usd": round(worst.usd, 6),
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
