"""What parent and reading child say to each other: JSON lines, of which the last one counts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tasks.core.codec import from_json, to_json
from tasks.core.documents import Document
from tasks.extract.limits import ExtractionLimits
from tasks.extract.options import ReadingOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How to read; it travels over stdin, since anyone may see a command line."""

    password: str | None
    limits: ExtractionLimits
    options: ReadingOptions = field(default_factory=ReadingOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A document, or the class and message of the error that stood in its way.

    A draft is what one reader has, sent before another is asked that may never come back.
    """

    document: Document | None = None
    draft: bool = False
    error: str | None = None
    message: str = ""

    def line(self) -> bytes:
        """Write the answer as one line."""
        return to_json(self) + b"\n"


@dataclass(frozen=True, slots=True)
class Telling:
    """How a reader tells of its progress: the page it comes to, and a document that may do."""

    page: Callable[[int], None] = lambda _: None
    draft: Callable[[Document], None] = lambda _: None


def last_answer(said: bytes) -> Answer | None:
    """Give the last answer that was said to its end."""
    end = said.rfind(b"\n")
    if end < 0:
        return None
    start = said.rfind(b"\n", 0, end) + 1
    return from_json(Answer, said[start:end])
