"""Reading zip archives: a list of the files, each a document of its own.

Hidden files, and what macOS and Office lay beside files, are left out, as they are in folders.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from tasks.core.documents import Attachment, BlockKind
from tasks.core.errors import DamagedError, EncryptedError, InputError
from tasks.extract.assemble import Facts, Piece, reader_of_pieces
from tasks.extract.inside import listed, named_apart, not_in_it
from tasks.extract.reader import At, Inside, Request
from tasks.extract.zips import check_zip, read_entry

_LEFT_OUT = (".", "~$", "__MACOSX")
_LOCKED = 0x1
_IS_UTF8 = 0x800


def read_archive(data: bytes, request: Request) -> Iterator[Piece | Facts | At]:
    """Read an archive: a line for each file in it.

    Raises `DamagedError`, `LimitError`, and `EncryptedError` for one under a password.
    """
    archive = check_zip(data, request.limits)
    files = _files(archive)
    if not files:
        raise DamagedError("it holds no file. Fetch it or pack it again.")
    if all(file.flag_bits & _LOCKED for file in files.values()):
        raise EncryptedError("it is locked with a password. Unpack it, and give what lies in it.")
    yield Piece("Files", BlockKind.HEADING, 1)
    for file in files.values():
        yield Piece(f"{_path(file)} ({file.file_size:,} bytes)", BlockKind.LIST_ITEM, 1)
    for name, file in files.items():
        try:
            content = read_entry(archive, file.filename, request.limits)
        except InputError as error:
            attachment = Attachment(name=name, size_bytes=file.file_size)
            yield Facts(attachments=(attachment,), unread=(f"{name} was not read: {error}",))
        else:
            yield from listed([Inside(name, content)])


def take_out(data: bytes, name: str, request: Request) -> bytes:
    """Give the bytes of the file of this name; the others stay packed."""
    archive = check_zip(data, request.limits)
    file = _files(archive).get(name)
    if file is None:
        raise not_in_it(name)
    return read_entry(archive, file.filename, request.limits)


READER = replace(reader_of_pieces(read_archive), take_out=take_out)


def _files(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Give the files by the names that they have as documents."""
    files = [entry for entry in archive.infolist() if not (entry.is_dir() or _is_left_out(entry))]
    names = named_apart(Inside(_path(file), b"") for file in files)
    return {known.name: file for known, file in zip(names, files, strict=True)}


def _is_left_out(entry: zipfile.ZipInfo) -> bool:
    parts = (part for part in PurePosixPath(_path(entry)).parts if part != "..")
    return any(part.startswith(_LEFT_OUT) for part in parts)


def _path(entry: zipfile.ZipInfo) -> str:
    """Give the path of a file; many programs write UTF-8 without saying so."""
    if entry.flag_bits & _IS_UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeError:
        return entry.filename
