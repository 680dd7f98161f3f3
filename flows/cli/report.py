"""`docmill report`: what the runs of a folder did."""

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import arguments
from tasks.write.report import load_report
from tasks.write.report_markdown import report_markdown


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of outputs.")],
    as_json: arguments.Json = False,
) -> None:
    """Show what became of each document, from the folder's report.json."""
    loaded = load_report(folder)
    typer.echo(json.dumps(loaded, indent=2) if as_json else report_markdown(loaded).rstrip())
