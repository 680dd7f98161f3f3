"""Send a reply's head and body in one write.

uvicorn writes them apart, which costs server and client a system call and a wake-up each: with
hundreds of calls a second on one machine that is a good part of all work.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol


class _Corked:
    """A transport that gathers what is written until the event loop comes round again."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._pieces: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, piece: bytes) -> None:
        """Gather a piece."""
        if not self._pieces:
            self._loop.call_soon(self._flush)
        self._pieces.append(piece)

    def close(self) -> None:
        """Close after what was gathered."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._pieces:
            self._transport.write(b"".join(self._pieces))
            self._pieces.clear()


class OneWriteProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # chosen at run time
    """The HTTP protocol that uvicorn would choose, over a corked transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin a connection."""
        super().connection_made(_Corked(transport))
