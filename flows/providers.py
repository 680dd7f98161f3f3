"""Opening the connection to who answers, with the ledger before it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from tasks.core.settings import Provider, Settings
from tasks.emulator.app import create_app
from tasks.infer.client import Client, RunwareClient
from tasks.infer.inference import Inference
from tasks.infer.openai import OpenAIClient
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
            client=_client(http, settings, provider),
            ledger=ledger,
            slots=asyncio.Semaphore(settings.at_once),
            model=settings.openai_model if provider is Provider.OPENAI else None,
            not_before=not_before,
        )


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
