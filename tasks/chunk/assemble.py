"""Chunks from the atoms that they start at, with what travels with each, counted as sent."""

from collections.abc import Sequence
from itertools import pairwise

from prompts.frame import context, source, user_message
from prompts.library import Recipe
from tasks.chunk.request import user_text
from tasks.chunk.sending import sent_text
from tasks.chunk.splitter import Atom
from tasks.chunk.surroundings import Allowance, contexts, heading_paths, table_header_tokens
from tasks.chunk.tally import Tally
from tasks.core.answers import Chunk
from tasks.core.documents import Document
from tasks.core.spans import Span
from tasks.core.tokens import count_tokens

PATH_TOKENS = 64
"""Set aside for the heading path of a chunk."""

FENCE_TOKENS = 64
"""More than the marks around a text can vary by, which hold digits of its hash."""


def frame_tokens(name: str = "") -> int:
    """Count an empty frame, with room for long numbers in its part header."""
    headers = {"document": name, "part": "999999 of 999999", "section": "x"}
    return count_tokens(user_message(source("", headers)))


def divide(document: Document, tally: Tally, recipe: Recipe, room: int) -> tuple[Allowance, int]:
    """Divide the room: what travels with a chunk, at most half in all, and the chunk's own text."""
    room -= tally.mark  # a chunk that starts within a page names it once more
    path = min(PATH_TOKENS, room // 8)
    fence = count_tokens(context(""))
    wanted = recipe.chunk_context + table_header_tokens(document)
    around = min(wanted, room // 3 - fence)
    if around <= 0:
        return Allowance(path=path), room - path
    preceding = min(recipe.chunk_context, around)
    return Allowance(path=path, context=around, preceding=preceding), room - path - around - fence


def assemble(
    document: Document,
    tally: Tally,
    atoms: Sequence[Atom],
    firsts: Sequence[int],
    allowance: Allowance,
    *,
    within: Span | None = None,
    name: str = "",
) -> tuple[Chunk, ...]:
    """Make the chunks that start at the given atoms and partition the span, else the document.

    The first one takes in what is before its atom. `name` is the document's where several are asked
    of together.
    """
    span = within or Span(0, len(document.text))
    starts = [span.start, *(atoms[first].start for first in firsts[1:])]
    ends = [*starts[1:], span.end]
    visible = [atoms[first].start for first in firsts]
    paths = heading_paths(document, visible, allowance)
    around = contexts(document, tally, atoms, firsts, allowance)
    runs = [atoms[a:b] for a, b in pairwise((*firsts, len(atoms)))]
    return tuple(
        Chunk(
            index=index + 1,
            total=len(starts),
            start=starts[index],
            end=ends[index],
            tokens=_tokens(document, tally, runs[index], Span(starts[index], ends[index])),
            pages=document.pages_of(starts[index], ends[index]),
            headings=paths[index],
            context=around[index],
            document=name,
        )
        for index in range(len(starts))
    )


def _tokens(document: Document, tally: Tally, atoms: Sequence[Atom], span: Span) -> int:
    """Count a chunk at its most: by its atoms where they add up, else as it is sent."""
    if all(atom.adds for atom in atoms):
        return tally.lead(atoms[0].start, atoms[0].end) + sum(atom.tokens for atom in atoms)
    return count_tokens(sent_text(document, span))


def overshoot(
    document: Document,
    chunks: Sequence[Chunk],
    *,
    most: int,
    allowance: Allowance,
) -> int:
    """Give by how many tokens the largest message is over the most that it may have.

    Each is counted as it will be sent, but for those that are within the bound at their largest.
    """
    # What travels is allowed for without its marks: no more than as much again.
    around = 2 * (allowance.path + allowance.context) + count_tokens(context(""))
    sure = most - frame_tokens(chunks[0].document) - FENCE_TOKENS - around
    near = (chunk for chunk in chunks if chunk.tokens > sure)
    largest = max((count_tokens(user_text(document, chunk)) for chunk in near), default=0)
    return max(largest - most, 0)
