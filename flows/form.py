"""What the form in the Prefect UI shows of a request beyond its types, as JSON schema."""

from typing import Any

from prompts.folders import recipe_folders
from prompts.library import list_recipes
from tasks.core.errors import DocmillError
from tasks.core.settings import load_settings

Schema = dict[str, Any]


def choose_recipe(schema: Schema) -> None:
    """Let the recipe be chosen among those of the library, as it is when the flow is deployed."""
    schema["enum"] = sorted(recipe_folders(_own()))


def explain_variables(schema: Schema) -> None:
    """Tell what variables each recipe has."""
    told = (
        f"{recipe.name}: " + ", ".join(_explained(v.name, v.about, v.default) for v in variables)
        for recipe in list_recipes(own=_own())
        if (variables := recipe.variables)
    )
    schema["description"] = "\n\n".join((schema["description"], *told))


def draw_plainly(schema: Schema) -> None:
    """Show a field that may be empty as that field, and not as a choice between it and nothing."""
    for name, field in schema["properties"].items():
        kinds = [kind for kind in field.get("anyOf", ()) if kind != {"type": "null"}]
        if len(kinds) == 1 and field.get("default") is None:
            kept = {key: value for key, value in field.items() if key not in {"anyOf", "default"}}
            schema["properties"][name] = kept | kinds[0]


def _explained(name: str, about: str, default: str | None) -> str:
    needed = "must be given" if default is None else f"else {default}"
    return f"`{name}` ({about}; {needed})" if about else f"`{name}` ({needed})"


def _own() -> Any:
    """Give the folder of one's own recipes; with settings that are wrong, a form is drawn still."""
    try:
        return load_settings().prompts
    except DocmillError:
        return None
