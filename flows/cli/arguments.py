"""Arguments that several commands share, so that they read the same everywhere."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from tasks.core.errors import ConfigError

Sources = Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files, folders or globs.")]
RecipeName = Annotated[str, typer.Option("--recipe", "-r", help="Recipe of the prompt library.")]
Var = Annotated[
    list[str] | None, typer.Option("--var", metavar="NAME=VALUE", help="A variable of the recipe.")
]
Window = Annotated[
    int | None, typer.Option(min=1, help="Context window in tokens; default is the model's.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]


def variables(pairs: Sequence[str] | None) -> Mapping[str, str]:
    """Read NAME=VALUE arguments; a value may hold further equals signs."""
    values: dict[str, str] = {}
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise ConfigError(f"--var takes NAME=VALUE, and {pair!r} is not of that form")
        values[name] = value
    return values
