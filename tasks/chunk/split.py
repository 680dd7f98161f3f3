"""Smaller chunks in the place of one whose answer was cut short, or that was refused."""

from dataclasses import replace

from prompts.library import Recipe
from tasks.chunk.assemble import assemble, divide, frame_tokens, overshoot
from tasks.chunk.balance import chunk_starts
from tasks.chunk.request import message_capacity
from tasks.chunk.splitter import costs, fit_atoms, read_atoms
from tasks.chunk.surroundings import Allowance
from tasks.chunk.tally import tally
from tasks.core.answers import Chunk
from tasks.core.capacity import Window
from tasks.core.documents import Document
from tasks.core.spans import Span

FLOOR_TOKENS = 200
"""A chunk of less than twice this is not split: it is hardly its length that troubles the model."""

SPLITS_AT_MOST = 4
"""How often in a row a chunk is split: each time, its whole text is paid for once more."""


def split_chunk(
    document: Document,
    chunk: Chunk,
    recipe: Recipe,
    *,
    window: Window,
    splits_at_most: int = SPLITS_AT_MOST,
) -> tuple[Chunk, ...]:
    """Partition a chunk into halves at the best boundary, or into thirds where no half fits.

    None when the chunk is at its floor: too small, split often enough, or without a place to cut.
    """
    if chunk.tokens < 2 * FLOOR_TOKENS or len(chunk.pieces) >= splits_at_most:
        return ()
    span = Span(chunk.start, chunk.end)
    text = tally(document)
    atoms = read_atoms(document, text, span)
    half = -(-sum(atom.tokens for atom in atoms) * 11 // 20)  # with a tenth more to choose a place
    fitted = fit_atoms(text, atoms, capacity=half, limit=half)
    firsts = chunk_starts(costs(fitted, half), [a.rank for a in fitted], half)
    if len(firsts) < 2:
        return ()
    most = message_capacity(recipe.map, window)
    allowance, _ = divide(document, text, recipe, most - frame_tokens(chunk.document))
    parts = assemble(document, text, fitted, firsts, allowance, within=span, name=chunk.document)
    if overshoot(document, parts, most=most, allowance=allowance):
        parts = assemble(
            document, text, fitted, firsts, Allowance(), within=span, name=chunk.document
        )
    return tuple(_piece(chunk, part) for part in parts)


def _piece(chunk: Chunk, part: Chunk) -> Chunk:
    """Give a part the place of its chunk; the first one keeps what travels with the chunk."""
    first = part.start == chunk.start
    return replace(
        part,
        index=chunk.index,
        total=chunk.total,
        pieces=(*chunk.pieces, part.index),
        headings=chunk.headings if first else part.headings,
        context=chunk.context if first else part.context,
    )
