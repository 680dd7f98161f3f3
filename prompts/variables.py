"""The variables of a recipe and the values given for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from prompts.folders import near_miss
from prompts.frontmatter import Inputs
from tasks.core.errors import RecipeError


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a recipe; without a default its value must be given."""

    name: str
    about: str = ""
    default: str | None = None


def declared(inputs: Inputs) -> tuple[Variable, ...]:
    """Give the variables in the order in which the recipe declares them."""
    return tuple(
        Variable(name, kind.partition(",")[2].strip(), inputs.default.get(name))
        for name, kind in inputs.schema_.items()
    )


def values_of(
    recipe: str, variables: tuple[Variable, ...], given: Mapping[str, str]
) -> dict[str, str]:
    """Give each variable its value; RecipeError names all that are unknown, missing or unusable."""
    defaults = {v.name: v.default for v in variables if v.default is not None}
    faults = [*_unknown(variables, given), *_missing(variables, given), *_unusable(given)]
    if faults:
        raise RecipeError(f"recipe {recipe}: {'; '.join(faults)}")
    return {**defaults, **{name: value.strip() for name, value in given.items()}}


def _unknown(variables: tuple[Variable, ...], given: Mapping[str, str]) -> list[str]:
    known = [v.name for v in variables]
    strays = [name for name in given if name not in known]
    return [f"it has no variable {name}{near_miss(name, known)}" for name in strays]


def _missing(variables: tuple[Variable, ...], given: Mapping[str, str]) -> list[str]:
    """Tell in one clause which values are needed; a blank one counts as not given."""
    lacking = [v for v in variables if v.default is None and not given.get(v.name, "").strip()]
    if not lacking:
        return []
    names = ", ".join(f"{v.name} ({v.about})" if v.about else v.name for v in lacking)
    return [f"a value is missing for {names}: give it as name=value"]


def _unusable(given: Mapping[str, str]) -> list[str]:
    """Find values that cannot be sent: an argument of broken bytes holds lone surrogates."""
    broken = [n for n, value in given.items() if value.encode(errors="replace").decode() != value]
    return [f"the value of {name} is not valid text (UTF-8)" for name in broken]
