"""Where recipes lie: the folder shipped beside this file, and one's own, which wins by name."""

import re
from difflib import get_close_matches
from pathlib import Path

from tasks.core.errors import RecipeError

SHIPPED = Path(__file__).parent
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def recipe_folder(name: str, *, own: Path | None) -> Path:
    """Find a recipe's folder; RecipeError suggests the name that was probably meant."""
    folders = recipe_folders(own)
    if name in folders:
        return folders[name]
    known = sorted(folders)
    raise RecipeError(f"there is no recipe {name!r}{near_miss(name, known)}")


def recipe_folders(own: Path | None) -> dict[str, Path]:
    """Give every folder that is meant as a recipe, by name."""
    if own is not None and not own.is_dir():
        raise RecipeError(
            f"{own} is not a folder: let DOCMILL_PROMPTS name the folder of your own recipes"
        )
    folders = (SHIPPED,) if own is None else (SHIPPED, own)
    return {path.name: path for folder in folders for path in _in(folder)}


def near_miss(word: str, known: list[str]) -> str:
    """Say which known word was probably meant, else name them all."""
    close = get_close_matches(word, known, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f" (known: {', '.join(known) or 'none'})"


def _in(folder: Path) -> list[Path]:
    """List the recipes of one folder: plain names with at least one prompt file inside."""
    return [
        path
        for path in sorted(folder.iterdir())
        if _NAME.fullmatch(path.name) and path.is_dir() and any(path.glob("*.prompt"))
    ]
