"""Merging answers by the model in order, the next ones always worked into what there is.

    a ─► a+b ─► ab+c+d ─► abcd        as many at a time as fit beside the answer so far

What there is stays within half of the room. Should it outgrow that, it is set aside as a section,
and the next one begins.
"""

from collections import deque
from collections.abc import Generator, Sequence
from itertools import chain

from prompts.library import Prompt, Recipe
from tasks.core.answers import Result
from tasks.core.capacity import Window
from tasks.core.errors import RecipeError, TooLongError, TruncatedError
from tasks.core.requests import InferenceRequest
from tasks.merge.evidence import Evidence
from tasks.merge.merged import Reply, Wanted
from tasks.merge.partials import Partial, cost, cut, request_of, room_tokens, shown, trimmed

EVIDENCE_SHARE = 8
"""The evidence that goes along takes at most this part of the room: one eighth."""

HEADER_TOKENS = 16
"""What the header of the answer so far may cost beyond that of any other."""


def refine_in_order(
    level: Sequence[Partial], recipe: Recipe, evidence: Evidence, *, window: Window
) -> Generator[Wanted, tuple[Reply, ...], tuple[Partial, ...]]:
    """Work the answers into one in order; give it, or its sections where it is too long for one.

    Raise the error of a step that failed otherwise than by being cut short.
    """
    prompt = _prompt(recipe)
    room = room_tokens(prompt, window) - HEADER_TOKENS
    half = room // 2
    left = deque(chain.from_iterable(cut(partial, half) for partial in level))
    sections: list[Partial] = []
    so_far = left.popleft()
    most = len(left)
    while left:
        taken = _taken(left, room - cost(so_far), most) if cost(so_far) <= half else ()
        if not taken:
            sections.append(so_far)
            so_far, most = left.popleft(), len(left)
            continue
        (reply,) = yield (_request(so_far, taken, prompt, recipe),)
        if isinstance(reply, Result):
            so_far = trimmed(evidence.carried((so_far, *taken), reply.text), room // EVIDENCE_SHARE)
            most = len(left)
        elif isinstance(reply, TooLongError | TruncatedError):
            left.extendleft(reversed(taken))
            most = len(taken) // 2
        else:
            raise reply
    return (*sections, so_far)


def _taken(left: deque[Partial], room: int, most: int) -> tuple[Partial, ...]:
    """Take as many of the answers that are left as the room holds, and no more than `most`."""
    taken: list[Partial] = []
    while left and len(taken) < most and (needed := cost(left[0])) <= room:
        room -= needed
        taken.append(left.popleft())
    return tuple(taken)


def _request(
    so_far: Partial, taken: Sequence[Partial], prompt: Prompt, recipe: Recipe
) -> InferenceRequest:
    pieces = [shown(so_far, role="the answer so far"), *map(shown, taken)]
    return request_of(pieces, prompt, recipe)


def _prompt(recipe: Recipe) -> Prompt:
    if recipe.refine is None:
        raise RecipeError(f"recipe {recipe.name} merges by refine but has no refine.prompt")
    return recipe.refine
