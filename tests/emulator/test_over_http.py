"""Faults of the connection itself, which only a real one shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
import pytest

from tasks.emulator.app import create_app
from tasks.emulator.options import EmulatorOptions
from tests.emulator.conftest import KEY, SCRIPT, task
from tests.serving import serving

END = '"finishReason": "stop"'


@asynccontextmanager
async def served(
    *faults: dict[str, Any], answers: tuple[dict[str, Any], ...] = SCRIPT, **options: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """Serve an emulator on a free port of this machine."""
    app = create_app(EmulatorOptions(script=answers, faults=faults, **options))
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url, headers=KEY, trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize("delivery", ["sync", "async", "stream"])
@pytest.mark.parametrize(("fault", "billed"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_reset_is_a_reset(fault: str, billed: int, delivery: str) -> None:
    async with served({"fault": fault, "times": 1}) as client:
        with pytest.raises(httpx.ReadError):
            await client.post("/v1", json=[task(deliveryMethod=delivery)])
        stats = (await client.get("/_emulator/stats")).json()

    assert stats["tasks_billed"] == billed
    assert stats["requests_open"] == 0


@pytest.mark.parametrize("delivery", ["sync", "stream"])
async def test_an_abrupt_cut_is_an_error_of_the_connection(delivery: str) -> None:
    fault = {"fault": "truncate", "abrupt": True, "times": 1}
    async with served(fault) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/v1", json=[task(deliveryMethod=delivery)])
        whole = await client.post("/v1", json=[task(deliveryMethod=delivery)])

    assert END in whole.text


@pytest.mark.parametrize("delivery", ["sync", "stream"])
async def test_a_quiet_cut_looks_whole_to_http(delivery: str) -> None:
    async with served({"fault": "truncate"}) as client:
        reply = await client.post("/v1", json=[task(deliveryMethod=delivery)])

    assert reply.status_code == 200
    assert END not in reply.text
    assert "[DONE]" not in reply.text


async def test_split_characters_arrive_in_reads_of_their_own() -> None:
    script = [{"answer": "東京 and Zürich"}]
    async with served({"fault": "split_utf8", "pauseSeconds": 0.02}) as client:
        await client.post("/_emulator/script", json=script)
        body = [task(deliveryMethod="stream")]
        async with client.stream("POST", "/v1", json=body) as reply:
            reads = [read async for read in reply.aiter_raw()]

    assert len(reads) > 3
    with pytest.raises(UnicodeDecodeError):
        reads[0].decode()
    assert "東京" in b"".join(reads).decode()


async def test_a_client_that_leaves_a_stream_pays_for_it() -> None:
    async with served(latency_s=0.01) as client:
        async with client.stream("POST", "/v1", json=[task(deliveryMethod="stream")]) as reply:
            assert reply.status_code == 200
        with anyio.fail_after(10):
            while (await client.get("/_emulator/stats")).json()["tasks_billed"] == 0:
                await anyio.lowlevel.checkpoint()

        assert (await client.get("/_emulator/stats")).json()["tasks_running"] == 0


async def test_a_webhook_of_this_machine_is_reached() -> None:
    async with served() as receiver, served() as client:
        url = str(receiver.base_url) + "/v1?token=t"
        await client.post("/v1", json=[task(deliveryMethod="async", webhookURL=url)])
        with anyio.fail_after(10):
            while (await receiver.get("/_emulator/stats")).json()["requests"] == 0:
                await anyio.lowlevel.checkpoint()
        [entry] = (await receiver.get("/_emulator/log")).json()

    assert (entry["status"], entry["path"]) == (400, "/v1")  # a flat body is no array of tasks
