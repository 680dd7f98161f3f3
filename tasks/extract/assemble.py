"""Joining pieces of text to a document whose spans hold.

Readers add blocks in reading order; the assembler puts white space between them, keeps count of
offsets and closes pages. `document.text[block.start:block.end]` is what was added, cleaned.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from tasks.core.documents import Attachment, Block, BlockKind, Box, Document, Doubt, Link, Page
from tasks.core.errors import LimitError
from tasks.extract.characters import clean, cleaning_warnings, is_clean
from tasks.extract.guard import Hidden, hidden_warnings, is_hidden
from tasks.extract.reader import At, Inside, Reader, Request, Stopped

BLOCK_SEPARATOR = "\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a document: a block on its way there; the page turns `turns` times after it."""

    text: str = ""
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None
    set_apart: str | None = None
    separator: str = BLOCK_SEPARATOR
    turns: int = 0
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A part of a document that is no text; several add up.

    `unread` names what of the source holds text, and could not be read.
    """

    metadata: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    unread: tuple[str, ...] = ()


def reader_of_pieces(
    read: Callable[[bytes, Request], Iterator[Piece | Facts | At]],
    unpack: Callable[[bytes, Request], Iterable[Inside]] | None = None,
) -> Reader:
    """Make a reader of a function that gives pieces and facts, and one that gives files inside."""
    return Reader(read=read, build=build_of_pieces, parts=(Piece, Facts), unpack=unpack)


def build_of_pieces(parts: Iterable[object], request: Request) -> Document:
    """Join pieces to a document."""
    out = Assembler(
        max_chars=request.limits.max_output_chars, include_hidden=request.options.hidden_text
    )
    others = list(_added(out, parts))
    facts = [part for part in others if isinstance(part, Facts)]
    stopped = [str(part) for part in others if isinstance(part, Stopped)]
    return out.document(
        digest=request.digest,
        metadata=[pair for fact in facts for pair in fact.metadata],
        warnings=[warning for fact in facts for warning in fact.warnings],
        attachments=[attachment for fact in facts for attachment in fact.attachments],
        unread=[*stopped, *(name for fact in facts for name in fact.unread)],
    )


def _added(out: "Assembler", parts: Iterable[object]) -> Iterator[object]:
    """Add the pieces and give the other parts."""
    for part in parts:
        if not isinstance(part, Piece):
            yield part
            continue
        out.add(
            part.text,
            part.kind,
            level=part.level,
            set_apart=part.set_apart,
            separator=part.separator,
            marks=part.links,
        )
        for _ in range(part.turns):
            out.page_break()


class Assembler:
    """Builds one document from blocks added in reading order.

    A reader with pages calls `page_break` after the blocks of each page, empty pages included; one
    without never calls it. Pages count from 1 and partition the text; a block is of the page that
    it begins on.
    """

    def __init__(self, *, max_chars: int = 200_000_000, include_hidden: bool = False) -> None:
        self._max_chars = max_chars
        self._include_hidden = include_hidden
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._pages: list[Page] = []
        self._links: list[Link] = []
        self._doubts: list[Doubt] = []
        self._page_start = 0
        self._hidden: list[Hidden] = []
        self._cleaned: Counter[str] = Counter()

    @property
    def page(self) -> int:
        """Give the number of the page that is being filled."""
        return len(self._pages) + 1

    def add(  # noqa: PLR0913 the facts of a block, each by its name
        self,
        text: str,
        kind: BlockKind = BlockKind.PARAGRAPH,
        *,
        level: int | None = None,
        set_apart: str | None = None,
        separator: str = BLOCK_SEPARATOR,
        box: Box | None = None,
        continues: bool = False,
        marks: Iterable[Link | Doubt] = (),
    ) -> None:
        """Add a block; `separator`, white space, goes before it unless it is the first.

        White space around the text is dropped, and a block without text is not added. `marks` have
        offsets into `text`. Raises `LimitError` when the document grows past its limit.
        """
        if separator.strip():
            raise ValueError("what is between blocks must be white space")
        cleaned = self._clean(text)
        lead = len(cleaned) - len(cleaned.lstrip())
        cleaned = cleaned.strip()
        if not cleaned:
            return
        start = self._write(separator if self._length else "")
        block = Block(
            kind=kind,
            start=start,
            end=self._write(cleaned),
            page=self.page,
            level=level,
            set_apart=self._guarded(set_apart, len(cleaned)),
            box=box,
            continues=continues,
        )
        self._blocks.append(block)
        if marks:
            self._mark(marks, block, shift=lead, text=text)

    def page_break(self, page: Page | None = None) -> None:
        """Close the page that is being filled; pages touch, so that every span is contiguous.

        `page` holds what is known of it; its number and span are put in here.
        """
        known = page or Page(number=0, start=0, end=0)
        self._pages.append(
            replace(known, number=self.page, start=self._page_start, end=self._length)
        )
        self._page_start = self._length

    def document(
        self,
        *,
        digest: str,
        metadata: Iterable[tuple[str, str]] = (),
        warnings: Iterable[str] = (),
        attachments: Iterable[Attachment] = (),
        unread: Iterable[str] = (),
    ) -> Document:
        """Give the finished document; a warning counts the characters that were cleaned away."""
        if self._pages and self._length > self._page_start:
            self.page_break()
        found = self._hidden if self._pages else map(_without_page, self._hidden)
        hidden = hidden_warnings(found, sent=self._include_hidden)
        notes = (*warnings, *hidden, *cleaning_warnings(self._cleaned))
        return Document(
            digest=digest,
            text="".join(self._parts),
            blocks=tuple(self._blocks if self._pages else map(_without_page, self._blocks)),
            pages=tuple(self._pages),
            metadata=tuple((clean(key)[0], clean(value)[0]) for key, value in metadata),
            warnings=tuple(clean(note)[0] for note in notes),
            links=tuple(self._links),
            doubts=tuple(self._doubts),
            attachments=tuple(replace(a, name=clean(a.name)[0]) for a in attachments),
            unread=tuple(clean(name)[0] for name in unread),
        )

    def _clean(self, text: str) -> str:
        if is_clean(text):
            return text
        cleaned, changes = clean(text)
        self._cleaned.update(changes)
        return cleaned

    def _guarded(self, set_apart: str | None, size: int) -> str | None:
        """Note hidden text, and set it apart unless it was asked for."""
        if set_apart is None or not is_hidden(set_apart):
            return set_apart
        self._hidden.append(Hidden(set_apart, size, self.page))
        return None if self._include_hidden else set_apart

    def _mark(self, marks: Iterable[Link | Doubt], block: Block, *, shift: int, text: str) -> None:
        """Keep the marks on a block's text, moved to where that lies in the document."""
        changed = not is_clean(text)
        for mark in marks:
            ends = [mark.start, mark.end]
            if changed:
                ends = [len(clean(text[:at])[0]) for at in ends]
            start, end = (min(max(block.start - shift + at, block.start), block.end) for at in ends)
            if isinstance(mark, Link):
                self._links.append(Link(start=start, end=end, target=clean(mark.target)[0]))
            else:
                self._doubts.append(replace(mark, start=start, end=end))

    def _write(self, text: str) -> int:
        """Append text and give the offset after it."""
        self._length += len(text)
        if self._length > self._max_chars:
            raise LimitError(f"it holds more than {self._max_chars:,} characters of text")
        self._parts.append(text)
        return self._length


_Paged = TypeVar("_Paged", Block, Hidden)


def _without_page(placed: _Paged) -> _Paged:
    return replace(placed, page=None)
