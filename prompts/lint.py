"""What is wrong with the recipes of a library, found without asking anybody."""

import json
from collections.abc import Iterator
from pathlib import Path

from prompts.folders import recipe_folders
from prompts.library import Recipe, load_recipe, summary_of
from tasks.core.errors import RecipeError


def check_library(*, own: Path | None = None) -> tuple[str, ...]:
    """Check every recipe, shipped and own; each problem names its file and cause."""
    folders = {*recipe_folders(None).values(), *recipe_folders(own).values()}
    return tuple(problem for folder in sorted(folders) for problem in problems_of(folder))


def problems_of(folder: Path) -> Iterator[str]:
    """Load the recipe in a folder with a stand-in for each value; look at its worked examples."""
    stand_ins = {variable.name: "x" for variable in summary_of(folder).variables}
    try:
        recipe = load_recipe(folder.name, stand_ins, own=folder.parent)
    except RecipeError as error:
        yield str(error)
    else:
        for problem in _misfits(recipe):
            yield f"{folder / 'map.prompt'}: {problem}"


def _misfits(recipe: Recipe) -> Iterator[str]:
    """Find worked examples that are answered otherwise than the recipe's schema demands."""
    from jsonschema import Draft202012Validator  # slow to import, and only this check needs it

    if recipe.schema is None:
        return
    validator = Draft202012Validator(recipe.schema)
    answers = [turn.content for turn in recipe.map.examples if turn.role == "assistant"]
    for number, answer in enumerate(answers, 1):
        try:
            error = next(iter(validator.iter_errors(json.loads(answer))), None)
        except ValueError as fault:
            yield f"the answer of example {number} is not JSON: {fault}"
        else:
            if error is not None:
                where = f"the answer of example {number} does not fit `output.schema`"
                yield f"{where} at {error.json_path}: {error.message}"
