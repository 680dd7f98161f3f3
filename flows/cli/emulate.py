"""`docmill emulate`: the Runware API on this machine, for trying things out without paying."""

from enum import Enum
from typing import Annotated

import typer

from flows.cli import arguments


class Engine(Enum):
    """Who answers."""

    EXTRACTIVE = "extractive"
    PLANTED = "planted"


def emulate(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8585,
    host: Annotated[str, typer.Option(help="Address to bind to.")] = "127.0.0.1",
    latency_s: Annotated[float, typer.Option(min=0, help="Seconds before each answer.")] = 0.0,
    engine: Annotated[
        Engine, typer.Option(help="Quote sentences, or only facts planted as `Fact K-0123: ….`")
    ] = Engine.EXTRACTIVE,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A switch of tasks/emulator/options.py, as refuse_finished_uuids=true.",
        ),
    ] = None,
) -> None:
    """Serve the Runware API offline, answered by extracts; Ctrl-C ends it.

    Faults and scripted answers are set while it runs: see tasks/emulator/admin/endpoints.py.
    """
    from flows.addresses import check_free
    from tasks.emulator.options import read_options
    from tasks.emulator.server import serve

    switches = arguments.config(set_)
    options = read_options({"latency_s": latency_s, "engine": engine.value, **switches})
    check_free(host, port)
    typer.echo(f"The API is at http://{host}:{port}/v1; stats are at /_emulator/stats.", err=True)
    serve(options, host=host, port=port)
