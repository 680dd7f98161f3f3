"""Values of a recipe's `config` that a run sets for itself, as in `--set seed=7`."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import JsonValue, ValidationError

from prompts.frontmatter import Config, MapConfig
from tasks.core.errors import RecipeError

Kind = TypeVar("Kind", bound=Config)

NAMES = frozenset(field.alias or name for name, field in MapConfig.model_fields.items())


def check_names(given: Mapping[str, JsonValue]) -> None:
    """Refuse what no config has; RecipeError names it, and what there is."""
    if strays := sorted(given.keys() - NAMES):
        raise RecipeError(
            f"{', '.join(strays)}: no such key of `config` (known: {', '.join(sorted(NAMES))})"
        )


def overridden(config: Kind, given: Mapping[str, JsonValue]) -> Kind:
    """Give a config with the given values in it, as far as it has them; they are checked alike."""
    kind = type(config)
    names = {field.alias or name for name, field in kind.model_fields.items()}
    own = config.model_dump(by_alias=True)
    try:
        return kind.model_validate({**own, **{n: given[n] for n in names & given.keys()}})
    except ValidationError as error:
        told = "; ".join(
            ": ".join((*map(str, one["loc"]), one["msg"].removeprefix("Value error, ")))
            for one in error.errors(include_input=False)
        )
        raise RecipeError(f"config: {told}") from None
