r"""From a document to atoms: the smallest stretches that a plan keeps whole.

    text   # Fees\n\nRent is due. Interest runs.\n\n| Year | Rent |\n|---|---|\n| 1 | 900 |
    atoms  [heading + paragraph                 ][table                                     ]

Atoms partition the text; each starts with a visible character that is sent, so whatever is white
space or set apart belongs to the atom before it. A block is an atom while it is small beside a
chunk; only what is larger is cut into sentences or table rows, and counted again.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tasks.chunk.boundaries import (
    Rank,
    block_rank,
    header_end,
    line_starts,
    row_starts,
    runs_on,
    sentence_starts,
    slices,
)
from tasks.chunk.sending import visible
from tasks.chunk.tally import Tally
from tasks.core.documents import Block, BlockKind, Document
from tasks.core.spans import Span, touched

WISHED_IN_WHOLE_BLOCKS = 2
"""Where a recipe wishes for a size, a block of up to one such part of a chunk is kept whole: that
may take more chunks, and cuts fall between blocks."""

FILLED_IN_WHOLE_BLOCKS = 10
"""Where the window sets the size, a block of up to one such part is kept whole: chunks fill it."""

SLICES = 8
"""An unbroken stretch is cut into slices of about such a part of a chunk."""

SLICE_CHARS = 4_000
"""Longest slice of an unbroken stretch; tiktoken slows down on long ones."""

_GAP = re.compile(r"\n\n")

Starts = Callable[[str, int, int], Iterable[int]]

_FINER: tuple[tuple[Rank, Starts], ...] = (
    (Rank.SENTENCE, sentence_starts),
    (Rank.LINE, line_starts),
)


class Atom(NamedTuple):
    """A stretch `[start, stop)` up to the next atom; its visible text ends at `end`.

    `rank` says how good the place before it is to cut at. `adds` as in `Cost`. `sticks` means that
    it belongs with what follows, as a heading does. `table` is one with all its rows; `row` is a
    table row, cut only when it fits nowhere.
    """

    start: int
    end: int
    stop: int
    tokens: int
    rank: int
    adds: bool = False
    sticks: bool = False
    table: bool = False
    row: bool = False


def read_atoms(document: Document, tally: Tally, within: Span | None = None) -> tuple[Atom, ...]:
    """Take each block of a document, or of a span of it, as an atom, and count it.

    Where there is no visible text, there is no atom.
    """
    span = within or Span(0, len(document.text))
    parts = [*_parts(document, span)]
    stops = [*(start for start, _, _ in parts[1:]), span.end]
    return tuple(_atom(tally, *part, stop) for part, stop in zip(parts, stops, strict=False))


def fit_atoms(
    tally: Tally, atoms: Sequence[Atom], *, capacity: int, limit: int
) -> tuple[Atom, ...]:
    """Cut what is too large until every atom costs at most `limit`, and join what belongs together.

    A table row may fill the whole `capacity`, beyond the `limit` that a recipe wishes for; `costs`
    then counts it as `limit`, so that it stays alone.
    """
    whole = limit // (WISHED_IN_WHOLE_BLOCKS if limit < capacity else FILLED_IN_WHOLE_BLOCKS)
    fine: list[Atom] = []
    for atom in atoms:
        if atom.tokens <= (limit if atom.sticks else whole):
            fine.append(atom)
            continue
        for part in open_atom(tally, atom):
            fine += _refined(tally, part, capacity if part.row else limit)
    return tuple(_stuck_together(fine, capacity=capacity, limit=limit))


def open_atom(tally: Tally, atom: Atom) -> Iterator[Atom]:
    """Cut an atom into its rows, if it is a table, or else into its sentences, and count each."""
    starts = row_starts if atom.table else sentence_starts
    rank = Rank.ROW if atom.table else Rank.SENTENCE
    inner = [(at, rank) for at in starts(tally.text, atom.start, atom.end)]
    if not atom.table:
        yield from _pieces(tally, atom, inner)
        return
    body = header_end(tally.text, atom.start, atom.end)
    for row in _pieces(tally, atom._replace(table=False, row=True), inner):
        yield row._replace(sticks=True) if row.start < body < atom.end else row


def costs(atoms: Iterable[Atom], limit: int) -> list[int]:
    """Give what each atom counts for in a chunk of at most `limit` tokens."""
    return [min(atom.tokens, limit) for atom in atoms]


def _capped(atom: Atom, most: int) -> Atom:
    return atom if atom.tokens <= most else atom._replace(tokens=most, adds=False)


def _parts(document: Document, span: Span) -> Iterator[tuple[int, int, Block | None]]:
    """Give each stretch of a span that is sent and visible, without white space around it."""
    text, at = document.text, span.start
    for block in touched(document.blocks, span.start, span.end):
        yield from _uncovered(text, at, block.start)
        at = min(block.end, span.end)
        if block.set_apart is None:
            first, last = visible(text, max(block.start, span.start), at)
            if first < last:
                yield first, last, block
    yield from _uncovered(text, at, span.end)


def _uncovered(text: str, start: int, end: int) -> Iterable[tuple[int, int, None]]:
    """Take text that no block covers paragraph by paragraph."""
    if start >= end or text[start:end].isspace():
        return ()
    gaps = (gap.end() for gap in _GAP.finditer(text, start, end))
    spans = (visible(text, a, b) for a, b in pairwise((start, *gaps, end)))
    return [(first, last, None) for first, last in spans if first < last]


def _atom(tally: Tally, start: int, end: int, block: Block | None, stop: int) -> Atom:
    """Make a block an atom; one that goes on after a page break is no place to cut before."""
    kind = BlockKind.PARAGRAPH if block is None else block.kind
    rank = block_rank(block)
    if kind is BlockKind.PARAGRAPH and runs_on(tally.text, start, end):
        rank = min(rank, Rank.SENTENCE)
    tokens, adds = tally.cost(start, stop)
    return Atom(
        start=start,
        end=end,
        stop=stop,
        tokens=tokens,
        rank=rank,
        adds=adds,
        sticks=kind is BlockKind.HEADING,
        table=kind is BlockKind.TABLE,
    )


def _refined(tally: Tally, atom: Atom, most: int) -> Iterator[Atom]:
    """Cut an atom that is over `most` tokens at ever lesser boundaries."""
    if atom.tokens <= most or tally.tokens(atom.start, atom.end) <= most:
        yield _capped(atom, most)
        return
    inner: list[tuple[int, int]] = []
    for rank, starts in _FINER:
        inner = inner or [(at, rank) for at in starts(tally.text, atom.start, atom.end)]
    if not inner:
        wished = (atom.end - atom.start) * most // (SLICES * atom.tokens)
        chars = max(1, min(wished, SLICE_CHARS))
        inner = [*slices(tally.text, atom.start, atom.end, chars=chars)]
    if not inner:
        yield _capped(atom, most)
        return
    for piece in _pieces(tally, atom, inner):
        yield from _refined(tally, piece, most)


def _pieces(tally: Tally, atom: Atom, inner: Sequence[tuple[int, int]]) -> Iterator[Atom]:
    """Cut an atom at the given places and count the pieces; only the last may stick."""
    edges = [(atom.start, atom.rank), *inner, (atom.stop, 0)]
    for (start, rank), (stop, _) in pairwise(edges):
        last = stop == atom.stop
        tokens, adds = tally.cost(start, stop)
        yield atom._replace(
            start=start,
            end=atom.end if last else visible(tally.text, start, stop).end,
            stop=stop,
            tokens=tokens,
            rank=rank,
            adds=adds,
            sticks=atom.sticks and last,
        )


def _stuck_together(atoms: Sequence[Atom], *, capacity: int, limit: int) -> Iterator[Atom]:
    """Join each atom that sticks with the next one, as far as they fit together."""
    held: Atom | None = None
    for atom in atoms:
        joined = atom
        if held is not None:
            if held.tokens <= limit // 2 and held.tokens + atom.tokens <= capacity:
                joined = held._replace(
                    end=atom.end,
                    stop=atom.stop,
                    tokens=held.tokens + atom.tokens,
                    adds=held.adds and atom.adds,
                    sticks=atom.sticks,
                )
            else:
                yield held
        held = joined if joined.sticks else None
        if held is None:
            yield joined
    if held is not None:
        yield held
