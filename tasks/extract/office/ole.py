r"""Files that Windows programs embed in a container of their own (OLE) within an Office file.

A file of no Office program lies there as a package with its name ("\x01Ole10Native"), one of a
program that knows OLE in a stream of a known name. Other objects are Office files themselves.
"""

import io
import ntpath
import struct
from pathlib import PurePath

import olefile

from tasks.extract.reader import Inside

MAGIC = olefile.MAGIC
_NATIVE = "\x01Ole10Native"
_STREAMS = ("Package", "EmbeddedOdf", "CONTENTS")
_READ = (b"%PDF", b"PK\x03\x04")
_PACKAGE = 2  # what tells a package from the bytes of a picture
_MOST_NAMES = 3  # after the bytes, in UTF-16: the file it came by, its label, its path


def payload(data: bytes, name: str) -> Inside | None:
    """Give the file in an OLE container, `name` if it has no name there; None if it has none."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            if container.exists(_NATIVE):
                return _of_package(container.openstream(_NATIVE).read(), name)
            known = next(filter(container.exists, _STREAMS), None)
            content = container.openstream(known).read() if known else b""
    except Exception:  # noqa: BLE001 whatever the library raises, it is no container that we know
        return None
    if not content.startswith(_READ):
        return None
    suffix = ".pdf" if content.startswith(_READ[0]) else PurePath(name).suffix
    return Inside(PurePath(name).stem + suffix, content)


def _of_package(stream: bytes, name: str) -> Inside | None:
    """Take a package apart: its label, where it came from, and its bytes; None for no package."""
    _, kind = struct.unpack_from("<IH", stream)
    if kind != _PACKAGE:
        return None
    label, at = _text(stream, 6)
    path, at = _text(stream, at)
    (length,) = struct.unpack_from("<I", stream, at + 4)
    at += 8 + length
    (size,) = struct.unpack_from("<I", stream, at)
    content = stream[at + 4 : at + 4 + size]
    if not content:
        return None
    said = _unicode_names(stream, at + 4 + size)
    names = (*said[1:], *(_decoded(known) for known in (label, path)))
    plain = next(filter(None, (ntpath.basename(known) for known in names)), name)
    return Inside(plain, content)


def _text(stream: bytes, at: int) -> tuple[bytes, int]:
    end = stream.index(b"\0", at)
    return stream[at:end], end + 1


def _decoded(name: bytes) -> str:
    """Decode a name that is in the code page of a machine that nobody knows."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("cp1252", "replace")


def _unicode_names(stream: bytes, at: int) -> list[str]:
    """Give the names that newer programs add in UTF-16; none where they are not whole."""
    names: list[str] = []
    while len(names) < _MOST_NAMES and at + 4 <= len(stream):
        (characters,) = struct.unpack_from("<I", stream, at)
        end = at + 4 + 2 * characters
        if end > len(stream):
            return []
        names.append(stream[at + 4 : end].decode("utf-16-le", "replace").rstrip("\0"))
        at = end
    return names
