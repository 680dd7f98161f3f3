"""`docmill recipes`: the prompt library."""

from typing import Annotated

import typer

from prompts.library import RecipeSummary, list_recipes
from prompts.lint import check_library
from tasks.core.errors import RecipeError
from tasks.core.settings import load_settings

app = typer.Typer(help="Show and check the recipes of the prompt library.", add_completion=False)


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Show and check the recipes of the prompt library."""
    if context.invoked_subcommand is None:
        show_all()


@app.command("list")
def show_all() -> None:
    """List all recipes."""
    for recipe in list_recipes(own=load_settings().prompts):
        needs = " (needs a model)" if recipe.needs_model else ""
        typer.echo(f"{recipe.name:18} {recipe.problem or recipe.description}{needs}")


@app.command("show")
def show(name: Annotated[str, typer.Argument(metavar="RECIPE")]) -> None:
    """Show a recipe: its variables and its prompts as they are written."""
    recipe = _find(name)
    typer.echo(f"{recipe.name}: {recipe.description}")
    typer.echo(f"folder: {recipe.where}")
    typer.echo(f"merge: {recipe.merge}")
    for variable in recipe.variables:
        default = "required" if variable.default is None else f"default: {variable.default}"
        typer.echo(f"--var {variable.name}=…  {variable.about} ({default})")
    for path in sorted(recipe.where.glob("*.prompt")):
        typer.echo(f"\n--- {path.name}\n{path.read_text(encoding='utf-8')}")


@app.command("check")
def check() -> None:
    """Check the whole library. Exit code: 0 all sound, 1 some are not."""
    problems = check_library(own=load_settings().prompts)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("all recipes are sound")


def _find(name: str) -> RecipeSummary:
    recipes = {recipe.name: recipe for recipe in list_recipes(own=load_settings().prompts)}
    if name not in recipes:
        raise RecipeError(f"there is no recipe {name}; there are {', '.join(recipes)}")
    return recipes[name]
