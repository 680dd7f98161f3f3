"""Arguments that several commands share, so that they read the same everywhere."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from pydantic import JsonValue

from tasks.core.errors import ConfigError

Sources = Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files, folders or globs.")]
RecipeName = Annotated[str, typer.Option("--recipe", "-r", help="Recipe of the prompt library.")]
Var = Annotated[
    list[str] | None, typer.Option("--var", metavar="NAME=VALUE", help="A variable of the recipe.")
]
Window = Annotated[
    int | None, typer.Option(min=1, help="Context window in tokens; default is the model's.")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A key of the recipe's config for this run, as seed=7 or numberResults=3.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]


def variables(pairs: Sequence[str] | None) -> Mapping[str, str]:
    """Read NAME=VALUE arguments; a value may hold further equals signs."""
    return _split(pairs, "--var takes NAME=VALUE")


def config(pairs: Sequence[str] | None) -> Mapping[str, JsonValue]:
    """Read KEY=VALUE arguments, whose values are JSON or else words."""
    return {name: _json(value) for name, value in _split(pairs, "--set takes KEY=VALUE").items()}


def _json(value: str) -> JsonValue:
    try:
        read: JsonValue = json.loads(value)
    except ValueError:
        return value
    return read


def _split(pairs: Sequence[str] | None, form: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise ConfigError(f"{form}, and {pair!r} is not of that form")
        values[name] = value
    return values
