"""Whether a reply has the form that its recipe demands, and whether it says anything."""

from collections.abc import Sequence

from prompts.library import Recipe
from prompts.questions import is_nothing
from tasks.core.answers import Answer, Result
from tasks.core.errors import ReplyError
from tasks.merge.parsing.reply import parse_reply, read_reply

Answered = tuple[Result, str]
"""A result, and what of it could not be read."""


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


def salvaged(results: Sequence[Result], recipe: Recipe) -> Answered:
    """Give the result of which most records can be read, and what is wrong with it.

    ReplyError if none can be read of any.
    """
    assert recipe.schema is not None  # noqa: S101 - only a reply to a schema fails to fit
    replies = [read_reply(result.text, recipe.schema) for result in results]
    count, at = max((len(reply.records), at) for at, reply in enumerate(replies))
    said = f"asked {len(results)} times, the reply {replies[at].problem}"
    if not count:
        raise ReplyError(f"{said} (--fresh asks anew)")
    return results[at], f"{said}; {count} of its records could be read (--fresh asks anew)"


def repairs(answer: Answer, recipe: Recipe) -> tuple[str, ...]:
    """Tell what was mended to read the answer to a chunk."""
    if recipe.schema is None or answer.usable is None:
        return ()
    read = (read_reply(r.text, recipe.schema) for r in (answer.usable, *answer.rivals))
    return tuple(dict.fromkeys(repair for reply in read for repair in reply.repairs))


def is_silent(answer: Answer, recipe: Recipe) -> bool:
    """Tell whether all that was answered to a chunk is that it holds nothing to the point."""
    if answer.usable is None or answer.flaw is not None:
        return False
    results = (answer.usable, *answer.rivals, *answer.gleaned)
    return all(_is_empty(result, recipe) for result in results)


def _is_empty(result: Result, recipe: Recipe) -> bool:
    if recipe.schema is None:
        return is_nothing(result.text)
    reply = read_reply(result.text, recipe.schema)
    return not reply.records and reply.problem is None


def check_fit(result: Result, recipe: Recipe) -> None:
    """Refuse a result that does not fit the recipe's schema, if it has one."""
    if recipe.schema is not None:
        parse_reply(result.text, recipe.schema)


def adds_nothing(result: Result, recipe: Recipe) -> bool:
    """Tell whether a result that fits has nothing in it, by the agreed words or an empty list."""
    if recipe.schema is None:
        return is_nothing(result.text)
    return not parse_reply(result.text, recipe.schema)
