"""`docmill up`: all of docmill on this machine, by one command."""

from typing import Annotated

import typer

from flows.cli.foreground import Foreground
from tasks.core.settings import load_settings, make_home


def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of Prefect's pages.")] = 4200,
    host: Annotated[str, typer.Option(help="Address to bind to.")] = "127.0.0.1",
    outputs_port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port under which outputs are served.")
    ] = 4280,
    runs_at_once: Annotated[
        int, typer.Option(min=1, help="Flow runs that the worker has at a time.")
    ] = 2,
) -> None:
    """Start the Prefect server, a worker, the deployments and all else; Ctrl-C stops it."""
    from flows.up.place import choose_place
    from flows.up.story import up

    settings = load_settings()
    make_home(settings)
    place = choose_place(
        settings, host=host, port=port, outputs_port=outputs_port, runs_at_once=runs_at_once
    )
    try:
        Foreground(lambda: up(place, _say)).result()
    except KeyboardInterrupt:
        _say("Stopped.")


def _say(line: str) -> None:
    typer.echo(line, err=True)
