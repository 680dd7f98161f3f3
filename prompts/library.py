"""The prompt library: recipes by name, checked and filled in.

A recipe is a folder with `map.prompt` and, where answers are merged by the model, `reduce.prompt`
or `refine.prompt`.
One's own folder of recipes wins by name over those shipped beside this file.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import JsonValue

from prompts.dotprompt import PromptFile, normal_text, read_prompt_file
from prompts.folders import recipe_folder, recipe_folders
from prompts.frontmatter import SCHEMA_VARIABLE, MapKeys, ReduceKeys
from prompts.overrides import check_names, overridden
from prompts.recipe import Prompt, Recipe, RecipeSummary, RecordRules
from prompts.variables import declared, values_of
from tasks.core.errors import RecipeError
from tasks.core.requests import Message

__all__ = [
    "Prompt",
    "Recipe",
    "RecipeSummary",
    "RecordRules",
    "list_recipes",
    "load_recipe",
]

SYSTEM_PROMPT_CHARS = 200_000
"""What the provider takes at most."""

MAP = "map.prompt"
MERGING = {"reduce": "reduce.prompt", "refine": "refine.prompt"}
"""The ways of merging that ask the model, and the file of each."""

NOTHING: Mapping[str, JsonValue] = {}


@dataclass(frozen=True, slots=True)
class _Files:
    """A recipe's files as read; `keys` are those of the map prompt, `merging` is how to merge."""

    folder: Path
    keys: MapKeys
    map: PromptFile
    merging: PromptFile | None


def load_recipe(
    name: str,
    variables: Mapping[str, str],
    *,
    own: Path | None = None,
    config: Mapping[str, JsonValue] = NOTHING,
) -> Recipe:
    """Load a recipe with its variables put in; `config` goes before that of its prompts.

    RecipeError when there is none of that name, when a file is malformed, or for variables: it
    names all that are missing or unknown at once.
    """
    files = _configured(_read(recipe_folder(name, own=own)), config)
    values = values_of(name, declared(files.keys.input), variables)
    keys = files.keys
    merging = _prompt(files.merging, keys, values) if files.merging else None
    return Recipe(
        name=name,
        title=keys.title or name.replace("-", " ").capitalize(),
        description=keys.description,
        version=_version(files),
        model=keys.model,
        merge=keys.merge,
        output_format=keys.output.format,
        schema=keys.output.schema_,
        chunk_target=keys.chunk.target,
        chunk_context=keys.chunk.context,
        chunk_growth=keys.chunk.growth,
        records=RecordRules(**{name: tuple(value) for name, value in keys.records}),
        glean=keys.glean,
        needs_model=keys.needs_model,
        delivery=keys.config.delivery_method,
        include_cost=keys.config.include_cost,
        include_usage=keys.config.include_usage,
        number_results=keys.config.number_results,
        map=_prompt(files.map, keys, values),
        reduce=merging if keys.merge == "reduce" else None,
        refine=merging if keys.merge == "refine" else None,
    )


def list_recipes(*, own: Path | None = None) -> tuple[RecipeSummary, ...]:
    """List all recipes by name, one's own first where names meet; a broken one says so."""
    return tuple(summary_of(folder) for _, folder in sorted(recipe_folders(own).items()))


def summary_of(folder: Path) -> RecipeSummary:
    """Give what a list shows of the recipe in a folder; a broken one says so."""
    try:
        keys = _read(folder).keys
    except RecipeError as error:
        return RecipeSummary(name=folder.name, where=folder, problem=str(error))
    return RecipeSummary(
        name=folder.name,
        where=folder,
        description=keys.description,
        variables=declared(keys.input),
        merge=keys.merge,
        needs_model=keys.needs_model,
    )


def _read(folder: Path) -> _Files:
    """Read a recipe's folder and check that its files agree."""
    present = {path.name for path in folder.glob("*.prompt")}
    known = {MAP, *MERGING.values()}
    if strays := sorted(present - known):
        raise RecipeError(
            f"{folder}: {', '.join(strays)}: a recipe has only {', '.join(sorted(known))}"
        )
    if MAP not in present:
        raise RecipeError(f"{folder}: {MAP} is missing")
    map_file = read_prompt_file(folder / MAP, MapKeys)
    keys = map_file.keys
    assert isinstance(keys, MapKeys)  # noqa: S101 - tells mypy what read_prompt_file was asked for
    for way, name in MERGING.items():
        if (keys.merge == way) != (name in present):
            raise RecipeError(f"{folder}: {name} and `docmill.merge: {way}` go together")
    merging = MERGING.get(keys.merge)
    merging_file = read_prompt_file(folder / merging, ReduceKeys) if merging else None
    _check_names(keys, [file for file in (map_file, merging_file) if file])
    return _Files(folder, keys, map_file, merging_file)


def _configured(files: _Files, config: Mapping[str, JsonValue]) -> _Files:
    """Put a run's own config before that of the prompts."""
    check_names(config)
    if not config:
        return files
    keys = files.keys.model_copy(update={"config": overridden(files.keys.config, config)})
    merging = files.merging
    if merging is not None:
        own = overridden(merging.keys.config, config)
        merging = replace(merging, keys=merging.keys.model_copy(update={"config": own}))
    return replace(files, keys=keys, map=replace(files.map, keys=keys), merging=merging)


def _check_names(keys: MapKeys, files: Iterable[PromptFile]) -> None:
    """Match the variables that are used with those declared, and `{{schema}}` with a schema."""
    declared_names = set(keys.input.schema_)
    unused = set(declared_names)
    for file in files:
        wanted = {SCHEMA_VARIABLE} if keys.output.format == "json" else set[str]()
        if not wanted <= file.names():
            raise RecipeError(
                f"{file.path}: a recipe with `format: json` must place {{{{schema}}}}"
            )
        strays = sorted(file.names() - declared_names - wanted)
        if strays:
            raise RecipeError(
                f"{file.path}: {', '.join(strays)}: used, but `input.schema` of {MAP} "
                "does not declare it"
            )
        unused -= file.names()
    if unused:
        raise RecipeError(f"{file.path.with_name(MAP)}: {', '.join(sorted(unused))}: never used")


def _prompt(file: PromptFile, keys: MapKeys, values: Mapping[str, str]) -> Prompt:
    """Fill in a prompt and check the length of its system text."""
    if keys.output.schema_ is not None:
        schema = json.dumps(keys.output.schema_, indent=2, ensure_ascii=False)
        values = {**values, SCHEMA_VARIABLE: f"```json\n{schema}\n```"}
    system, *examples = (turn.fill(values) for turn in file.turns)
    if len(system) > SYSTEM_PROMPT_CHARS:
        raise RecipeError(
            f"{file.path}: the system prompt has {len(system):,} characters with its values put "
            f"in, and {SYSTEM_PROMPT_CHARS:,} are allowed: shorten the longest value"
        )
    config = file.keys.config
    return Prompt(
        system=system,
        examples=tuple(
            Message("user" if turn.role == "user" else "assistant", content)
            for turn, content in zip(file.turns[1:], examples, strict=True)
        ),
        temperature=config.temperature,
        top_p=config.top_p,
        max_tokens=config.max_tokens,
        seed=config.seed,
    )


def _version(files: _Files) -> str:
    """Hash the recipe's files, the same on systems with other line ends."""
    digest = hashlib.sha256()
    for file in (files.map, files.merging):
        if file is not None:
            text = normal_text(file.path).encode()
            digest.update(f"{file.path.name} {len(text)}\n".encode() + text)
    return digest.hexdigest()[:12]
