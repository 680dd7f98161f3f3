"""Opening the connection to who answers, with the ledger before it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

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
from tasks.ledger.ledger import open_ledger

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
        open_ledger(settings.ledger_url()) as ledger,
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
