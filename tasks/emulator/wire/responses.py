"""The replies that Starlette has no word for: cut, dropped, streamed."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tasks.emulator.clock import Clock
from tasks.emulator.faults.replies import Spoilt
from tasks.emulator.refusal import RefusedError
from tasks.emulator.wire import connection

_JSON = "application/json"
_HTML = "<html><body><h1>{status}</h1><p>The service is not available.</p></body></html>"


def to_bytes(content: Mapping[str, Any] | list[Any]) -> bytes:
    """Give the bytes of a JSON body."""
    # A lone surrogate can come in as a JSON escape; it must go out as one, not break UTF-8.
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")


def json_response(
    content: Mapping[str, Any] | list[Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give a whole JSON reply."""
    return Response(to_bytes(content), status, headers, media_type=_JSON)


def refusal_response(refusal: RefusedError, body: Mapping[str, Any]) -> Response:
    """Give the reply to a request that is refused as a whole."""
    if refusal.shape == "html":
        page = _HTML.format(status=refusal.status)
        return Response(page, refusal.status, refusal.headers(), media_type="text/html")
    return json_response(body, refusal.status, refusal.headers())


class SpoiltResponse(Response):
    """A JSON reply that faults have changed on its way."""

    def __init__(self, whole: bytes, status: int, spoilt: Spoilt, clock: Clock) -> None:
        super().__init__(status_code=status, media_type=_JSON)
        length = len(whole) if spoilt.abrupt else sum(map(len, spoilt.pieces))
        self.headers["content-length"] = str(length)
        self._spoilt = spoilt
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await _start(self, send)
        await send_pieces(self._spoilt, self._clock, send)
        await _end(scope, receive, send, abrupt=self._spoilt.abrupt)


class DroppedResponse(Response):
    """No reply at all: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, _: Send) -> None:
        """Reset the connection."""
        await connection.reset(scope, receive)


class EventStream(Response):
    """Frames as they come; a client that leaves is not waited for, the work goes on without it."""

    media_type = "text/event-stream"

    def __init__(self, frames: AsyncIterator[Spoilt], clock: Clock) -> None:
        super().__init__(headers={"cache-control": "no-cache"})
        del self.headers["content-length"]
        self._frames = frames
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await _start(self, send)
        abrupt = False
        async for spoilt in self._frames:
            await send_pieces(spoilt, self._clock, send)
            abrupt = abrupt or spoilt.abrupt
        await _end(scope, receive, send, abrupt=abrupt)


async def send_pieces(spoilt: Spoilt, clock: Clock, send: Send) -> None:
    """Send pieces, each by itself."""
    for at, piece in enumerate(spoilt.pieces):
        if at and spoilt.pause_s:
            await clock.sleep(spoilt.pause_s)
        await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _start(response: Response, send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": response.raw_headers,
        }
    )


async def _end(scope: Scope, receive: Receive, send: Send, *, abrupt: bool) -> None:
    if abrupt:
        await connection.cut(scope, receive)
    else:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
