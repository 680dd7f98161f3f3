"""Joining pieces of text to a document whose spans hold.

Readers add blocks in reading order; the assembler puts white space between them, keeps count of
offsets and closes pages. `document.text[block.start:block.end]` is what was added, cleaned.
"""

from collections.abc import Iterable
from dataclasses import replace

from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.errors import LimitError
from tasks.extract.guard import clean, cleaning_warnings

BLOCK_SEPARATOR = "\n\n"


class Assembler:
    """Builds one document from blocks added in reading order.

    A reader with pages calls `page_break` after the blocks of each page, empty pages included; one
    without never calls it. Pages count from 1 and partition the text; a block is of the page that
    it begins on.
    """

    def __init__(self, *, max_chars: int = 200_000_000) -> None:
        self._max_chars = max_chars
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._pages: list[Page] = []
        self._page_start = 0
        self._cleaned = 0

    @property
    def page(self) -> int:
        """Give the number of the page that is being filled."""
        return len(self._pages) + 1

    def add(
        self,
        text: str,
        kind: BlockKind = BlockKind.PARAGRAPH,
        *,
        level: int | None = None,
        set_apart: str | None = None,
        separator: str = BLOCK_SEPARATOR,
    ) -> None:
        """Add a block; `separator`, white space, goes before it unless it is the first.

        White space around the text is dropped, and a block without text is not added. Raises
        `LimitError` when the document grows past its limit.
        """
        if separator.strip():
            raise ValueError("what is between blocks must be white space")
        cleaned, changes = clean(text)
        self._cleaned += changes
        cleaned = cleaned.strip()
        if not cleaned:
            return
        start = self._write(separator if self._length else "")
        end = self._write(cleaned)
        place = {"start": start, "end": end, "page": self.page}
        self._blocks.append(Block(kind=kind, level=level, set_apart=set_apart, **place))

    def page_break(self, *, label: str | None = None, problem: str | None = None) -> None:
        """Close the page that is being filled; pages touch, so that every span is contiguous."""
        page = Page(
            number=self.page,
            start=self._page_start,
            end=self._length,
            label=label,
            problem=problem,
        )
        self._pages.append(page)
        self._page_start = self._length

    def document(
        self,
        *,
        digest: str,
        metadata: Iterable[tuple[str, str]] = (),
        warnings: Iterable[str] = (),
    ) -> Document:
        """Give the finished document; a warning counts the characters that were cleaned away."""
        if self._pages and self._length > self._page_start:
            self.page_break()
        notes = (*warnings, *cleaning_warnings(self._cleaned))
        return Document(
            digest=digest,
            text="".join(self._parts),
            blocks=tuple(self._blocks if self._pages else map(_without_page, self._blocks)),
            pages=tuple(self._pages),
            metadata=tuple((clean(key)[0], clean(value)[0]) for key, value in metadata),
            warnings=tuple(clean(note)[0] for note in notes),
        )

    def _write(self, text: str) -> int:
        """Append text and give the offset after it."""
        self._length += len(text)
        if self._length > self._max_chars:
            raise LimitError(f"it holds more than {self._max_chars:,} characters of text")
        self._parts.append(text)
        return self._length


def _without_page(block: Block) -> Block:
    return replace(block, page=None)
