"""A source's text with its blocks and pages: what reading gives, and all later stages point into.

    source ─► Document ─► Chunk… ─► Result… ─► Output ─► files, and a Report on all of it
              here        tasks.core.answers   .outputs             .reports

All of these values are immutable, and the same after a trip through JSON.
Offsets are in characters (code points) of `Document.text`; pages count from 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Protocol

from tasks.core.paragraphs import Paragraph, numbered
from tasks.core.spans import Span, subtract, touched


class Box(NamedTuple):
    """Where something is on a page as it is shown: points from the page's top left corner.

    `left` and `right` grow to the right, `top` and `bottom` downwards.
    """

    left: float
    top: float
    right: float
    bottom: float


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    NOTE = "note"
    HEADER_FOOTER = "header_footer"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a document in reading order; its text is `document.text[start:end]`.

    `level` counts from 1: the depth of a heading or of a list item. `set_apart` says why the
    block is read and reported but not sent to a model (a running head, hidden text). `box` is where
    it stands on `page`. `continues`: it goes on with the paragraph that the last block of its kind
    broke off, at the foot of a column or page; a table does so under that one's header, repeated.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    level: int | None = None
    set_apart: str | None = None
    box: Box | None = None
    continues: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A numbered page; `problem` says why text of it is missing, as in "needs OCR".

    `width` and `height` are in points, as shown; `rotation` is the clockwise turn in degrees that
    the file asks for, already applied. `reader` names who read it ("pdfium", "pypdf", "ocr").
    `confidence`, from 0 to 1, is the OCR's own mean over the words.
    """

    number: int
    start: int
    end: int
    label: str | None = None
    problem: str | None = None
    width: float | None = None
    height: float | None = None
    rotation: int = 0
    reader: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A stretch of text that leads somewhere: a URL, or `#page=12` within the document."""

    start: int
    end: int
    target: str

    def moved(self, by: int) -> "Link":
        """Give it so many characters further on."""
        return Link(start=self.start + by, end=self.end + by, target=self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A word that the OCR is not sure of; `confidence` from 0 to 1."""

    start: int
    end: int
    confidence: float

    def moved(self, by: int) -> "Doubt":
        """Give it so many characters further on."""
        return Doubt(start=self.start + by, end=self.end + by, confidence=self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside the source; its text is not the source's.

    One with a `digest`, the SHA-256 of its bytes, can be read as a document of its own, and is
    found by its name, which no other in the source has. Any other is only listed.
    """

    name: str
    size_bytes: int | None = None
    digest: str | None = None


class Part(Protocol):
    """Whatever has a span of the text."""

    @property
    def start(self) -> int:
        """Give the offset of its first character."""

    @property
    def end(self) -> int:
        """Give the offset behind its last character."""


@dataclass(frozen=True, kw_only=True)  # without slots, for the sake of `paragraphs`
class Document:
    """The text of one source file with its blocks and pages.

    `digest` is the SHA-256 of the source's bytes. A document does not know its file name, so that
    the same bytes under two names are one document. Blocks lie in order and do not overlap; what
    is between them is white space. Links and doubts lie in order of their starts. `unread` says
    what the source holds beyond its text, and why: where reading stopped, parts that are damaged.
    A page that could not be read says so itself, in `problem`.
    """

    digest: str
    text: str
    blocks: tuple[Block, ...] = ()
    pages: tuple[Page, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    unread: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_order(self.blocks, len(self.text), "block")
        _check_order(self.pages, len(self.text), "page")

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Give the numbered paragraphs of a document without pages; one with pages has none."""
        if self.pages:
            return ()
        sent = (b for b in self.blocks if b.set_apart is None)
        return numbered(((b.start, b.kind is BlockKind.HEADING) for b in sent), len(self.text))

    @property
    def places(self) -> "tuple[Page, ...] | tuple[Paragraph, ...]":
        """Give what references name: the pages, else the numbered paragraphs."""
        return self.pages or self.paragraphs

    def text_of(self, part: Part) -> str:
        """Give the text that a part stands for."""
        return self.text[part.start : part.end]

    def set_apart(self) -> tuple[Span, ...]:
        """Give the spans that are read but not sent."""
        return tuple(Span(b.start, b.end) for b in self.blocks if b.set_apart is not None)

    def sent(self, part: Part) -> tuple[Span, ...]:
        """Give the spans of a chunk that a model gets to see."""
        return subtract([Span(part.start, part.end)], self.set_apart())

    def pages_of(self, start: int, end: int) -> tuple[int, ...]:
        """Give the numbers of the pages that `[start, end)` touches."""
        return tuple(page.number for page in touched(self.pages, start, end))

    def places_of(self, start: int, end: int) -> tuple[int, ...]:
        """Give the numbers of the places that `[start, end)` touches."""
        places: Sequence[Page | Paragraph] = self.places
        return tuple(place.number for place in touched(places, start, end))

    def paragraphs_of(self, start: int, end: int) -> tuple[int, ...]:
        """Give the numbers of the numbered paragraphs that `[start, end)` touches."""
        return tuple(one.number for one in touched(self.paragraphs, start, end))


def _check_order(parts: Iterable[Block | Page], end: int, word: str) -> None:
    """Refuse parts that overlap, run backwards or leave the text."""
    at = 0
    for part in parts:
        if not at <= part.start <= part.end <= end:
            raise ValueError(f"{word} [{part.start}, {part.end}) is out of order in 0..{end}")
        at = part.end
