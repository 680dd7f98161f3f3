"""Files inside a source, as the attachments of an e-mail: each can be a document of its own.

The reader of the source lists them, with the digests of their bytes; reading one of them later
opens the source again and takes out its bytes (`unpacked`), all within one limited child, so that
no other process ever holds them.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath

from tasks.core.documents import Attachment
from tasks.core.errors import EncryptedError, InputError, NeedsOcrError, UnsupportedFormatError
from tasks.extract.assemble import Facts
from tasks.extract.characters import clean
from tasks.extract.formats import recognise
from tasks.extract.reader import Inside, Reader, Request

_LONGEST_NAME = 120
_SEPARATORS = str.maketrans({"/": "_", "\\": "_", "\n": " "})


def listed(files: Iterable[Inside]) -> Iterator[Facts]:
    """List files inside; what docmill does not read, as a picture, is named in a warning."""
    for file in files:
        size = len(file.data)
        try:
            recognise(file.data, file.name)
        except UnsupportedFormatError as error:
            attachment = Attachment(name=file.name, size_bytes=size)
            warning = f"its attachment {file.name} was not read: {error}"
            yield Facts(attachments=(attachment,), warnings=(warning,))
            continue
        except EncryptedError:
            pass  # a document that is locked, and will say so
        digest = hashlib.sha256(file.data).hexdigest()
        yield Facts(attachments=(Attachment(name=file.name, size_bytes=size, digest=digest),))


def needs_ocr(reason: str, inside: Iterable[Facts]) -> Iterator[Facts]:
    """Say that a source has pictures alone; raises `NeedsOcrError` where no file inside is read."""
    error = NeedsOcrError(reason)
    if not any(attachment.digest for facts in inside for attachment in facts.attachments):
        raise error
    yield Facts(unread=(error.reported,))


def named_apart(files: Iterable[Inside]) -> Iterator[Inside]:
    """Give each file a name that is short, of one line, no path, and no other's."""
    taken: set[str] = set()
    for file in files:
        yield Inside(_apart(file.name, taken), file.data)


def listed_apart(attachments: Iterable[Attachment]) -> Iterator[Attachment]:
    """Give files that were listed the names that `named_apart` gives them, in the same order."""
    taken: set[str] = set()
    for attachment in attachments:
        yield replace(attachment, name=_apart(attachment.name, taken))


def _apart(name: str, taken: set[str]) -> str:
    plain = _plain(name)
    free, number = plain, 1
    while free in taken:
        number += 1
        path = PurePath(plain)
        free = f"{path.stem} ({number}){path.suffix}"
    taken.add(free)
    return free


def unpacked(reader: Reader, data: bytes, name: str, request: Request) -> bytes:
    """Give the bytes of the file of this name inside a source; InputError if it is not there."""
    if reader.take_out:
        return reader.take_out(data, name, request)
    files = reader.unpack(data, request) if reader.unpack else ()
    for file in files:
        if file.name == name:
            return file.data
    raise not_in_it(name)


def not_in_it(name: str) -> InputError:
    """Make the error for a name that no file inside has."""
    return InputError(f"{name} does not lie in it. Name it as the list of its attachments does.")


def _plain(name: str) -> str:
    plain = " ".join(clean(name)[0].translate(_SEPARATORS).split()) or "attachment"
    if len(plain) <= _LONGEST_NAME:
        return plain
    suffix = PurePath(plain).suffix[:10]
    return plain[: _LONGEST_NAME - len(suffix)] + suffix
