"""Merging answers by the model, level by level, until one is left.

    answers of the chunks     a b c d e f g
    level 1                   [a b c] [d e f] g
    level 2                   [abc def g]
    the merged answer         abcdefg

A level joins neighbours only, so the order of the source is kept. Each level has fewer answers
than the one before, or there is no further level: the tree always ends. Where its top is too long
for one answer, it stays in sections, and says so.
"""

from collections.abc import Generator, Iterable, Sequence
from itertools import chain

from prompts.library import Prompt, Recipe
from tasks.core.answers import Result
from tasks.core.capacity import Window
from tasks.core.errors import RecipeError, TooLongError, TruncatedError
from tasks.merge.evidence import Evidence
from tasks.merge.merged import Reply, Wanted
from tasks.merge.partials import (
    Group,
    Partial,
    cost,
    cut,
    request_of,
    room_tokens,
    shown,
    trimmed,
)

EVIDENCE_SHARE = 8
"""A partial answer's evidence takes at most this part of the room: one eighth."""

PIECES = 4
"""Answers of which no two fit together are cut into pieces of this part of the room: a fourth."""

Level = tuple[Partial, ...]
Climb = Generator[Wanted, tuple[Reply, ...], Level]


def reduce_tree(level: Level, recipe: Recipe, evidence: Evidence, *, window: Window) -> Climb:
    """Climb the tree; give its top, which is one answer, or several that are too long to join.

    Raise the error of a step that failed otherwise than by being cut short.
    """
    prompt = _prompt(recipe)
    room = room_tokens(prompt, window)
    while groups := next_groups(level, room):
        lifted = yield from _lifted(groups, prompt, recipe, evidence)
        fewer = len(lifted) < len(level)
        level = tuple(trimmed(partial, room // EVIDENCE_SHARE) for partial in lifted)
        if not fewer:  # what was cut short could not be joined
            break
    return level


def next_groups(level: Sequence[Partial], room: int) -> tuple[Group, ...]:
    """Group neighbours that fit one request together, fewer groups than there are answers.

    Where no two of them fit, they are cut into pieces that do. Empty when the tree is finished:
    one answer is left, or there would be no fewer.
    """
    if len(level) < 2:
        return ()
    for most in (room, room // PIECES):
        pieces = list(chain.from_iterable(cut(partial, most) for partial in level))
        groups = _packed(pieces, room)
        if len(groups) < len(level) and all(_fits(group, room) for group in groups):
            return groups
    return ()


def _packed(level: Iterable[Partial], room: int) -> tuple[Group, ...]:
    groups: list[list[Partial]] = []
    used = 0
    for partial in level:
        needed = cost(partial)
        if groups and used + needed <= room:
            groups[-1].append(partial)
            used += needed
        else:
            groups.append([partial])
            used = needed
    return tuple(map(tuple, groups))


def _fits(group: Group, room: int) -> bool:
    """Tell whether a group needs no request or fits into one."""
    return len(group) == 1 or sum(map(cost, group)) <= room


def _lifted(groups: Sequence[Group], prompt: Prompt, recipe: Recipe, evidence: Evidence) -> Climb:
    """Have every group of more than one merged; one whose answer is cut short, in two halves."""
    wanted = [group for group in groups if len(group) > 1]
    if not wanted:
        return tuple(group[0] for group in groups)
    replies = yield tuple(
        request_of([shown(partial) for partial in group], prompt, recipe) for group in wanted
    )
    answered = dict(zip(wanted, replies, strict=True))
    lifted: list[Level] = []
    for group in groups:
        reply = answered.get(group)
        if isinstance(reply, Result):
            lifted.append((evidence.carried(group, reply.text),))
        elif isinstance(reply, TooLongError | TruncatedError) and len(group) > 2:
            middle = len(group) // 2
            halves = (group[:middle], group[middle:])
            lifted.append((yield from _lifted(halves, prompt, recipe, evidence)))
        elif reply is None or isinstance(reply, TooLongError | TruncatedError):
            lifted.append(group)
        else:
            raise reply
    return tuple(chain.from_iterable(lifted))


def _prompt(recipe: Recipe) -> Prompt:
    if recipe.reduce is None:
        raise RecipeError(f"recipe {recipe.name} merges by reduce but has no reduce.prompt")
    return recipe.reduce
