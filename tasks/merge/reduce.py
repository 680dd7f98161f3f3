"""Merging answers by the model, level by level, until one is left.

    answers of the chunks     a b c d e f g
    level 1                   [a b c] [d e f] g
    level 2                   [abc def g]
    the merged answer         abcdefg

A level joins neighbours only, so the order of the source is kept. Each level has fewer answers
than the one before, or there is no further level: the tree always ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prompts.frame import source, user_message
from prompts.library import Prompt, Recipe
from tasks.core.capacity import prompt_tokens_at_most
from tasks.core.documents import Answer
from tasks.core.errors import RecipeError
from tasks.core.requests import InferenceRequest, Message
from tasks.core.tokens import count_tokens

NOTHING_RELEVANT = "NO RELEVANT INFORMATION"
"""What the prompts have a model answer for a part that bears nothing on the question."""

FRAME_TOKENS = 80
"""What the marks and header lines around one partial answer may cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """An answer on its way up the tree; it speaks for the parts `first` to `last` of `total`."""

    text: str
    first: int
    last: int
    total: int
    pages: tuple[int, ...] = ()


Group = tuple[Partial, ...]


def partials(answers: Iterable[Answer]) -> tuple[Partial, ...]:
    """Give the leaves of the tree; parts with nothing relevant are left out by protocol."""
    ordered = sorted(answers, key=lambda answer: answer.chunk.index)
    return tuple(
        Partial(
            text=answer.usable.text,
            first=answer.chunk.index,
            last=answer.chunk.index,
            total=answer.chunk.total,
            pages=answer.chunk.pages,
        )
        for answer in ordered
        if answer.usable is not None and not is_nothing(answer.usable.text)
    )


def is_nothing(text: str) -> bool:
    """Tell whether an answer says, in the agreed words, that it has nothing to say."""
    return text.strip().strip("*_.`").upper() == NOTHING_RELEVANT


def next_level(level: Sequence[Partial], recipe: Recipe, *, window: int) -> tuple[Group, ...]:
    """Group neighbours that fit one request together; a group of one needs no request.

    Empty when the tree is finished: one answer is left, or no two neighbours fit together.
    """
    if len(level) < 2:
        return ()
    room = _room_tokens(recipe, window)
    groups: list[list[Partial]] = []
    used = 0
    for partial in level:
        cost = count_tokens(partial.text) + FRAME_TOKENS
        if groups and used + cost <= room:
            groups[-1].append(partial)
            used += cost
        else:
            groups.append([partial])
            used = cost
    return tuple(map(tuple, groups)) if len(groups) < len(level) else ()


def reduce_request(group: Group, recipe: Recipe) -> InferenceRequest:
    """Give the request that merges a group of answers."""
    prompt = _prompt(recipe)
    pieces = [source(partial.text, _headers(partial)) for partial in group]
    return InferenceRequest(
        model=recipe.model,
        system_prompt=prompt.system,
        messages=(*prompt.examples, Message("user", user_message(*pieces))),
        max_tokens=prompt.max_tokens,
        temperature=prompt.temperature,
        top_p=prompt.top_p,
        seed=prompt.seed,
    )


def merged(group: Group, text: str) -> Partial:
    """Give the answer to a group's request the place of the group."""
    pages = {page for partial in group for page in partial.pages}
    return Partial(
        text=text,
        first=group[0].first,
        last=group[-1].last,
        total=group[0].total,
        pages=tuple(sorted(pages)),
    )


def _room_tokens(recipe: Recipe, window: int) -> int:
    prompt = _prompt(recipe)
    fixed = count_tokens(prompt.system) + sum(count_tokens(m.content) for m in prompt.examples)
    room = prompt_tokens_at_most(window=window, max_tokens=prompt.max_tokens)
    return room - fixed - FRAME_TOKENS


def _prompt(recipe: Recipe) -> Prompt:
    if recipe.reduce is None:
        raise RecipeError(f"recipe {recipe.name} merges by reduce but has no reduce.prompt")
    return recipe.reduce


def _headers(partial: Partial) -> dict[str, str]:
    parts = (
        str(partial.first) if partial.first == partial.last else f"{partial.first}-{partial.last}"
    )
    headers = {"part": f"{parts} of {partial.total}"}
    if partial.pages:
        headers["pages"] = f"{partial.pages[0]}-{partial.pages[-1]}"
    return headers
