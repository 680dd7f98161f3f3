"""The client against the emulator: they share no code, so this is where a misspelt field shows."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from tasks.core.errors import RejectedError
from tasks.emulator.app import create_app
from tasks.emulator.options import EmulatorOptions
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Delivery
from tasks.infer.delivery.poller import Poller, PollTimes
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.receiver import PATH, create_receiver
from tasks.infer.delivery.stream import StreamDelivery
from tasks.infer.delivery.submit import Submitter
from tasks.infer.delivery.sync import SyncDelivery
from tasks.infer.delivery.webhook import Mailbox, WebhookFinder
from tasks.infer.openai import OpenAIDelivery
from tasks.ledger.ledger import Asked, Claim, Ledger
from tests.infer.building import KEY, a_task

TEXT = "The fee is 4,200 euros a month. The notice period is ninety days. Nothing else is agreed."


def connection(key: SecretStr = KEY, **options: Any) -> Connection:
    app = create_app(EmulatorOptions(**options))
    return Connection(httpx.ASGITransport(app=app), "http://emulator/v1", key)


def sync(key: SecretStr = KEY, **options: Any) -> SyncDelivery:
    to = connection(key, **options)
    return SyncDelivery(to, Poller(to))


async def test_runware_takes_what_we_send_and_we_read_what_it_gives() -> None:
    task = a_task(system_prompt=TEXT, seed=1, temperature=0.29, number_results=2)

    results = await sync().deliver(task, begun=False)

    assert len(results) == 2
    for result in results:
        assert result.text
        assert result.cost_usd
        assert result.usage is not None


QUICK = PollTimes(first_s=0.001, unknown_after_s=0.01)


def polled(connection: Connection, *, tasks_per_post: int = 1) -> AsyncDelivery:
    submitter = Submitter(connection, tasks_per_post=tasks_per_post)
    return AsyncDelivery(connection, submitter, Poller(connection, times=QUICK))


def brought(ledger: Ledger) -> AsyncDelivery:
    """Make a delivery by webhook whose polls would come too late."""
    receiver = create_receiver(SecretStr("s3cret"), ledger)
    options = EmulatorOptions(show_seed=True)
    app = create_app(options, webhook_transport=httpx.ASGITransport(app=receiver))
    hook = SecretStr(f"http://127.0.0.1{PATH}?token=s3cret")
    to = Connection(httpx.ASGITransport(app=app), "http://emulator/v1", KEY, webhook_url=hook)
    return AsyncDelivery(to, Submitter(to), WebhookFinder(Mailbox(ledger), Poller(to)))


async def test_every_delivery_gives_the_same_siblings(ledger: Ledger) -> None:
    claim = await ledger.claim(Asked("k", "runware", "http://emulator/v1", "m", results=3))
    assert isinstance(claim, Claim)
    task = a_task(claim.task_uuid, system_prompt=TEXT, seed=2**32 - 1, number_results=3)
    deliveries = (sync(show_seed=True), polled(connection(show_seed=True)), brought(ledger))

    texts = [
        [result.text for result in await delivery.deliver(task, begun=False)]
        for delivery in deliveries
    ]

    assert len(texts[0]) == 3
    assert all(texts[0])
    assert texts[0] == texts[1] == texts[2]


async def test_a_stream_gives_what_sync_gives() -> None:
    task = a_task(system_prompt=TEXT, seed=1)
    to = connection()

    (streamed,) = await StreamDelivery(to, Poller(to)).deliver(task, begun=False)
    (whole,) = await sync().deliver(task, begun=False)

    assert (streamed.text, streamed.finish_reason) == (whole.text, whole.finish_reason)
    assert (streamed.usage, streamed.cost_usd) == (whole.usage, whole.cost_usd)


async def test_several_tasks_go_in_one_post() -> None:
    tasks = [a_task(str(uuid4()), seed=seed) for seed in range(6)]
    together = polled(connection(), tasks_per_post=4)

    results = await asyncio.gather(*(together.deliver(task, begun=False) for task in tasks))

    assert all(result.text for (result,) in results)


@pytest.mark.parametrize("refused", [False, True])
async def test_what_is_sent_again_is_fetched_and_billed_once(refused: bool) -> None:  # noqa: FBT001
    to = connection(refuse_finished_uuids=refused)
    for _ in range(3):
        await polled(to).deliver(a_task(), begun=True)

    async with httpx.AsyncClient(transport=to.transport, headers=to.headers) as admin:
        stats = (await admin.get("http://emulator/_emulator/stats")).json()
    assert (stats["tasks_billed"], stats["tasks_billed_twice"]) == (1, 0)


async def test_an_openai_server_takes_what_we_send_and_we_read_what_it_gives() -> None:
    (result,) = await OpenAIDelivery(connection()).deliver(a_task(), begun=False)

    assert result.text
    assert result.finish_reason == "stop"
    assert result.usage is not None


@pytest.mark.parametrize(
    "without", [sync(SecretStr("")), OpenAIDelivery(connection(SecretStr("")))]
)
async def test_a_missing_key_is_refused_with_advice(without: Delivery) -> None:
    with pytest.raises(RejectedError, match="API_KEY"):
        await without.deliver(a_task(), begun=False)
