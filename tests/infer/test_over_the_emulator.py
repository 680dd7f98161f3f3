"""The client against the emulator: they share no code, so this is where a misspelt field shows."""

import httpx
import pytest
from pydantic import SecretStr

from tasks.core.errors import RejectedError
from tasks.emulator.app import create_app
from tasks.infer.client import RunwareClient
from tasks.infer.openai import OpenAIClient
from tests.infer.building import KEY, UUID, request

TEXT = "The fee is 4,200 euros a month. The notice period is ninety days. Nothing else is agreed."


def http() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=create_app()))


async def test_runware_takes_what_we_send_and_we_read_what_it_gives() -> None:
    client = RunwareClient(http(), "http://emulator/v1", KEY)
    asked = request(messages=(*request(system_prompt=TEXT).messages,), seed=1, temperature=0.29)

    result = await client.infer(asked, task_uuid=UUID, key="k")

    assert result.text
    assert result.cost_usd is not None
    assert result.cost_usd > 0
    assert result.usage is not None


async def test_an_openai_server_takes_what_we_send_and_we_read_what_it_gives() -> None:
    client = OpenAIClient(http(), "http://emulator/v1", KEY)

    result = await client.infer(request(), task_uuid=UUID, key="k")

    assert result.text
    assert result.finish_reason == "stop"
    assert result.usage is not None


@pytest.mark.parametrize("client", [RunwareClient, OpenAIClient])
async def test_a_missing_key_is_refused_with_advice(
    client: type[RunwareClient] | type[OpenAIClient],
) -> None:
    without = client(http(), "http://emulator/v1", SecretStr(""))

    with pytest.raises(RejectedError, match="API_KEY"):
        await without.infer(request(), task_uuid=UUID, key="k")
