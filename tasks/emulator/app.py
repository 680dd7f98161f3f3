"""The Runware API offline: the HTTP side of the emulator.

POST /v1                    an array of tasks, each answered, acknowledged or refused by itself
POST /v1/chat/completions   the same engine in the shape of OpenAI
/_emulator/…                its own side (`tasks.emulator.admin.endpoints`)
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tasks.emulator.admin.endpoints import Admin
from tasks.emulator.admin.log import RequestLog
from tasks.emulator.api.chat import ChatEndpoint
from tasks.emulator.api.native import NativeEndpoint
from tasks.emulator.clock import Clock, RealClock
from tasks.emulator.options import EmulatorOptions
from tasks.emulator.wire import connection
from tasks.emulator.work.service import Service
from tasks.emulator.work.webhooks import Courier


class Emulator(Starlette):
    """A Starlette app that keeps hold of the connection, so that faults can cut it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        connection.remember(scope, send)
        await super().__call__(scope, receive, send)


def create_app(
    options: EmulatorOptions = EmulatorOptions(),  # noqa: B008 # frozen
    *,
    clock: Clock | None = None,
    webhook_transport: httpx.AsyncBaseTransport | None = None,
) -> Starlette:
    """Make an emulator with its own till; it keeps nothing outside the app."""
    clock = clock or RealClock()
    courier = Courier(options, clock, webhook_transport)
    service = Service(options, clock, courier)
    log = RequestLog(options.log_size, clock)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await courier.close()

    return Emulator(
        routes=[
            Route("/v1", NativeEndpoint(service, log).serve, methods=["POST"]),
            Route("/v1/chat/completions", ChatEndpoint(service, log).serve, methods=["POST"]),
            *Admin(service, log).routes(),
        ],
        lifespan=lifespan,
    )
