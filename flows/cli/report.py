"""`docmill report`: what the runs of a folder did."""

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import arguments
from flows.cli.terminal import show
from tasks.write.report import load_report
from tasks.write.report_markdown import report_markdown


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of outputs.")],
    as_json: arguments.Json = False,
) -> None:
    """Show what became of each document, from the folder's report.json."""
    loaded = load_report(folder)
    if as_json:
        typer.echo(json.dumps(loaded, indent=2))
    else:
        show(report_markdown(loaded))
