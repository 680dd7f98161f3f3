"""The plan of a document: its chunks, each of which fits one request as it will be sent.

The sum of the atoms' tokens proposes the cuts; the exact count of each whole message then
confirms them. Where a message is over after all, the plan is made again for less.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from prompts.frame import context, source, user_message
from prompts.library import Recipe
from tasks.chunk.balance import chunk_starts
from tasks.chunk.request import message_capacity, user_text
from tasks.chunk.sending import pages_of, sent_text
from tasks.chunk.splitter import Atom, fit_atoms, read_atoms
from tasks.chunk.surroundings import Allowance, contexts, heading_paths, table_header_tokens
from tasks.core.capacity import SMALLEST_CAPACITY_TOKENS
from tasks.core.documents import Chunk, Document
from tasks.core.errors import ConfigError
from tasks.core.tokens import count_tokens

PATH_TOKENS = 64
"""Set aside for the heading path of a chunk."""

STEP_DOWN = 0.95
"""When a plan is over, the next aims at most at this share, so that planning ends."""


def plan_chunks(document: Document, recipe: Recipe, *, window: int) -> tuple[Chunk, ...]:
    """Cut a document into the fewest chunks that fit, balanced, at the best boundaries.

    The chunks partition the text. A document without text to send has none. ConfigError when the
    window, in tokens, leaves hardly any room for text.
    """
    most = message_capacity(recipe.map, window)
    room = most - _frame_tokens()
    if room < SMALLEST_CAPACITY_TOKENS:
        raise _too_small(window, recipe)
    atoms = read_atoms(document)
    if not atoms:
        return ()
    target = recipe.chunk_target or room
    if sum(atom.tokens for atom in atoms) <= min(room, target):
        whole = _chunks(document, atoms[:1], (0,), Allowance())
        if not _overshoot(document, whole, most):
            return _counted(document, whole)
    allowance, capacity = _allowance(document, recipe, room)
    while capacity > 0:
        limit = min(capacity, target)
        fitted = fit_atoms(document, atoms, capacity=capacity, limit=limit)
        firsts = chunk_starts([a.tokens for a in fitted], [a.rank for a in fitted], limit)
        chunks = _chunks(document, fitted, firsts, allowance)
        over = _overshoot(document, chunks, most)
        if not over:
            return _counted(document, chunks)
        capacity = min(capacity - over, int(capacity * STEP_DOWN))
    raise _too_small(window, recipe)


def _frame_tokens() -> int:
    """Count an empty frame, with room for long numbers in its part header."""
    return count_tokens(user_message(source("", {"part": "999999 of 999999", "section": "x"})))


def _allowance(document: Document, recipe: Recipe, room: int) -> tuple[Allowance, int]:
    """Divide the room: what travels with a chunk, at most half in all, and the chunk's own text."""
    path = min(PATH_TOKENS, room // 8)
    fence = count_tokens(context(""))
    wanted = recipe.chunk_context + table_header_tokens(document)
    around = min(wanted, room // 3 - fence)
    if around <= 0:
        return Allowance(path=path), room - path
    preceding = min(recipe.chunk_context, around)
    return Allowance(path=path, context=around, preceding=preceding), room - path - around - fence


def _chunks(
    document: Document, atoms: Sequence[Atom], firsts: Sequence[int], allowance: Allowance
) -> tuple[Chunk, ...]:
    """Make the chunks that start at the given atoms; the first one takes in what is before it."""
    starts = [0, *(atoms[first].start for first in firsts[1:])]
    ends = [*starts[1:], len(document.text)]
    visible = [atoms[first].start for first in firsts]
    paths = heading_paths(document, visible, allowance)
    around = contexts(document, atoms, firsts, allowance)
    return tuple(
        Chunk(
            index=index + 1,
            total=len(starts),
            start=starts[index],
            end=ends[index],
            tokens=0,
            pages=pages_of(document, starts[index], ends[index]),
            headings=paths[index],
            context=around[index],
        )
        for index in range(len(starts))
    )


def _overshoot(document: Document, chunks: Iterable[Chunk], most: int) -> int:
    """Give by how many tokens the largest message is over, counting each as it will be sent."""
    largest = max(count_tokens(user_text(document, chunk)) for chunk in chunks)
    return max(largest - most, 0)


def _counted(document: Document, chunks: Iterable[Chunk]) -> tuple[Chunk, ...]:
    return tuple(
        replace(chunk, tokens=count_tokens(sent_text(document, chunk))) for chunk in chunks
    )


def _too_small(window: int, recipe: Recipe) -> ConfigError:
    return ConfigError(
        f"a window of {window} tokens leaves hardly any room for text beside the prompt of recipe "
        f"{recipe.name} and {recipe.map.max_tokens} tokens for the answer: choose a larger window, "
        "or a smaller maxTokens in the recipe's config"
    )
