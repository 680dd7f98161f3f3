"""The connection below the reply, where faults cut it.

ASGI has no word for that. Under uvicorn the transport hangs on the object that `send` belongs to;
where there is none, as in a test without a network, an error of httpx is raised, which comes out
of the client as if the connection had failed.
"""

import asyncio
import socket
import struct
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

_KEY = "emulator.transport"
_NO_LINGER = struct.pack("ii", 1, 0)


def remember(scope: Scope, send: Send) -> None:
    """Keep the transport of a request in its scope, before any middleware hides it."""
    scope[_KEY] = getattr(getattr(send, "__self__", None), "transport", None)


async def reset(scope: Scope, receive: Receive) -> None:
    """Reset the connection: the client gets an error instead of a reply."""
    transport = scope.get(_KEY)
    if transport is None:
        raise httpx.ReadError("The emulator was told to reset the connection.")
    _forget_what_is_unsent(transport)
    transport.abort()
    await _gone(receive)


async def cut(scope: Scope, receive: Receive) -> None:
    """Close the connection in the middle of a reply."""
    transport = scope.get(_KEY)
    if transport is None:
        raise httpx.RemoteProtocolError("The emulator was told to cut the reply.")
    transport.close()
    await _gone(receive)


def _forget_what_is_unsent(transport: asyncio.Transport) -> None:
    raw: Any = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)


async def _gone(receive: Receive) -> None:
    # The server must see the end by itself, or it answers a request without a reply with a 500.
    while (await receive())["type"] != "http.disconnect":
        pass
