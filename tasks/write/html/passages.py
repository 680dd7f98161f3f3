"""The source's side of the reader: its text, the cited passages marked.

It stands page by page, else by its numbered paragraphs. A table is drawn as one, unless a page ends
within it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain, pairwise
from operator import itemgetter

from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.outputs import Citation, CitationStatus
from tasks.core.paragraphs import Paragraph
from tasks.core.spans import Span
from tasks.write.clean import clean
from tasks.write.html.source_tables import CELL, Cut, table_cuts

_SHORTEST_LINE = 45
_LAST_OF_A_LINE = "0123456789.:;!?|"
_PIECE = 3000
"""Characters of a section where the source has nothing numbered: few enough to lay out at once."""


Numbered = tuple[int, Citation]
"""A citation with its number in the output, from 1."""


def source_html(document: Document, citations: Sequence[Numbered], *, prefix: str = "") -> str:
    """Give the source as sections that a browser lays out only when they come into view.

    `prefix` begins the names of its pages, where there are several sources.
    """
    sections = list(_sections(document))
    manners = _manners(document, [span.start for _, span in sections])
    marks = _marks(document, citations, manners)
    cuts = _cuts(manners, marks)
    return "".join(_section(document, where, cuts, marks, prefix) for where in sections)


def _sections(document: Document) -> Iterator[tuple[int | None, Span]]:
    """Give the places, or pieces that end with a block, so that every character is in one."""
    length = len(document.text)
    places: Sequence[Page | Paragraph] = document.places
    if places:
        starts = [0, *(place.start for place in places[1:]), length]
        for place, (start, end) in zip(places, pairwise(starts), strict=True):
            yield place.number, Span(start, end)
        return
    start = 0
    ends = [block.end for block in document.blocks] or [length]
    for end in (*ends, length):
        if end - start >= _PIECE or (end == length and start < length):
            yield None, Span(start, end)
            start = end


Mark = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Marks:
    """The passages that were found, as (start, end, number), in order; `longest` in characters."""

    passages: Sequence[Mark]
    longest: int

    def within(self, span: Span) -> list[Mark]:
        """Give the passages that touch a span."""
        first = bisect_left(self.passages, span.start - self.longest, key=itemgetter(0))
        last = bisect_left(self.passages, span.end, key=itemgetter(0))
        return [mark for mark in self.passages[first:last] if mark[1] > span.start]


def _marks(document: Document, citations: Sequence[Numbered], manners: Sequence[Cut]) -> _Marks:
    """Give the passages; one that begins between two cells of a table begins with the next."""
    length = len(document.text)
    found = [
        (_drawn_from(c.start, manners), min(c.end, length), number)
        for number, c in citations
        if c.start is not None and c.end is not None and c.start >= 0
        if c.status is not CitationStatus.NOT_FOUND
    ]
    passages = sorted(mark for mark in found if mark[0] < mark[1])
    return _Marks(passages, max((end - start for start, end, _ in passages), default=0))


def _drawn_from(offset: int, manners: Sequence[Cut]) -> int:
    """Give the first offset from one on whose text is shown, and not drawn as a table's lines."""
    here = _last_by(offset, manners)
    last = here + 1 == len(manners)
    return manners[here + 1][0] if _is_markup(manners[here][1]) and not last else offset


def _manners(document: Document, breaks: Sequence[int]) -> list[Cut]:
    """Give where the manner of the text changes: each place once, in order, with its manner."""
    manners: dict[int, str] = {0: ""}
    for block in document.blocks:
        manners.update(_of_block(document, block, breaks))
        manners.setdefault(block.end, "")
    return sorted(manners.items())


def _of_block(document: Document, block: Block, breaks: Sequence[int]) -> Sequence[Cut]:
    is_whole = bisect_right(breaks, block.start) == bisect_left(breaks, block.end)
    if block.kind is BlockKind.TABLE and block.set_apart is None and is_whole:
        cuts = table_cuts(document.text_of(block), block.start)
        if cuts:
            return cuts
    kind = "apart" if block.set_apart else "head" if block.kind is BlockKind.HEADING else ""
    return [(block.start, kind)]


def _cuts(manners: Sequence[Cut], marks: _Marks) -> list[Cut]:
    """Add to the manners the places where passages begin and end, but none within markup."""
    known = {at for at, _ in manners}
    places = {p for s, e, _ in marks.passages for p in (s, e)} - known
    added = ((place, manners[_last_by(place, manners)][1]) for place in places)
    return sorted([*manners, *(cut for cut in added if not _is_markup(cut[1]))])


def _last_by(offset: int, manners: Sequence[Cut]) -> int:
    """Give the index of the manner that holds at an offset."""
    return bisect_right(manners, offset, key=itemgetter(0)) - 1


def _is_markup(manner: str) -> bool:
    return manner.startswith("<")


def _section(
    document: Document,
    where: tuple[int | None, Span],
    cuts: Sequence[Cut],
    marks: _Marks,
    prefix: str,
) -> str:
    """Write a section: its number and its text."""
    number, span = where
    sign = "Page" if document.pages else "¶"
    name = f' id="{prefix}p{number}" data-page="{sign} {number}"' if number else ""
    here = marks.within(span)
    first = bisect_left(cuts, (span.start, ""))
    inner: list[Cut] = []
    if first == len(cuts) or cuts[first][0] != span.start:
        inner.append((span.start, cuts[first - 1][1] if first else ""))
    inner += cuts[first : bisect_left(cuts, (span.end, ""))]
    ends = [*(at for at, _ in inner[1:]), span.end]
    text = "".join(
        _piece(document.text[at:end], manner, [m for m in here if m[0] <= at and m[1] >= end], at)
        for (at, manner), end in zip(inner, ends, strict=True)
    )
    return f"<section{name}>{text}</section>"


def _piece(text: str, manner: str, marks: Sequence[Mark], at: int) -> str:
    """Write a run of text of one manner, marked for the citations that it bears out."""
    if _is_markup(manner):
        return manner
    shown = escape(_flowing(clean(text)))
    if manner == CELL:
        shown = shown.replace("\\|", "|")
    elif manner:
        shown = f'<span class="{manner}">{shown}</span>'
    if marks and text:
        numbers = " ".join(str(number) for _, _, number in marks)
        names = "".join(f'<a id="s{n}"></a>' for start, _, n in marks if start == at)
        shown = f'{names}<mark data-cites="{numbers}">{shown}</mark>'
    return shown


def _flowing(text: str) -> str:
    """Join the lines of a paragraph: of paragraphs a PDF tells no more than their lines."""
    lines = text.split("\n")
    joints = (" " if _goes_on(a, b) else "\n" for a, b in pairwise(lines))
    return "".join(chain.from_iterable(zip(lines, [*joints, ""], strict=True)))


def _goes_on(line: str, following: str) -> bool:
    """Say whether a line is so long, and ends so, that the next one is of the same paragraph."""
    return (
        len(line) >= _SHORTEST_LINE
        and line[-1] not in _LAST_OF_A_LINE
        and not following.startswith(("|", " "))
        and following != ""
    )
