"""From a chunk to its answer: the values between planning and merging.

Offsets are in characters (code points) of `Document.text`; pages count from 1.
"""

from dataclasses import dataclass

from tasks.core.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A run of a document's text that fits one request; the chunks partition the document.

    `tokens` counts the text as it is sent, at most with a mark and white space at its end too many.
    `context` is neighbouring text that travels with it, outside the partition. `headings` are the
    headings above its first character, outermost first. `pieces` says which halves of the planned
    chunk it is, where that had to be split. `document` names its document where several are asked
    of together, and is empty else.
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
