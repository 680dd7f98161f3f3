"""The plan of a document: its chunks, each of which fits one request as it will be sent.

The sum of the atoms' tokens proposes the cuts. Between lines and words that sum is what they have
together; a chunk that was cut elsewhere is counted as it is sent, and so is every message that
comes near its bound. Where one is over after all, the plan is made again for less.
"""

from prompts.library import Recipe
from tasks.chunk.assemble import assemble, divide, frame_tokens, overshoot
from tasks.chunk.balance import chunk_starts
from tasks.chunk.request import message_capacity
from tasks.chunk.splitter import costs, fit_atoms, read_atoms
from tasks.chunk.surroundings import Allowance
from tasks.chunk.tally import tally
from tasks.core.answers import Chunk
from tasks.core.capacity import SMALLEST_CAPACITY_TOKENS, Window
from tasks.core.documents import Document
from tasks.core.errors import ConfigError

STEP_DOWN = 0.95
"""When a plan is over, the next aims at most at this share, so that planning ends."""

ANSWER_SHARE = 0.5
"""Share of `maxTokens` that an answer may count on; the model's thoughts take the rest."""


def plan_chunks(
    document: Document, recipe: Recipe, *, window: Window, name: str = ""
) -> tuple[Chunk, ...]:
    """Cut a document into the fewest chunks that fit, balanced, at the best boundaries.

    Where the recipe wishes for a size, blocks that are small beside it stay whole first. The chunks
    partition the text. A document without text to send has none. `name` is what its chunks call it
    where several are asked of together. ConfigError when the window leaves hardly any room for
    text.
    """
    most = message_capacity(recipe.map, window)
    room = most - frame_tokens(name)
    if room < SMALLEST_CAPACITY_TOKENS:
        raise _too_small(window, recipe)
    text = tally(document)
    atoms = read_atoms(document, text)
    if not atoms:
        return ()
    target = target_tokens(recipe, room)
    if sum(atom.tokens for atom in atoms) <= min(room, target):
        alone = Allowance()
        whole = assemble(document, text, atoms, (0,), alone, name=name)
        if not overshoot(document, whole, most=most, allowance=alone):
            return whole
    allowance, capacity = divide(document, text, recipe, room)
    while capacity > 0:
        limit = min(capacity, target)
        fitted = fit_atoms(text, atoms, capacity=capacity, limit=limit)
        firsts = chunk_starts(costs(fitted, limit), [a.rank for a in fitted], limit)
        chunks = assemble(document, text, fitted, firsts, allowance, name=name)
        over = overshoot(document, chunks, most=most, allowance=allowance)
        if not over:
            return chunks
        capacity = min(capacity - over, int(capacity * STEP_DOWN))
    raise _too_small(window, recipe)


def target_tokens(recipe: Recipe, room: int) -> int:
    """Give the tokens that a chunk should have at most, by what fits and by what may come out."""
    target = recipe.chunk_target or room
    if recipe.chunk_growth is None:
        return target
    return max(1, min(target, int(recipe.map.max_tokens * ANSWER_SHARE / recipe.chunk_growth)))


def _too_small(window: Window, recipe: Recipe) -> ConfigError:
    return ConfigError(
        f"a window of {window.tokens} tokens leaves hardly any room for text beside the prompt of "
        f"recipe {recipe.name} and {recipe.map.max_tokens} tokens for the answer: choose a larger "
        "window, or a smaller maxTokens in the recipe's config"
    )
