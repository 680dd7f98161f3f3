"""Chunks from the atoms that they start at, with what travels with each, counted as sent."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from prompts.frame import context, source, user_message
from prompts.library import Recipe
from tasks.chunk.request import user_text
from tasks.chunk.sending import sent_text
from tasks.chunk.splitter import Atom
from tasks.chunk.surroundings import Allowance, contexts, heading_paths, table_header_tokens
from tasks.chunk.tally import MARK_TOKENS, Tally
from tasks.core.answers import Chunk
from tasks.core.documents import Document
from tasks.core.spans import Span
from tasks.core.tokens import TokenCounts, count_tokens

PATH_TOKENS = 64
"""Set aside for the heading path of a chunk."""


def frame_tokens() -> int:
    """Count an empty frame, with room for long numbers in its part header."""
    return count_tokens(user_message(source("", {"part": "999999 of 999999", "section": "x"})))


def divide(document: Document, recipe: Recipe, room: int) -> tuple[Allowance, int]:
    """Divide the room: what travels with a chunk, at most half in all, and the chunk's own text."""
    if document.places:
        room -= MARK_TOKENS  # a chunk that starts within a page names it once more
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

    The first one takes in what is before its atom. None is counted yet. `name` is the document's
    where several are asked of together.
    """
    span = within or Span(0, len(document.text))
    starts = [span.start, *(atoms[first].start for first in firsts[1:])]
    ends = [*starts[1:], span.end]
    visible = [atoms[first].start for first in firsts]
    paths = heading_paths(document, visible, allowance)
    around = contexts(document, tally, atoms, firsts, allowance)
    return tuple(
        Chunk(
            index=index + 1,
            total=len(starts),
            start=starts[index],
            end=ends[index],
            tokens=0,
            pages=document.pages_of(starts[index], ends[index]),
            headings=paths[index],
            context=around[index],
            document=name,
        )
        for index in range(len(starts))
    )


def overshoot(document: Document, chunks: Iterable[Chunk], counts: TokenCounts, most: int) -> int:
    """Give by how many tokens the largest message is over, counting each as it will be sent."""
    largest = max(counts.of(user_text(document, chunk)) for chunk in chunks)
    return max(largest - most, 0)


def counted(document: Document, chunks: Iterable[Chunk], counts: TokenCounts) -> tuple[Chunk, ...]:
    """Count each chunk's text as it is sent."""
    return tuple(replace(chunk, tokens=counts.of(sent_text(document, chunk))) for chunk in chunks)
