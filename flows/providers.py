"""Opening the connection to who answers, with the ledger before it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from flows.job import Job
from flows.margins import endpoint_of
from flows.webhooks import webhook_address
from tasks.core.capacity import Window
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
from tasks.infer.delivery.webhook import Mailbox, WebhookFinder
from tasks.infer.inference import FREE, Inference
from tasks.infer.meter import Meter
from tasks.infer.openai import OpenAIDelivery
from tasks.infer.prices import Prices
from tasks.infer.throttle.gate import Throttle, fixed
from tasks.infer.throttle.limit import START
from tasks.infer.throttle.sharing import shared
from tasks.ledger.ledger import Ledger, open_ledger
from tasks.ledger.throttle_table import ThrottleTable

OFFLINE_KEY = SecretStr("offline")

OFFLINE_AT_ONCE = 4

AT_ONCE_AT_MOST = 64
"""Where the provider refuses nothing: enough for any run, and no burden on anybody."""


@asynccontextmanager
async def open_inference(settings: Settings, job: Job) -> AsyncIterator[Inference]:
    """Open a job's provider, whose settings are checked, and the ledger."""
    async with (
        _transport(job.provider) as transport,
        _opened(settings.ledger_url(), buy_lost=job.buy_lost) as ledger,
        _throttle(settings, job.provider, ledger) as throttle,
    ):
        meter = Meter()
        yield Inference(
            delivery=_delivery(transport, settings, job, meter, ledger),
            meter=meter,
            ledger=ledger,
            throttle=throttle,
            prices=prices_of(job.provider, settings),
            budget=_budget(job),
            model=settings.openai_model if job.provider is Provider.OPENAI else None,
            not_before=job.not_before,
            window=Window(job.window),
        )


def _budget(job: Job) -> Budget | None:
    """Give what may be spent on a folder's outputs of a recipe, over all runs that make them."""
    if job.budget_usd is None and job.budget_tokens is None:
        return None
    return Budget(
        job=job.identity(job.folder), usd_limit=job.budget_usd, tokens_limit=job.budget_tokens
    )


def prices_of(provider: Provider, settings: Settings) -> Prices:
    """Give what a provider charges: Runware as set, others nothing unless a price is set."""
    names = {"usd_per_million_prompt_tokens", "usd_per_million_completion_tokens"}
    is_set = not names.isdisjoint(settings.model_fields_set)
    if provider is Provider.OFFLINE or not (provider is Provider.RUNWARE or is_set):
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


@asynccontextmanager
async def _throttle(
    settings: Settings, provider: Provider, ledger: Ledger
) -> AsyncIterator[Throttle]:
    """Open the throttle that all processes share which ask the same server.

    `DOCMILL_AT_ONCE` is taken as what the server takes, until it refuses. Without it the limit is
    found from few upwards: but for a server that queues what it cannot serve yet, as those on
    one's own machine do, and that refuses nothing.
    """
    if provider is Provider.OFFLINE:
        yield fixed(settings.at_once or OFFLINE_AT_ONCE)
        return
    openai = provider is Provider.OPENAI
    most = settings.at_once or (START if openai else AT_ONCE_AT_MOST)
    first = settings.at_once or START
    table = ThrottleTable(ledger.writer)
    async with shared(table, endpoint_of(provider, settings), first=first, most=most) as throttle:
        yield throttle


def _transport(provider: Provider) -> httpx.AsyncBaseTransport:
    if provider is Provider.OFFLINE:
        return httpx.ASGITransport(app=create_app())
    return AiohttpTransport()


def _delivery(
    transport: httpx.AsyncBaseTransport, settings: Settings, job: Job, meter: Meter, ledger: Ledger
) -> Delivery:
    endpoint = endpoint_of(job.provider, settings)
    if job.provider is Provider.OPENAI:
        key = settings.openai_api_key
        return OpenAIDelivery(
            Connection(
                transport, endpoint, key, provider="openai", timeout_s=settings.request_timeout_s
            )
        )
    if job.provider is Provider.OFFLINE:
        offline = Connection(transport, endpoint, OFFLINE_KEY, job.provider, include_cost=False)
        return SyncDelivery(offline, Poller(offline))
    brought = job.delivery is DeliveryMethod.WEBHOOK
    connection = Connection(
        transport,
        endpoint,
        settings.runware_api_key,
        include_cost=job.recipe.include_cost,
        include_usage=job.recipe.include_usage,
        webhook_url=webhook_address(settings) if brought else None,
        timeout_s=settings.request_timeout_s,
    )
    poller = Poller(connection)
    if job.delivery is DeliveryMethod.SYNC:
        return SyncDelivery(connection, poller)
    if job.delivery is DeliveryMethod.STREAM:
        return StreamDelivery(connection, poller, meter.grows)
    finder = WebhookFinder(Mailbox(ledger), poller) if brought else poller
    submitter = Submitter(connection, tasks_per_post=settings.tasks_per_post)
    return AsyncDelivery(connection, submitter, finder)
