"""Whether a reply has the form that its recipe demands, and whether it says anything."""

from collections.abc import Sequence

from prompts.library import Recipe
from prompts.questions import is_nothing
from tasks.core.documents import Result
from tasks.core.errors import ReplyError
from tasks.merge.parsing.reply import parse_reply


def fitting(results: Sequence[Result], recipe: Recipe) -> tuple[Result, ...]:
    """Give the results that fit the recipe; ReplyError says why the first does not if none does."""
    problems: list[ReplyError] = []
    fit: list[Result] = []
    for result in results:
        try:
            check_fit(result, recipe)
            fit.append(result)
        except ReplyError as error:
            problems.append(error)
    if not fit:
        raise problems[0]
    return tuple(fit)


def check_fit(result: Result, recipe: Recipe) -> None:
    """Refuse a result that does not fit the recipe's schema, if it has one."""
    if recipe.schema is not None:
        parse_reply(result.text, recipe.schema)


def adds_nothing(result: Result, recipe: Recipe) -> bool:
    """Tell whether a result that fits has nothing in it, by the agreed words or an empty list."""
    if recipe.schema is None:
        return is_nothing(result.text)
    return not parse_reply(result.text, recipe.schema)
