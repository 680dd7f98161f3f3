"""`docmill schema`: what the JSON files look like, for programs that read them."""

import json
from typing import Annotated

import typer

from tasks.write.schemas import schema_of


def schema(
    name: Annotated[str, typer.Argument(metavar="output|report", help="Which file's schema.")],
) -> None:
    """Print the JSON Schema of the JSON output or of report.json."""
    typer.echo(json.dumps(schema_of(name), indent=2, ensure_ascii=False))
