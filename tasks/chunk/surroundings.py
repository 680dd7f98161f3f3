"""What travels with a chunk from outside it: the headings above, a table's header, what precedes.

It must fit into tokens that the plan sets aside, since it is known only once the cuts are made.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.chunk.boundaries import DEEPEST_HEADING, Rank, header_end
from tasks.chunk.sending import shorten_space, visible
from tasks.chunk.splitter import Atom, open_atom
from tasks.chunk.tally import Tally
from tasks.core.documents import Block, BlockKind, Document
from tasks.core.spans import Span, union
from tasks.core.tokens import count_tokens

HEADING_CHARS = 100
PATH_CHARS = 200
PATH_SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Allowance:
    """Tokens set aside in every chunk for what travels with it; `preceding` is for text before."""

    path: int = 0
    context: int = 0
    preceding: int = 0


@dataclass(frozen=True, slots=True)
class _Table:
    header: Span
    end: int


def table_header_tokens(document: Document) -> int:
    """Count the largest table header, which a cut table's later chunks repeat."""
    return max((_count(document, table.header) for table in _tables(document)), default=0)


def heading_paths(
    document: Document, starts: Sequence[int], allowance: Allowance
) -> tuple[tuple[str, ...], ...]:
    """Give the headings above each of the places, outermost first, as many as may travel."""
    headings = [b for b in document.blocks if b.kind is BlockKind.HEADING and not b.set_apart]
    above: list[tuple[int, str]] = []
    paths = []
    index = 0
    for start in starts:
        while index < len(headings) and headings[index].start < start:
            block = headings[index]
            above = [*_outside(above, block), (_depth(block), _title(document, block))]
            index += 1
        here = index < len(headings) and headings[index].start == start
        inner = _outside(above, headings[index]) if here else above
        paths.append(_shortened([title for _, title in inner], allowance.path))
    return tuple(paths)


def contexts(
    document: Document,
    tally: Tally,
    atoms: Sequence[Atom],
    firsts: Sequence[int],
    allowance: Allowance,
) -> tuple[tuple[Span, ...], ...]:
    """Give the spans that travel with each chunk; `firsts` are the chunks' first atoms."""
    if not allowance.context:
        return ((),) * len(firsts)
    tables = _tables(document)
    found = []
    for first in firsts:
        header = _header_of_cut(tables, atoms[first].start)
        tokens = _count(document, header) if header else 0
        if header is None or tokens > allowance.context:
            header, tokens = None, 0
        most = min(allowance.preceding, allowance.context - tokens)
        spans = (header, _preceding(tally, atoms, first, most) if most else None)
        found.append(union(span for span in spans if span))
    return tuple(found)


def _tables(document: Document) -> list[_Table]:
    """List the tables that are sent, in order."""
    text = document.text
    blocks = (b for b in document.blocks if b.kind is BlockKind.TABLE and not b.set_apart)
    spans = (visible(text, block.start, block.end) for block in blocks)
    return [_Table(Span(a, header_end(text, a, b)), b) for a, b in spans if a < b]


def _header_of_cut(tables: Sequence[_Table], at: int) -> Span | None:
    """Give the header of the table that a place cuts, if it cuts one below its header."""
    index = bisect_left(tables, at, key=lambda table: table.header.start) - 1
    if index < 0 or not tables[index].header.end <= at < tables[index].end:
        return None
    return tables[index].header


def _preceding(tally: Tally, atoms: Sequence[Atom], first: int, most: int) -> Span | None:
    """Give whole sentences before an atom, from a paragraph's start if that leaves half of them."""
    atoms = _last_sentences(tally, (atoms[n] for n in range(first - 1, -1, -1)), most)
    left = total = sum(atom.tokens for atom in atoms)
    sentence = None
    for atom in atoms:
        if atom.rank >= Rank.LIST_ITEM and left * 2 >= total:
            return Span(atom.start, atoms[-1].stop)
        if sentence is None and atom.rank >= Rank.SENTENCE:
            sentence = atom
        left -= atom.tokens
    return None if sentence is None else Span(sentence.start, atoms[-1].stop)


def _last_sentences(tally: Tally, backwards: Iterable[Atom], most: int) -> list[Atom]:
    """Give the last atoms of at most so many tokens, with the last sentences of the one beyond."""
    found: list[Atom] = []
    for atom in backwards:
        fits = atom.tokens <= most
        for part in [atom] if fits else reversed([*open_atom(tally, atom)]):
            if part.tokens > most:
                return found[::-1]
            found.append(part)
            most -= part.tokens
    return found[::-1]


def _outside(above: Sequence[tuple[int, str]], block: Block) -> list[tuple[int, str]]:
    return [(depth, title) for depth, title in above if depth < _depth(block)]


def _depth(block: Block) -> int:
    return block.level or DEEPEST_HEADING


def _title(document: Document, block: Block) -> str:
    title = " ".join(document.text[block.start : block.end][: 4 * HEADING_CHARS].split())
    return title if len(title) <= HEADING_CHARS else f"{title[: HEADING_CHARS - 1]}…"


def _shortened(titles: Sequence[str], most: int) -> tuple[str, ...]:
    """Drop the outermost headings until the path may travel."""
    for first in range(len(titles)):
        path = PATH_SEPARATOR.join(titles[first:])
        if len(path) <= PATH_CHARS and count_tokens(path) <= most:
            return tuple(titles[first:])
    return ()


def _count(document: Document, span: Span) -> int:
    return count_tokens(shorten_space(document.text[span.start : span.end]))
