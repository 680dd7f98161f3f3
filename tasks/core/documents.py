"""The values that the stages hand on: immutable, and the same after a trip through JSON.

    source ─► Document ─► Chunk… ─► Result… ─► Output ─► files, and a Report on all of it

Offsets are in characters (code points) of `Document.text`; pages count from 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from pydantic import JsonValue

from tasks.core.paragraphs import Paragraph, numbered
from tasks.core.spans import Span, subtract, touched
from tasks.core.traffic import Traffic


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
    broke off, at the foot of a column or page.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A word that the OCR is not sure of; `confidence` from 0 to 1."""

    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside the source; it is listed, and not read with it."""

    name: str
    size_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)  # without slots, for the sake of `paragraphs`
class Document:
    """The text of one source file with its blocks and pages.

    `digest` is the SHA-256 of the source's bytes. A document does not know its file name, so that
    the same bytes under two names are one document. Blocks lie in order and do not overlap; what
    is between them is white space. Links and doubts lie in order of their starts. `stopped` says
    why reading ended before the source did.
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
    stopped: str | None = None

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

    def text_of(self, part: "Block | Page | Link | Doubt | Chunk | Span") -> str:
        """Give the text that a part stands for."""
        return self.text[part.start : part.end]

    def set_apart(self) -> tuple[Span, ...]:
        """Give the spans that are read but not sent."""
        return tuple(Span(b.start, b.end) for b in self.blocks if b.set_apart is not None)

    def sent(self, part: "Chunk | Span") -> tuple[Span, ...]:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A run of a document's text that fits one request; the chunks partition the document.

    `tokens` counts the text as it is sent. `context` is neighbouring text that travels with it,
    outside the partition. `headings` are the headings above its first character, outermost first.
    `pieces` says which halves of the planned chunk it is, where that had to be split. `document`
    names its document where several are asked of together, and is empty else.
    """

    index: int
    total: int
    start: int
    end: int
    tokens: int
    pages: tuple[int, ...] = ()
    headings: tuple[str, ...] = ()
    context: tuple[Span, ...] = ()
    pieces: tuple[int, ...] = ()
    document: str = ""

    @property
    def part(self) -> str:
        """Name the chunk among its document's, as in "2 of 5", or "2.1 of 5" for a half."""
        return f"{'.'.join(map(str, (self.index, *self.pieces)))} of {self.total}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the provider counted them; thinking tokens may lie inside the completion."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    thinking_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The model's checked answer to one request; `reused` when the ledger had it already."""

    answer_key: str
    text: str
    thoughts: str = ""
    finish_reason: str = "stop"
    usage: Usage | None = None
    cost_usd: float | None = None
    reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one chunk; with a `failure`, a result is paid for but of no use.

    `rivals` are the other whole answers to the same request, which a vote hears as well. `gleaned`
    are answers to the question what the ones before had missed. A `flaw` says what of a result
    could not be read, where the rest of it goes into the output all the same.
    """

    chunk: Chunk
    result: Result | None = None
    failure: str | None = None
    rivals: tuple[Result, ...] = ()
    gleaned: tuple[Result, ...] = ()
    flaw: str | None = None

    @property
    def usable(self) -> Result | None:
        """Give the result if it may go into an output."""
        return self.result if self.failure is None else None


class CitationStatus(StrEnum):
    """What looking a citation up in the source gave; it says nothing of the sentence around it."""

    FOUND = "found"
    APPROXIMATE = "approximate"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quotation or bare reference of an output, looked up in the source by code.

    `quote` is empty for a bare reference; `cited_page` is the page that the output names; `page`,
    `start` and `end` are where the source has it: `document.text[start:end]`. Of a document without
    pages, `cited_paragraph` and `paragraph` say the same by its numbered paragraphs.
    `Output.body[body_start:body_end]` is the citation as it is written there, with its quotation
    marks and its page reference, but without the mark of doubt that may follow. Citations stand in
    the order of the body and do not overlap; both ends are None for one that is not shown in it.
    `document` is one of `Output.documents` where an output speaks of several, whose references
    read `[contract.pdf, p. 12]`; else it is empty.
    """

    quote: str
    status: CitationStatus
    cited_page: int | None = None
    page: int | None = None
    start: int | None = None
    end: int | None = None
    body_start: int | None = None
    body_end: int | None = None
    document: str = ""
    cited_paragraph: int | None = None
    paragraph: int | None = None

    @property
    def place(self) -> str:
        """Name the page or paragraph where the source has it, as in "p. 12"; empty without one."""
        return _place(self.page, self.paragraph)

    @property
    def cited_place(self) -> str:
        """Name the page or paragraph that the output gives, as `place` does."""
        return _place(self.cited_page, self.cited_paragraph)


