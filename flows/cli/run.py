"""`docmill run`: the flow, on the Prefect server that is there or on a temporary one."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated, cast

import typer
from pydantic import ValidationError

from flows.cli import arguments
from flows.cli.terminal import listener, show
from flows.job import prepare
from flows.progress import progress
from flows.request import Request
from tasks.core.documents import Report, Status
from tasks.core.errors import ConfigError
from tasks.core.settings import DeliveryMethod, Provider, load_settings
from tasks.write.report import report_as_dict
from tasks.write.report_markdown import report_markdown

NOT_ALL_DONE = 1

PREFECT_SETTINGS = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # its first write may meet a locked database
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # a new home takes its time
}


def run(
    sources: arguments.Sources,
    to: Annotated[Path, typer.Option(help="Folder for the outputs and report.json.")],
    recipe: arguments.RecipeName = "summarize",
    formats: Annotated[
        str, typer.Option("--format", "-f", help="Any of docx, md, json, with commas between.")
    ] = "docx",
    provider: Annotated[Provider | None, typer.Option(help="Who answers.")] = None,
    var: arguments.Var = None,
    window: arguments.Window = None,
    delivery: Annotated[
        DeliveryMethod | None, typer.Option(help="How Runware delivers answers; default async.")
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(min=0, help="US dollars that DIR's outputs of the recipe may cost."),
    ] = None,
    budget_tokens: Annotated[
        int | None, typer.Option(min=0, help="Tokens that DIR's outputs of the recipe may take.")
    ] = None,
    buy_lost: Annotated[
        bool,
        typer.Option(
            "--buy-lost", help="Ask anew for answers that were billed, perhaps, and lost."
        ),
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Ask anew even where the ledger has an answer.")
    ] = False,
    as_json: arguments.Json = False,
) -> None:
    """Answer a recipe for every document and write the outputs.

    Exit code: 0 all done, 1 some documents failed or incomplete, 2 usage or settings.
    """
    request = _request(
        sources=tuple(sources),
        recipe=recipe,
        to=to,
        formats=tuple(name.strip() for name in formats.split(",")),
        provider=provider,
        variables=arguments.variables(var),
        window=window,
        delivery=delivery,
        budget_usd=budget,
        budget_tokens=budget_tokens,
        buy_lost=buy_lost,
        fresh=fresh,
    )
    prepare(request, load_settings())  # what is wrong is said before Prefect is even loaded
    report = _process(request, quiet=as_json)
    told = report_as_dict(report)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        show(report_markdown(told))
    if any(entry.status is not Status.DONE for entry in report.documents):
        raise typer.Exit(NOT_ALL_DONE)


def _request(**fields: object) -> Request:
    try:
        return Request.model_validate(fields)
    except ValidationError as error:
        problems = (
            f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}"
            for e in error.errors(include_input=False)
        )
        raise ConfigError("; ".join(problems)) from None


def _process(request: Request, *, quiet: bool) -> Report:
    """Run the flow in this process, with Prefect's own chatter turned down."""
    _prepare_prefect()
    from flows.process import process_documents

    with listener(quiet=quiet) as heard:
        progress.set(heard)
        try:
            return cast("Report", asyncio.run(process_documents(request)))
        except (KeyboardInterrupt, asyncio.CancelledError):
            typer.echo(f"Interrupted. {request.to / 'report.json'} says what is done.", err=True)
            raise typer.Exit(NOT_ALL_DONE) from None


def _prepare_prefect() -> None:
    """Set what Prefect reads at import; a person's own settings win."""
    for name, value in PREFECT_SETTINGS.items():
        os.environ.setdefault(name, value)
    if "PREFECT_API_URL" not in os.environ:
        typer.echo(
            "Starting a temporary Prefect server. With `prefect server start` running and "
            "PREFECT_API_URL set, runs start at once.",
            err=True,
        )
    sys.stderr.flush()
