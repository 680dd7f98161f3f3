"""What parent and reading child say to each other.

parent ─ Errand, and lines of parts to build from ─► child
child  ─ Opened ─ At, parts… ─ Answer ─► parent, a line each; then the forker says Ended

A helper of the child says the same to the child, without Opened, and Ended when it has read.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import quote_from_bytes, unquote_to_bytes

from tasks.core.codec import from_json, to_json
from tasks.core.documents import Document
from tasks.extract.reader import At, Request


class Work(StrEnum):
    """What a child is to do: read a document, or build one of parts that another child read."""

    DOCUMENT = "document"
    BUILD = "build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One piece of work; it travels over stdin, since anyone may see a command line.

    `inside` is the way from the file to the source, as in `Source`. `helpers` may read pages beside
    the child that is asked. `format` is the name of the format to build, once it is known.
    """

    work: Work
    path: str
    request: Request
    inside: tuple[str, ...] = ()
    helpers: int = 0
    format: str = ""

    @property
    def name(self) -> str:
        """Give the name of the source."""
        return self.inside[-1] if self.inside else self.request.name

    def payload(self, lines: Iterable[bytes] = ()) -> bytes:
        """Write the errand, with the lines of parts that it builds from."""
        told = replace(self, path=quote_from_bytes(os.fsencode(self.path)))  # it may be no UTF-8
        return b"\n".join((to_json(told), *lines))


def errand_in(payload: bytes) -> tuple[Errand, list[bytes]]:
    """Read back an errand and its lines of parts."""
    first, *lines = payload.split(b"\n")
    told = from_json(Errand, first)
    return replace(told, path=os.fsdecode(unquote_to_bytes(told.path))), lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A source that was recognised; `shielded` if the network was cut off before it was parsed."""

    format: str
    digest: str
    shielded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A document, or the class and message of the error that was in the way.

    `died`: the error is of the reading and not of the file, so parts that came before it count.
    """

    document: Document | None = None
    error: str | None = None
    message: str = ""
    died: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How the child ended; negative for death by a signal."""

    exit_code: int


_DOCUMENT = b'{"document":{'
_WORDS = frozenset(word.__name__.encode() for word in (Opened, At, Answer, Ended))


def is_part(line: bytes) -> bool:
    """Tell whether a line is a part of what is read."""
    return line.partition(b" ")[0] not in _WORDS


@dataclass(slots=True)
class Heard:
    """What a child has said so far; `parts` are its lines of parts, unread.

    `before` is the line before the one that is heard. An empty line stands before `Ended`: where
    there is none, the last line was torn by the death of who said it, and is no part. `said` is the
    answer until then: a long document is not read beside the parts that it was built from.
    """

    opened: Opened | None = None
    page: int | None = None
    parts: list[bytes] = field(default_factory=list)
    answer: Answer | None = None
    ended: Ended | None = None
    before: bytes = b""
    said: bytes = b""

    def hear(self, line: bytes) -> bool:
        """Take in a line without its end; True when it was the last one."""
        with suppress(ValueError):  # a line that was torn
            self._take_in(line)
        self.before = line
        return self.ended is not None

    def _take_in(self, line: bytes) -> None:
        word, _, content = line.partition(b" ")
        match word:
            case b"":
                pass
            case b"Opened":
                self.opened = from_json(Opened, content)
            case b"Answer":
                self.said = content
            case b"Ended":
                self.ended = from_json(Ended, content)
                self._conclude(self.ended)
            case b"At":
                self.page = from_json(At, content).page
            case _:
                self.parts.append(line)

    def _conclude(self, ended: Ended) -> None:
        """Drop what is of no more use, and read the answer."""
        if ended.exit_code == 0 and self.said.startswith(_DOCUMENT):
            self.parts.clear()
        elif self.parts and self.parts[-1] is self.before:
            self.parts.pop()
        if self.said:
            said, self.said = self.said, b""
            self.answer = from_json(Answer, said)
