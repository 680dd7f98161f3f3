"""The merged document before it is written, with its evidence.

Offsets are in characters (code points) of `Document.text`; pages count from 1.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

DOUBT = re.compile(
    r" \*\((?:quote|page|paragraph) (?:not found in the source|approximate[^*]*)\)\*"
)
"""What stands behind a doubtful citation, see `Citation.doubt`."""


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

    @property
    def doubt(self) -> str:
        """Say what is doubtful of it, as it stands right behind it; empty where it is found."""
        bare = "page" if self.cited_paragraph is None else "paragraph"
        what = "quote" if self.quote else bare
        if self.status is CitationStatus.NOT_FOUND:
            return f" *({what} not found in the source)*"
        if self.status is CitationStatus.APPROXIMATE:
            page = f"page {self.page}" if self.page else self.place
            where = ", ".join(filter(None, (self.document, page)))
            return f" *(quote approximate{f', see {where}' if where else ''})*"
        return ""


def _place(page: int | None, paragraph: int | None) -> str:
    if page is not None:
        return f"p. {page}"
    return "" if paragraph is None else f"¶ {paragraph}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Where a record was read: the span of its quote if that was found, else that of its chunk.

    `page` is that of the quote, else the one that the model named, if the chunk has it; of a
    document without pages, `paragraph` is that of the quote. `document` as in `Citation`.
    """

    start: int
    end: int
    page: int | None = None
    quote: str = ""
    document: str = ""
    paragraph: int | None = None

    @property
    def place(self) -> str:
        """Name the page or paragraph, as in "p. 12"; empty without one."""
        return _place(self.page, self.paragraph)


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
class Silent:
    """A span whose answer says that it holds nothing to the point, so that nothing of it is shown.

    `part` is its place among the chunks, as in "2 of 5"; `document` as in `Citation`.
    """

    start: int
    end: int
    part: str
    pages: tuple[int, ...] = ()
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The merged document, before it is written.

    `body` is CommonMark with tables. `notices` and `flaws` stand on the first page: an offline
    extract is a notice, what makes the output partial is a flaw. `sentences` and
    `cited_sentences` count those of the body by `tasks.core.sentences`; where no citations are
    looked up, as in records and translations, none are counted. `uncarried` are quotations that the
    answers to the chunks have and the merged body has not. `totals` are sums of record fields.
    `agreement` is the mean share of votes, None without one. `documents` names the documents
    where several were asked of together, each by a name of its own; it is empty else. `repairs`
    tell, part by part, what was mended so that the answers could be read. `silent` are those of the
    covered spans whose answers had nothing to say.
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
    silent: tuple[Silent, ...] = ()
