"""Files inside a source, as the attachments of an e-mail: read by their own readers, in place."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from tasks.core.documents import Attachment, BlockKind, Document, Link
from tasks.core.errors import InputError, UnsupportedFormatError
from tasks.extract.assemble import Facts, Piece
from tasks.extract.formats import recognise
from tasks.extract.reader import Request

_DEEPEST = 3


def read_attachment(name: str, data: bytes, request: Request) -> Iterator[Piece | Facts]:
    """Give what a file inside a source holds, below a heading with its name.

    One that cannot be read does not lose the others: where docmill reads no files of its kind, as
    pictures, it is a warning, else the whole is not all read. Raises nothing of its own.
    """
    yield Facts(attachments=(Attachment(name=name, size_bytes=len(data)),))
    try:
        document = _read(name, data, request)
    except UnsupportedFormatError as error:
        yield Facts(warnings=(f"its attachment {name} was not read: {error}",))
        return
    except InputError as error:
        yield Facts(unread=(f"its attachment {name} was not read: {error}",))
        return
    yield Piece(f"Attachment: {name}", BlockKind.HEADING, 1)
    yield from pieces_of(document)
    yield Facts(
        warnings=tuple(f"{name}: {warning}" for warning in document.warnings),
        unread=tuple(f"{name}: {lack}" for lack in _lacks(document)),
    )


def pieces_of(document: Document) -> Iterator[Piece]:
    """Take a document apart again into pieces, without its pages."""
    links = deque(document.links)
    for block in document.blocks:
        own: list[Link] = []
        while links and links[0].start < block.end:
            link = links.popleft()
            own.append(replace(link, start=link.start - block.start, end=link.end - block.start))
        level = block.level + 1 if block.kind is BlockKind.HEADING and block.level else block.level
        yield Piece(
            document.text_of(block),
            block.kind,
            level,
            set_apart=block.set_apart,
            links=tuple(own),
        )


def _lacks(document: Document) -> Iterator[str]:
    """Say what of a file inside could not be read: its pages are not those of the whole."""
    yield from document.unread
    for page in document.pages:
        if page.problem:
            yield f"page {page.number} {page.problem}"


def _read(name: str, data: bytes, request: Request) -> Document:
    if request.depth >= _DEEPEST:
        raise InputError("it is a file in a file in a file. Take it out and read it by itself.")
    known = recognise(data, name)
    inner = replace(request, name=name, digest="", pages=None, depth=request.depth + 1)
    return known.reader().document(data, inner)
