"""Arguments that several commands share, so that they read the same everywhere."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import typer
from pydantic import JsonValue

from flows.job import ocr_languages
from tasks.core.errors import ConfigError
from tasks.core.settings import load_settings
from tasks.extract.options import ReadingOptions

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
Together = Annotated[
    bool, typer.Option("--together", help="Answer once for all documents together.")
]
Changes = Annotated[
    Literal["accepted", "all"],
    typer.Option(help="A Word file's tracked changes: as if accepted, or shown as such."),
]
IncludeHidden = Annotated[
    bool, typer.Option("--include-hidden", help="Take hidden text for text like any other.")
]
Ocr = Annotated[
    str | None,
    typer.Option(
        metavar="LANGUAGES",
        help="Languages of scanned pages as tesseract names them, as eng or deu+eng; or none.",
    ),
]
Password = Annotated[
    str | None,
    typer.Option(
        help="Opens a locked source. Others can see it while the command runs; DOCMILL_PASSWORD "
        "hides it from them.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]


def reading(
    changes: Literal["accepted", "all"], *, include_hidden: bool, ocr: str | None
) -> ReadingOptions:
    """Give the options of reading that the arguments ask for."""
    return ReadingOptions(
        all_changes=changes == "all",
        hidden_text=include_hidden,
        ocr_languages=ocr_languages(ocr, load_settings()),
    )


def password(given: str | None) -> str | None:
    """Give the password of the argument, else of the settings."""
    known = load_settings().password
    return given or (known.get_secret_value() if known else None)


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
