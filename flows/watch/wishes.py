"""What is wanted of a file: its folder chooses the recipe, an `options.yaml` beside the rest."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from flows.request import Format, Request
from flows.watch.names import OPTIONS_FILE
from prompts.library import list_recipes, load_recipe
from tasks.core.errors import ConfigError, RecipeError

MAX_OPTIONS_BYTES = 64 * 1024


def _text(value: object) -> object:
    """Take a number as it is written, since YAML makes one of `2024`."""
    return value if isinstance(value, bool) or not isinstance(value, int | float) else str(value)


class Options(BaseModel):
    """What `options.yaml` may say for the files in its folder and in the folders below."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    variables: dict[str, Annotated[str, BeforeValidator(_text)]] | None = None
    formats: tuple[Format, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a watcher wants of all files; `others` are further fields of the request."""

    to: Path
    recipe: str = "summarize"
    formats: tuple[str, ...] = ("docx",)
    prompts: Path | None = None
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of the files of one folder: a request but for its sources, as JSON."""

    request: str
    version: str

    def of(self, *sources: Path) -> Request:
        """Give the request for some files."""
        return request_of(self.request, *sources)


def request_of(wanted: str, *sources: Path) -> Request:
    """Put sources into a request that has none."""
    return Request.model_validate({**json.loads(wanted), "sources": tuple(map(str, sources))})


def wish_for(inbox: Path, folder: str, wishes: Wishes) -> Wish:
    """Give what is wanted of the files of a folder of the inbox, or raise what is wrong with it."""
    parts = PurePosixPath(folder).parts
    name = _recipe_name(parts, wishes)
    options = _options(inbox, parts)
    fields = {
        **wishes.others,
        "recipe": name,
        "to": wishes.to.joinpath(*parts[1:]),
        "formats": options.formats or wishes.formats,
        "variables": options.variables or {},
    }
    recipe = load_recipe(name, fields["variables"], own=wishes.prompts)
    return Wish(canonical(_request(fields)), recipe.version)


def canonical(request: Request) -> str:
    """Give a request but for its sources as the one text that stands for it."""
    told = request.model_dump(mode="json", exclude={"sources"}, exclude_defaults=True)
    return json.dumps(told, sort_keys=True)


def _recipe_name(parts: tuple[str, ...], wishes: Wishes) -> str:
    if not parts:
        return wishes.recipe
    known = [recipe.name for recipe in list_recipes(own=wishes.prompts)]
    if parts[0] not in known:
        raise RecipeError(
            f"its folder {parts[0]} has not the name of a recipe; there are {', '.join(known)}"
        )
    return parts[0]


def _request(fields: Mapping[str, Any]) -> Request:
    try:
        return Request.model_validate({**fields, "sources": ("-",)})
    except ValidationError as error:
        raise ConfigError(_told(error)) from None


def _options(inbox: Path, parts: tuple[str, ...]) -> Options:
    """Read the options of a folder: its own, else those of the nearest folder above."""
    for depth in range(len(parts), -1, -1):
        folder = PurePosixPath(*parts[:depth])
        text = _read(inbox / folder / OPTIONS_FILE)
        if text is not None:
            return _parsed(text, str(folder / OPTIONS_FILE))
    return Options()


def _read(path: Path) -> bytes | None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"{OPTIONS_FILE} cannot be read ({error.strerror})") from None
    with os.fdopen(handle, "rb") as stream:
        try:
            return stream.read(MAX_OPTIONS_BYTES + 1)
        except OSError as error:
            raise ConfigError(f"{OPTIONS_FILE} cannot be read ({error.strerror})") from None


def _parsed(text: bytes, name: str) -> Options:
    if len(text) > MAX_OPTIONS_BYTES:
        raise ConfigError(f"{name} is larger than {MAX_OPTIONS_BYTES:,} bytes")
    try:
        return Options.model_validate(yaml.safe_load(text) or {})
    except ValidationError as error:
        raise ConfigError(f"{name}: {_told(error)}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        cause = " ".join(str(error).split())
        raise ConfigError(f"{name} is not YAML ({cause})") from None


def _told(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'it'}: {e['msg']}"
        for e in error.errors(include_input=False)
    )
