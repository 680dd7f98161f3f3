r"""From a document to atoms: the smallest stretches that a plan keeps whole.

    text   # Fees\n\nRent is due. Interest runs.\n\n| Year | Rent |\n|---|---|\n| 1 | 900 |
    atoms  [heading + first sentence][sentence        ][header + first row                    ]

Atoms partition the text; each starts with a visible character that is sent, so whatever is white
space or set apart belongs to the atom before it. Each is counted once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

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
from tasks.chunk.sending import sent_spans, shorten_space, visible
from tasks.core.documents import Block, BlockKind, Document
from tasks.core.spans import Span
from tasks.core.tokens import count_tokens

MARK_TOKENS = 10
"""What a mark costs at most, with what it parts."""

SLICE_CHARS = 4_000
"""Longest slice of an unbroken stretch; tiktoken slows down on long ones."""

Starts = Callable[[str, int, int], Iterable[int]]

_FINER: tuple[tuple[Rank, Starts], ...] = (
    (Rank.SENTENCE, sentence_starts),
    (Rank.LINE, line_starts),
)


@dataclass(frozen=True, slots=True)
class Atom:
    """A stretch from `start` to the next atom; its visible text ends at `end`.

    `rank` says how good the place before it is to cut at. `sticks` means that it belongs with
    what follows, as a heading does; `row` that it is a table row, cut only when it fits nowhere.
    """

    start: int
    end: int
    tokens: int
    rank: int
    sticks: bool = False
    row: bool = False


def read_atoms(document: Document, within: Span | None = None) -> tuple[Atom, ...]:
    """Cut a document, or a span of it, into sentences and table rows and count each.

    Where there is no visible text, there is no atom.
    """
    span = within or Span(0, len(document.text))
    rough = [atom for part in _parts(document, span) for atom in _cut_part(document.text, *part)]
    return _counted(document, rough, span.end)


def fit_atoms(
    document: Document, atoms: Sequence[Atom], *, capacity: int, limit: int
) -> tuple[Atom, ...]:
    """Cut what is too large until every atom costs at most `limit`, and join what belongs together.

    A table row may fill the whole `capacity`, beyond the `limit` that a recipe wishes for; `costs`
    then counts it as `limit`, so that it stays alone.
    """
    fine = [
        part
        for atom in atoms
        for part in _refined(document.text, atom, capacity if atom.row else limit)
    ]
    return tuple(_stuck_together(fine, capacity=capacity, limit=limit))


def costs(atoms: Iterable[Atom], limit: int) -> list[int]:
    """Give what each atom counts for in a chunk of at most `limit` tokens."""
    return [min(atom.tokens, limit) for atom in atoms]


def _capped(atom: Atom, most: int) -> Atom:
    return atom if atom.tokens <= most else replace(atom, tokens=most)


def _parts(document: Document, span: Span) -> Iterator[tuple[int, int, Block | None]]:
    """Give each stretch of a span that is sent and visible, without white space around it."""
    at = span.start
    for block in document.blocks:
        if block.end <= span.start or block.start >= span.end:
            continue
        yield from _uncovered(document.text, at, block.start)
        at = min(block.end, span.end)
        if block.set_apart is None:
            yield from _trimmed(document.text, max(block.start, span.start), at, block)
    yield from _uncovered(document.text, at, span.end)


def _uncovered(text: str, start: int, end: int) -> Iterator[tuple[int, int, Block | None]]:
    """Take text that no block covers paragraph by paragraph."""
    while start < end:
        gap = text.find("\n\n", start, end)
        stop = end if gap < 0 else gap + 2
        yield from _trimmed(text, start, stop, None)
        start = stop


def _trimmed(
    text: str, start: int, end: int, block: Block | None
) -> Iterator[tuple[int, int, Block | None]]:
    first, last = visible(text, start, end)
    if first < last:
        yield first, last, block


def _cut_part(text: str, start: int, end: int, block: Block | None) -> Iterator[Atom]:
    """Cut a block at its rows or sentences, not counted yet."""
    kind = BlockKind.PARAGRAPH if block is None else block.kind
    table, heading = kind is BlockKind.TABLE, kind is BlockKind.HEADING
    inner = Rank.ROW if table else Rank.SENTENCE
    outer = block_rank(block)
    if kind is BlockKind.PARAGRAPH and runs_on(text, start, end):
        outer = min(outer, inner)
    finer = row_starts if table else sentence_starts
    body = header_end(text, start, end) if table else start
    edges = (start, *(() if heading else finer(text, start, end)), end)
    for low, high in pairwise(edges):
        yield Atom(
            start=low,
            end=visible(text, low, high).end,
            tokens=0,
            rank=outer if low == start else inner,
            sticks=heading or (low < body < end),
            row=table,
        )


def _counted(document: Document, atoms: Sequence[Atom], stop: int) -> tuple[Atom, ...]:
    """Count each atom up to the next one, and add the marks that fall into it."""
    text = document.text
    marks = _marks_in(document, atoms)
    hidden = _next_to_hidden(document, atoms)
    counted = []
    for index, atom in enumerate(atoms):
        end = atoms[index + 1].start if index + 1 < len(atoms) else stop
        if index in hidden:
            spans = sent_spans(document, atom.start, end)
            tokens = count_tokens(shorten_space("".join(text[a:b] for a, b in spans)))
        else:
            tokens = _count(text, atom.start, end)
        tokens += MARK_TOKENS * marks.get(index, 0)
        counted.append(replace(atom, tokens=max(tokens, 1)))
    return tuple(counted)


def _count(text: str, start: int, end: int) -> int:
    """Count a stretch as it counts inside the text, where a space belongs to the word after it."""
    first = start - 1 if start and text[start - 1] == " " else start
    last = end - 1 if end < len(text) and text[end - 1] == " " else end
    return count_tokens(shorten_space(text[first:last]))


def _marks_in(document: Document, atoms: Sequence[Atom]) -> dict[int, int]:
    """Count, by index of the atom, the places whose first visible character lies in it."""
    marks: dict[int, int] = {}
    index = 0
    last = -1
    for place in document.places:
        while index < len(atoms) and atoms[index].end <= place.start:
            index += 1
        if index == len(atoms):
            break
        first = max(place.start, atoms[index].start)
        if first < place.end and first > last:
            marks[index] = marks.get(index, 0) + 1
            last = first
    return marks


def _next_to_hidden(document: Document, atoms: Sequence[Atom]) -> frozenset[int]:
    """Give the indexes of atoms that are followed by text that is set apart."""
    found = set()
    index = -1
    for block in document.blocks:
        if block.set_apart is not None:
            while index + 1 < len(atoms) and atoms[index + 1].start < block.start:
                index += 1
            found.add(index)
    return frozenset(found)


def _refined(text: str, atom: Atom, most: int) -> Iterator[Atom]:
    """Cut an atom that is over `most` tokens at ever lesser boundaries."""
    if atom.tokens <= most or _count(text, atom.start, atom.end) <= most:
        yield _capped(atom, most)
        return
    inner: list[tuple[int, int]] = []
    for rank, starts in _FINER:
        inner = inner or [(at, rank) for at in starts(text, atom.start, atom.end)]
    if not inner:
        chars = max(1, min(most // 8, SLICE_CHARS))
        inner = [*slices(text, atom.start, atom.end, chars=chars)]
    if not inner:
        yield _capped(atom, most)
        return
    for piece in _pieces(text, atom, inner):
        yield from _refined(text, piece, most)


def _pieces(text: str, atom: Atom, inner: Sequence[tuple[int, int]]) -> Iterator[Atom]:
    """Cut an atom at the given places and count the pieces; only the last may stick."""
    edges = [(atom.start, atom.rank), *inner, (atom.end, 0)]
    for (start, rank), (end, _) in pairwise(edges):
        yield Atom(
            start=start,
            end=visible(text, start, end).end,
            tokens=max(1, _count(text, start, end)),
            rank=rank,
            sticks=atom.sticks and end == atom.end,
            row=atom.row,
        )


def _stuck_together(atoms: Sequence[Atom], *, capacity: int, limit: int) -> Iterator[Atom]:
    """Join each atom that sticks with the next one, as far as they fit together."""
    held: Atom | None = None
    for atom in atoms:
        joined = atom
        if held is not None:
            if held.tokens <= limit // 2 and held.tokens + atom.tokens <= capacity:
                joined = replace(
                    held, end=atom.end, tokens=held.tokens + atom.tokens, sticks=atom.sticks
                )
            else:
                yield held
        held = joined if joined.sticks else None
        if held is None:
            yield joined
    if held is not None:
        yield held
