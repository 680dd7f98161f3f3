"""Opening the connection to who answers, with the ledger before it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from tasks.core.errors import ConfigError
from tasks.core.settings import Provider, Settings
from tasks.emulator.app import create_app
from tasks.infer.client import Client, RunwareClient
from tasks.infer.inference import Inference
from tasks.infer.openai import OpenAIClient
from tasks.ledger.ledger import Ledger, open_ledger

OFFLINE_URL = "http://offline/v1"
"""Of the emulator in this very process; nothing of it goes over a network."""

OFFLINE_KEY = SecretStr("offline")


@asynccontextmanager
async def open_inference(
    settings: Settings, provider: Provider, *, not_before: float = 0.0
) -> AsyncIterator[Inference]:
    """Open a provider, whose settings are checked, and the ledger."""
    timeout = httpx.Timeout(settings.request_timeout_s, connect=30.0)
    async with (
        httpx.AsyncClient(transport=_transport(provider), timeout=timeout) as http,
        _opened(settings.ledger_url()) as ledger,
    ):
        yield Inference(
            client=_client(http, settings, provider),
            ledger=ledger,
            slots=asyncio.Semaphore(settings.at_once),
            model=settings.openai_model if provider is Provider.OPENAI else None,
            not_before=not_before,
        )


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Ledger]:
    """Open the ledger; ConfigError where it is damaged or cannot be reached."""
    async with AsyncExitStack() as stack:
        try:
            ledger = await stack.enter_async_context(open_ledger(url))
        except (SQLAlchemyError, OSError) as error:
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise ConfigError(
                f"the ledger {url} cannot be opened ({cause}): bring back a sound copy of it, or "
                "point DOCMILL_LEDGER (or DOCMILL_HOME) at another place to begin a new one"
            ) from error
        yield ledger


def _transport(provider: Provider) -> httpx.AsyncBaseTransport:
    if provider is Provider.OFFLINE:
        return httpx.ASGITransport(app=create_app())
    return AiohttpTransport()


def _client(http: httpx.AsyncClient, settings: Settings, provider: Provider) -> Client:
    if provider is Provider.OPENAI:
        return OpenAIClient(http, settings.openai_url or "", settings.openai_api_key)
    if provider is Provider.OFFLINE:
        return RunwareClient(http, OFFLINE_URL, OFFLINE_KEY, provider=provider, include_cost=False)
    return RunwareClient(http, settings.runware_url, settings.runware_api_key or OFFLINE_KEY)
