"""Opening the connection to who answers, with the ledger before it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from flows.job import Job
from tasks.core.errors import ConfigError
from tasks.core.settings import DeliveryMethod, Provider, Settings
from tasks.emulator.app import create_app
from tasks.infer.budget import Budget
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Delivery
from tasks.infer.delivery.poller import Poller
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.stream import StreamDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.delivery.sync import SyncDelivery
from tasks.infer.inference import FREE, Inference
from tasks.infer.openai import OpenAIDelivery
from tasks.infer.prices import Prices
from tasks.infer.throttle.gate import fixed
from tasks.ledger.ledger import Ledger, open_ledger

OFFLINE_URL = "http://offline/v1"
"""Of the emulator in this very process; nothing of it goes over a network."""

OFFLINE_KEY = SecretStr("offline")


@asynccontextmanager
async def open_inference(settings: Settings, job: Job) -> AsyncIterator[Inference]:
    """Open a job's provider, whose settings are checked, and the ledger."""
    timeout = httpx.Timeout(settings.request_timeout_s, connect=30.0)
    async with (
        httpx.AsyncClient(transport=_transport(job.provider), timeout=timeout) as http,
        _opened(settings.ledger_url(), buy_lost=job.buy_lost) as ledger,
    ):
        yield Inference(
            delivery=_delivery(http, settings, job),
            ledger=ledger,
            throttle=fixed(settings.at_once),
            prices=_prices(settings, job.provider),
            budget=_budget(job),
            model=settings.openai_model if job.provider is Provider.OPENAI else None,
            not_before=job.not_before,
            window=job.window,
        )


def _budget(job: Job) -> Budget | None:
    """Give what may be spent on a folder's outputs of a recipe, over all runs that make them."""
    if job.budget_usd is None and job.budget_tokens is None:
        return None
    return Budget(
        job=job.identity(job.folder), usd_limit=job.budget_usd, tokens_limit=job.budget_tokens
    )


def _prices(settings: Settings, provider: Provider) -> Prices:
    """Give what a provider charges; the engine in this process charges nothing."""
    if provider is Provider.OFFLINE:
        return FREE
    return Prices(
        settings.usd_per_million_prompt_tokens, settings.usd_per_million_completion_tokens
    )


@asynccontextmanager
async def _opened(url: str, *, buy_lost: bool) -> AsyncIterator[Ledger]:
    """Open the ledger; ConfigError where it is damaged or cannot be reached."""
    async with AsyncExitStack() as stack:
        try:
            ledger = await stack.enter_async_context(open_ledger(url, buy_lost=buy_lost))
        except (SQLAlchemyError, OSError) as error:
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            shown = make_url(url).render_as_string(hide_password=True)
            raise ConfigError(
                f"the ledger {shown} cannot be opened ({cause}): bring back a sound copy of it, or "
                "point DOCMILL_LEDGER (or DOCMILL_HOME) at another place to begin a new one"
            ) from error
        yield ledger


def _transport(provider: Provider) -> httpx.AsyncBaseTransport:
    if provider is Provider.OFFLINE:
        return httpx.ASGITransport(app=create_app())
    return AiohttpTransport()


def _delivery(http: httpx.AsyncClient, settings: Settings, job: Job) -> Delivery:
    if job.provider is Provider.OPENAI:
        url, key = settings.openai_url or "", settings.openai_api_key
        return OpenAIDelivery(Connection(http, url, key, provider="openai"))
    if job.provider is Provider.OFFLINE:
        offline = Connection(http, OFFLINE_URL, OFFLINE_KEY, job.provider, include_cost=False)
        return SyncDelivery(offline, Poller(offline))
    connection = Connection(
        http,
        settings.runware_url,
        settings.runware_api_key,
        include_cost=job.recipe.include_cost,
        include_usage=job.recipe.include_usage,
    )
    poller = Poller(connection)
    if job.delivery is DeliveryMethod.SYNC:
        return SyncDelivery(connection, poller)
    if job.delivery is DeliveryMethod.STREAM:
        return StreamDelivery(connection, poller)
    return AsyncDelivery(connection, Submitter(connection), poller)
