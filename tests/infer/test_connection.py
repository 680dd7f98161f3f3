"""Over real sockets: what the transport tells of a connection decides whether a task is resent."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from httpx_aiohttp import AiohttpTransport

from tasks.core.errors import TransientError
from tasks.infer.connection import Connection, Reply
from tasks.infer.failures import UnsentError, may_have_begun
from tests.infer.building import KEY, UUID

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[int]:
    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


async def post(port: int, transport: httpx.AsyncBaseTransport) -> Reply:
    async with transport:
        connection = Connection(transport, f"http://127.0.0.1:{port}/v1", KEY)
        return await connection.post([{"taskUUID": UUID}])


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request and close the connection in an orderly way."""
    await reader.readuntil(b"}]")
    writer.close()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request and cut the connection."""
    await reader.readuntil(b"}]")
    writer.transport.abort()


async def stop_halfway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request and break off within the response."""
    await reader.readuntil(b"}]")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("transport", [AiohttpTransport, httpx.AsyncHTTPTransport])
@pytest.mark.parametrize("serve", [hang_up, reset, stop_halfway])
async def test_what_was_sent_and_not_answered_may_have_begun(
    serve: Serve, transport: type[httpx.AsyncBaseTransport]
) -> None:
    async with server(serve) as port:
        with pytest.raises(TransientError) as caught:
            await post(port, transport())

    assert may_have_begun(caught.value)
    assert KEY.get_secret_value() not in str(caught.value)


@pytest.mark.parametrize("transport", [AiohttpTransport, httpx.AsyncHTTPTransport])
async def test_what_could_not_be_sent_has_not_begun(
    transport: type[httpx.AsyncBaseTransport],
) -> None:
    async with server(hang_up) as port:
        pass  # nobody listens there any more

    with pytest.raises(UnsentError) as caught:
        await post(port, transport())

    assert not may_have_begun(caught.value)
