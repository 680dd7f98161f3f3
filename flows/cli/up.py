"""`docmill up`: all of docmill on this machine, by one command."""

import asyncio
from typing import Annotated

import typer

from flows.cli.foreground import Foreground
from flows.up.place import Place, choose_place
from tasks.core.settings import Settings, load_settings, make_home


def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of Prefect's pages.")] = 4200,
    host: Annotated[str, typer.Option(help="Address to bind to.")] = "127.0.0.1",
    outputs_port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port under which outputs are served.")
    ] = 4280,
    runs_at_once: Annotated[
        int, typer.Option(min=1, help="Flow runs that the worker has at a time.")
    ] = 2,
    webhooks_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Receive webhooks on this port, too; default is not."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Start nothing; say what is wrong.")
    ] = False,
) -> None:
    """Start the Prefect server, a worker, the deployments and all else; Ctrl-C stops it.

    With --check, exit code: 0 all is well, 1 something is wrong.
    """
    settings = load_settings()
    make_home(settings)
    place = choose_place(
        settings,
        host=host,
        port=port,
        outputs_port=outputs_port,
        runs_at_once=runs_at_once,
        webhooks_port=webhooks_port,
    )
    if check:
        raise typer.Exit(asyncio.run(_check(place, settings)))
    _up(place)


async def _check(place: Place, settings: Settings) -> int:
    from flows.up.check import findings

    wrong = 0
    async for finding in findings(place, settings):
        wrong += bool(finding.problem)
        typer.echo(f"{finding}")
    return int(wrong > 0)


def _up(place: Place) -> None:
    from flows.up.story import up

    try:
        Foreground(lambda: up(place, _say)).result()
    except KeyboardInterrupt:
        _say("Stopped.")


def _say(line: str) -> None:
    typer.echo(line, err=True)
