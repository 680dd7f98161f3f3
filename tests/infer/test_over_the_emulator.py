"""The client against the emulator: they share no code, so this is where a misspelt field shows."""

import httpx
import pytest
from pydantic import SecretStr

from tasks.core.errors import RejectedError
from tasks.emulator.app import create_app
from tasks.infer.connection import Connection
from tasks.infer.delivery.delivery import Delivery
from tasks.infer.delivery.poller import Poller
from tasks.infer.delivery.sync import SyncDelivery
from tasks.infer.openai import OpenAIDelivery
from tests.infer.building import KEY, a_task

TEXT = "The fee is 4,200 euros a month. The notice period is ninety days. Nothing else is agreed."


def connection(key: SecretStr = KEY) -> Connection:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=create_app()))
    return Connection(http, "http://emulator/v1", key)


def sync(key: SecretStr = KEY) -> SyncDelivery:
    return SyncDelivery(connection(key), Poller(connection(key)))


async def test_runware_takes_what_we_send_and_we_read_what_it_gives() -> None:
    task = a_task(system_prompt=TEXT, seed=1, temperature=0.29, number_results=2)

    results = await sync().deliver(task, begun=False)

    assert len(results) == 2
    for result in results:
        assert result.text
        assert result.cost_usd
        assert result.usage is not None


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
