"""Reading archives of mail (mbox, RFC 4155): a list of the messages, each a document of its own."""

import re
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from email.policy import default

from tasks.core.documents import BlockKind
from tasks.core.errors import DamagedError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.inside import listed, named_apart
from tasks.extract.reader import At, Inside, Request

_START = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]*\r?\n?")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_TOLD = ("Date", "From", "Subject")


def read_mbox(data: bytes, _: Request) -> Iterator[Piece | Facts | At]:
    """Read an archive: a line for each message, with its day, its sender and its subject."""
    messages = list(_messages(data))
    yield Piece("Messages", BlockKind.HEADING, 1)
    for message in messages:
        yield Piece(" | ".join(filter(None, _heads(message))), BlockKind.LIST_ITEM, 1)
    yield from listed(_files(messages))


def unpack_mbox(data: bytes, _: Request) -> Iterator[Inside]:
    """Give the messages."""
    return _files(list(_messages(data)))


READER = reader_of_pieces(read_mbox, unpack_mbox)


def _messages(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"From "):
        raise DamagedError("it is no archive of mail: no message begins it. Save it again.")
    starts = list(_START.finditer(data))
    ends = [*(start.start() for start in starts[1:]), len(data)]
    for start, end in zip(starts, ends, strict=True):
        yield _QUOTED.sub(rb"\1", data[start.end() : end])


def _files(messages: list[bytes]) -> Iterator[Inside]:
    return named_apart(
        Inside(f"{number} {_heads(message)[-1] or 'no subject'}"[:100] + ".eml", message)
        for number, message in enumerate(messages, start=1)
    )


def _heads(message: bytes) -> list[str]:
    found = BytesHeaderParser(policy=default).parsebytes(message)
    return [" ".join(str(found.get(name, "")).split()) for name in _TOLD]