def _place(page: int | None, paragraph: int | None) -> str:
    if page is not None:
        return f"p. {page}"
    return "" if paragraph is None else f"¶ {paragraph}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Where a record was read: the span of its quote if that was found, else that of its chunk.

    `page` is the one that the model named, if the chunk has it. `document` as in `Citation`.
    """

    start: int
    end: int
    page: int | None = None
    quote: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One of the differing values that a field was given, and where."""

    value: JsonValue
    sources: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field that its sources give differing values; the first is the one shown."""

    field: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One entity of a records output: its fields, and the pages that it was read on.

    `sources` are the passages, one for each time that it was met. `agreement` is the share of the
    votes, 0 to 1, that its fields had on average; None where there was no vote.
    """

    fields: tuple[tuple[str, JsonValue], ...]
    pages: tuple[int, ...] = ()
    sources: tuple[Passage, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    agreement: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span that no answer covers, and why; `document` as in `Citation`."""

    start: int
    end: int
    reason: str
    pages: tuple[int, ...] = ()
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A span whose answer, kept in the ledger under `answer_key`, went into the output.

    `document` as in `Citation`.
    """

    start: int
    end: int
    answer_key: str
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The merged document, before it is written.

    `body` is CommonMark with tables. `notices` and `flaws` stand on the first page: an offline
    extract is a notice, what makes the output partial is a flaw. `sentences` and
    `cited_sentences` count those of the body, for the report. `uncarried` are quotations that the
    answers to the chunks have and the merged body has not. `totals` are sums of record fields.
    `agreement` is the mean share of votes, None without one. `documents` names the documents
    where several were asked of together, each by a name of its own; it is empty else. `repairs`
    tell, part by part, what was mended so that the answers could be read.
    """

    title: str
    recipe: str
    recipe_version: str
    model: str
    body: str
    records: tuple[Record, ...] | None = None
    notices: tuple[str, ...] = ()
    flaws: tuple[str, ...] = ()
    covered: tuple[Covered, ...] = ()
    gaps: tuple[Gap, ...] = ()
    citations: tuple[Citation, ...] = ()
    sentences: int = 0
    cited_sentences: int = 0
    uncarried: tuple[Citation, ...] = ()
    totals: tuple[tuple[str, str], ...] = ()
    agreement: float | None = None
    documents: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()


class Status(StrEnum):
    """How a document ended."""

    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Characters:
    """The account of a document's characters; each figure is counted by itself."""

    read: int = 0
    answered: int = 0
    set_apart: int = 0
    failed: int = 0

    @property
    def unexplained(self) -> int:
        """Give the characters that no other figure accounts for; anything but 0 is a fault."""
        return self.read - self.answered - self.set_apart - self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReport:
    """What a run did to one document; `calls` were paid for, `reused` came from the ledger.

    `may_pass`: it failed, and trying again later may help though nothing is changed.
    """

    source: str
    recipe: str
    status: Status
    reason: str = ""
    outputs: tuple[str, ...] = ()
    characters: Characters = field(default_factory=Characters)
    chunks: int = 0
    calls: int = 0
    reused: int = 0
    usd: float = 0.0
    citations: tuple[tuple[CitationStatus, int], ...] = ()
    sentences: int = 0
    cited_sentences: int = 0
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[str, ...] = ()
    identity: str = ""
    may_pass: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did to each document; see `tasks.core.coverage` for its totals."""

    run: str
    started: str
    provider: str
    model: str
    finished: str | None = None
    how_to_go_on: str | None = None
    documents: tuple[DocumentReport, ...] = ()
    traffic: Traffic | None = None
