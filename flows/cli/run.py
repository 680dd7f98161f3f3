"""`docmill run`: the flow, on the Prefect server that is there or on a temporary one."""

import asyncio
import json
import os
import sys
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from pydantic import ValidationError

from flows.cli import arguments
from flows.cli.foreground import Foreground
from flows.cli.prefect_server import TemporaryServer, explained, set_up
from flows.cli.terminal import listener, show
from flows.interpreter import importing
from flows.job import prepare
from flows.progress import GO_ON, progress
from flows.request import Combine, Request
from tasks.core.errors import ConfigError, DocmillError
from tasks.core.reports import Report, Status
from tasks.core.settings import DeliveryMethod, Provider, load_settings, make_home
from tasks.write.names import NAMES
from tasks.write.report import REPORT_FILE, load_report, report_as_dict
from tasks.write.report_markdown import report_markdown

NOT_ALL_DONE = 1

LEAVING_S = 0.5


def run(
    sources: arguments.Sources,
    to: Annotated[Path, typer.Option(help="Folder for the outputs and report.json.")],
    recipe: arguments.RecipeName = "summarize",
    formats: Annotated[
        str,
        typer.Option("--format", "-f", help="Any of docx, html, md, json, jsonl, csv, xlsx, pdf."),
    ] = "docx",
    template: Annotated[
        Path | None, typer.Option(help="Word file whose styles, header and logo docx keeps.")
    ] = None,
    combine: Annotated[
        Combine, typer.Option(help="One output for each document, one for all, or both.")
    ] = "each",
    names: Annotated[
        str, typer.Option(metavar="PATTERN", help="Names of the outputs, without the format.")
    ] = NAMES,
    force: Annotated[
        bool, typer.Option("--force", help="Write over outputs that a person has changed.")
    ] = False,
    provider: Annotated[Provider | None, typer.Option(help="Who answers.")] = None,
    var: arguments.Var = None,
    set_: arguments.Set = None,
    together: arguments.Together = False,
    changes: arguments.Changes = "accepted",
    include_hidden: arguments.IncludeHidden = False,
    ocr: arguments.Ocr = None,
    password: arguments.Password = None,
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
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Go on without asking whether the price is right.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Tell nothing but the end, and ask nothing.")
    ] = False,
    as_json: arguments.Json = False,
) -> None:
    """Answer a recipe for every document and write the outputs.

    Exit code: 0 all done, 1 some documents failed or incomplete, 2 usage or settings.
    """
    for given in (*sources, str(to), *(var or ()), *(set_ or ())):
        _check_passable(given)
    request = _request(
        sources=tuple(sources),
        recipe=recipe,
        to=to,
        formats=tuple(name.strip() for name in formats.split(",")),
        template=template,
        combine=combine,
        names=names,
        force=force,
        provider=provider,
        variables=arguments.variables(var),
        config=dict(arguments.config(set_)),
        together=together,
        changes=changes,
        include_hidden=include_hidden,
        ocr=ocr,
        window=window,
        delivery=delivery,
        budget_usd=budget,
        budget_tokens=budget_tokens,
        buy_lost=buy_lost,
        fresh=fresh,
    )
    _use_password(password)
    settings = load_settings()
    make_home(settings)
    prepare(request, settings)  # what is wrong is said before Prefect is even loaded
    report = _process(request, quiet=quiet or as_json, asks=not yes)
    told = report_as_dict(report)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        show(report_markdown(told))
    if any(entry.status is not Status.DONE for entry in report.documents):
        raise typer.Exit(NOT_ALL_DONE)


def _use_password(password: str | None) -> None:
    """Set the password for this process; a request is no place for it, since Prefect shows it."""
    if password:
        os.environ["DOCMILL_PASSWORD"] = password
        load_settings.cache_clear()


def _request(**fields: object) -> Request:
    try:
        return Request.model_validate(fields)
    except ValidationError as error:
        problems = (
            f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}"
            for e in error.errors(include_input=False)
        )
        raise ConfigError("; ".join(problems)) from None


def _check_passable(given: str) -> None:
    """Refuse what is no UTF-8: Prefect keeps the request as JSON, which cannot hold it."""
    try:
        given.encode()
    except UnicodeEncodeError:
        shown = given.encode(errors="backslashreplace").decode()
        raise ConfigError(
            f"{shown}: a name that is not UTF-8 cannot be passed to Prefect: give the folder "
            "that it is in, or rename it"
        ) from None


def _process(request: Request, *, quiet: bool, asks: bool) -> Report:
    """Run the flow in this process, with Prefect's own chatter turned down."""
    set_up()
    began = datetime.now(UTC).isoformat(timespec="milliseconds")
    server = TemporaryServer()

    def begin() -> Coroutine[Any, Any, Report]:
        with importing():
            from flows.process import process_documents

        server.start_if_needed()
        return cast("Coroutine[Any, Any, Report]", process_documents(request))

    with listener(quiet=quiet, asks=asks, budget_usd=request.budget_usd) as heard:
        progress.set(heard)
        work = Foreground(begin)
        try:
            return work.result()
        except (KeyboardInterrupt, asyncio.CancelledError):
            interrupted = _interrupted(request.to, began)
        except RuntimeError as error:
            raise explained(error) from error
    typer.echo(interrupted, err=True)
    _end(work, server)
    raise typer.Exit(NOT_ALL_DONE)


def _interrupted(folder: Path, began: str) -> str:
    """Say what an interrupted run leaves behind; a report of an older run tells nothing of it."""
    with suppress(DocmillError):
        if str(load_report(folder)["started"]) >= began:
            return f"Interrupted. {folder / REPORT_FILE} says what is done. To go on, {GO_ON}."
    return "Interrupted before anything was read."


def _end(work: Foreground[Report], server: TemporaryServer) -> None:
    """End the process where the thread is still busy with what cannot be stopped, as imports."""
    if not work.ended(within_s=LEAVING_S):
        server.stop()  # which Prefect does at Python's end, that is not reached here
        sys.stderr.flush()
        os._exit(NOT_ALL_DONE)
