"""What a reader is: a generator of parts, and a function that joins parts to a document.

A part is a frozen dataclass that JSON can carry: a page of lines, a piece of text. The parts go to
the parent as they are read, so that a reader that is killed loses only what it had not come to:
`build` then makes a document of the parts that are there. It also lets the pages of one long file
be read by several children.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from tasks.core.codec import from_json, to_json
from tasks.core.documents import Document
from tasks.extract.limits import ExtractionLimits
from tasks.extract.options import ReadingOptions


@dataclass(frozen=True, slots=True)
class At:
    """News among the parts: the reader has come to this page."""

    page: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The last part of a reader that did not come to its end: why, and at which page, if any."""

    reason: str
    page: int | None = None

    def __str__(self) -> str:
        place = f"at page {self.page}" if self.page else "midway"
        return f"reading stopped {place} ({self.reason}); what was read before is kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a reader gets beside the bytes.

    `depth` counts the files that this one is read in as a part of their text.
    """

    digest: str = ""
    name: str = ""
    limits: ExtractionLimits = field(default_factory=ExtractionLimits)
    options: ReadingOptions = field(default_factory=ReadingOptions)
    password: str | None = None
    depth: int = 0


Wanted = Callable[[int], Iterable[int]]
"""Gives, for the number of pages that there are, the numbers of those to read, in order."""


Ask = Callable[[bytes], Callable[[], bytes]]
"""Asks a helper, by a line of JSON, to do some work; what it gives waits for the line it answers.

Both raise `OSError` where the helper is gone.
"""


@dataclass(frozen=True, slots=True)
class Helping:
    """A part that says that a helper is there to build with."""

    ask: Ask


@dataclass(frozen=True, slots=True)
class Inside:
    """A file inside a source: the name that it has there and no other, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How one format is read.

    `read` gives parts, of the types `parts`, and `At` before each page that it comes to; `build`
    gets the same, of which some may be missing, and `Stopped` where `read` was. Both raise the
    `InputError` that fits. `read_some`, there where pages can be read apart, is `read`, but for
    those pages alone; `build` may then get `Helping`, and what it asks comes to `help`. `unpack` is
    there where sources of their own may lie in this one: it gives their bytes. `convert` is there
    where another program has to make of the bytes what `read` takes; it runs before the child is
    shut in, and parses nothing itself. `warm` does what reading needs and no source shapes, as
    finding the system's fonts: once, for all children to come.
    """

    read: Callable[[bytes, Request], Iterator[object]]
    build: Callable[[Iterable[object], Request], Document]
    parts: tuple[type, ...]
    read_some: Callable[[bytes, Request, Wanted], Iterator[object]] | None = None
    help: Callable[[bytes], bytes] | None = None
    unpack: Callable[[bytes, Request], Iterable[Inside]] | None = None
    take_out: Callable[[bytes, str, Request], bytes] | None = None
    convert: Callable[[bytes, Request], bytes] | None = None
    warm: Callable[[], None] | None = None

    def document(self, data: bytes, request: Request) -> Document:
        """Read a source from its first part to its document."""
        return self.build(self.read(data, request), request)

    def parts_in(self, lines: Iterable[bytes]) -> Iterator[object]:
        """Read back parts from lines as `line_of` writes them."""
        types = {kind.__name__.encode(): kind for kind in (At, Stopped, *self.parts)}
        for line in lines:
            name, _, content = line.partition(b" ")
            yield from_json(types[name], content)


def reader_at_once(read: Callable[[bytes, Request], Document]) -> Reader:
    """Make a reader of a function that reads a whole document, of a format read in no time."""

    def parts(data: bytes, request: Request) -> Iterator[Document]:
        yield read(data, request)

    def build(read: Iterable[object], request: Request) -> Document:
        document = next(part for part in read if isinstance(part, Document))
        return replace(document, digest=request.digest)

    return Reader(read=parts, build=build, parts=(Document,))


def line_of(value: object) -> bytes:
    """Write a part, or anything else that a child says, as one line: its type's name, and JSON."""
    return type(value).__name__.encode() + b" " + to_json(value) + b"\n"
