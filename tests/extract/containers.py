"""Containers of Microsoft's (OLE, MS-CFB) with one stream, and the packages that lie in them."""

import struct

_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST = 4096  # a smaller stream would lie elsewhere


def container(name: str, stream: bytes) -> bytes:
    """Write a container: its head, the table of sectors, the directory, and the stream."""
    stream = stream.ljust(_SMALLEST, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    chain = [*range(3, sectors + 2), _END]
    table = [_TABLE, _END, *chain]
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, _SMALLEST, _END, 0, _END, 0, 0),
    )
    head += struct.pack("<109I", *[_FREE] * 109)[4:]
    entries = _entry("Root Entry", 5, child=1) + _entry(name, 2, start=2, size=len(stream))
    return b"".join(
        (
            head.ljust(_SECTOR, b"\xff"),
            struct.pack("<128I", *table, *[_FREE] * (128 - len(table))),
            entries.ljust(_SECTOR, b"\0"),
            stream.ljust(sectors * _SECTOR, b"\0"),
        )
    )


def _entry(name: str, kind: int, *, child: int = _FREE, start: int = _END, size: int = 0) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16x4x16xIQ",
        *(encoded, len(encoded), kind, 1, _FREE, _FREE, child, start, size),
    )


def package(label: bytes, content: bytes, *names: str) -> bytes:
    """Write what Windows makes of a file that it embeds; `names` are those in UTF-16."""
    path = b"C:\\Temp\\" + label + b"\0"
    body = b"".join(
        (
            struct.pack("<H", 2),
            label + b"\0",
            path,
            struct.pack("<HHI", 0, 3, len(path)),
            path,
            struct.pack("<I", len(content)),
            content,
            *(struct.pack("<I", len(name)) + name.encode("utf-16-le") for name in names),
        )
    )
    return struct.pack("<I", len(body)) + body
