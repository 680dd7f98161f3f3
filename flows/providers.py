"""Opening the connection to who answers, with the ledger before it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from tasks.core.errors import ConfigError
from tasks.core.settings import Provider, Settings
from tasks.emulator.app import create_app
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Delivery
from tasks.infer.delivery.poller import Poller
from tasks.infer.delivery.sync import SyncDelivery
from tasks.infer.inference import Inference
from tasks.infer.openai import OpenAIDelivery
from tasks.infer.prices import Prices
from tasks.infer.throttle.gate import fixed
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
            delivery=_delivery(http, settings, provider),
            ledger=ledger,
            throttle=fixed(settings.at_once),
            prices=Prices(
                settings.usd_per_million_prompt_tokens, settings.usd_per_million_completion_tokens
            ),
            model=settings.openai_model if provider is Provider.OPENAI else None,
            not_before=not_before,
            window=settings.window,
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


def _delivery(http: httpx.AsyncClient, settings: Settings, provider: Provider) -> Delivery:
    if provider is Provider.OPENAI:
        url, key = settings.openai_url or "", settings.openai_api_key
        return OpenAIDelivery(Connection(http, url, key, provider="openai"))
    if provider is Provider.OFFLINE:
        connection = Connection(
            http, OFFLINE_URL, OFFLINE_KEY, provider=provider, include_cost=False
        )
    else:
        connection = Connection(http, settings.runware_url, settings.runware_api_key)
    return SyncDelivery(connection, Poller(connection))
