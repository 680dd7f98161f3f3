"""What parent and reading child say to each other.

parent ─ Errand, and lines of parts to build from ─► child
child  ─ Opened ─ At, parts… ─ Answer ─► parent, a line each; then the forker says Ended
"""

import os
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import quote_from_bytes, unquote_to_bytes

from tasks.core.codec import from_json, to_json
from tasks.core.documents import Document
from tasks.extract.reader import At, Request


class Work(StrEnum):
    """What a child is to do: read a whole document, count pages, read parts, or build of parts."""

    DOCUMENT = "document"
    COUNT = "count"
    PARTS = "parts"
    BUILD = "build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One piece of work; it travels over stdin, since anyone may see a command line.

    `inside` is the way from the file to the source, as in `Source`. `format` is the name of the
    format to build, once it is known.
    """

    work: Work
    path: str
    request: Request
    inside: tuple[str, ...] = ()
    format: str = ""

    def payload(self, lines: bytes = b"") -> bytes:
        """Write the errand, with the lines of parts that it builds from."""
        told = replace(self, path=quote_from_bytes(os.fsencode(self.path)))  # it may be no UTF-8
        return to_json(told) + b"\n" + lines


def errand_in(payload: bytes) -> tuple[Errand, list[bytes]]:
    """Read back an errand and its lines of parts."""
    first, _, lines = payload.partition(b"\n")
    told = from_json(Errand, first)
    return replace(told, path=os.fsdecode(unquote_to_bytes(told.path))), lines.splitlines()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A source that was recognised; `shielded` if the network was cut off before it was parsed."""

    format: str
    digest: str
    shielded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A document, a number of pages, or the class and message of the error that was in the way.

    `died`: the error is of the reading and not of the file, so parts that came before it count.
    """

    document: Document | None = None
    pages: int | None = None
    error: str | None = None
    message: str = ""
    died: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How the child ended; negative for death by a signal."""

    exit_code: int


@dataclass(slots=True)
class Heard:
    """What a child has said so far; `parts` are its lines of parts and pages, unread."""

    opened: Opened | None = None
    page: int | None = None
    parts: bytearray = field(default_factory=bytearray)
    answer: Answer | None = None
    ended: Ended | None = None

    def hear(self, line: bytes) -> bool:
        """Take in a line without its end; True when it was the last one."""
        word, _, content = line.partition(b" ")
        match word:
            case b"Opened":
                self.opened = from_json(Opened, content)
            case b"Answer":
                self.answer = from_json(Answer, content)
                if self.answer.document is not None:  # what it was built from is of no more use
                    self.parts.clear()
            case b"Ended":
                self.ended = from_json(Ended, content)
            case _:
                self._keep(word, content)
        return self.ended is not None

    def _keep(self, word: bytes, content: bytes) -> None:
        """Keep a part, and the pages that stand between parts."""
        if word == At.__name__.encode():
            self.page = from_json(At, content).page
        self.parts += word + b" " + content + b"\n"
