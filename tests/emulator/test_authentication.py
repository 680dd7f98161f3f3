from typing import Any

import httpx
import pytest

from tasks.emulator.options import EmulatorOptions
from tests.emulator.conftest import (
    client_of,
    task,
    uuid,
)


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer", "Basic abc", "any-key"])
async def test_refuses_a_request_without_a_key(header: str | None) -> None:
    async with client_of(EmulatorOptions()) as client:
        client.headers.pop("authorization")
        headers = {} if header is None else {"Authorization": header}
        reply = await client.post("/v1", json=[task()], headers=headers)

    assert reply.status_code == 401
    [error] = reply.json()["errors"]
    assert error["code"] == "missingApiKey"
    assert error["parameter"] == "apiKey"
    assert error["taskType"] == "authentication"


async def test_takes_the_key_from_a_first_task_and_answers_it_too() -> None:
    async with client_of(EmulatorOptions()) as client:
        client.headers.pop("authorization")
        first = {"taskType": "authentication", "apiKey": "k"}
        reply = await client.post("/v1", json=[first, task()])
        late = await client.post("/v1", json=[task(), first])

    assert reply.status_code == 200
    row, item = reply.json()["data"]
    assert set(row) == {"taskType", "connectionSessionUUID"}
    assert item["taskUUID"] == uuid(1)
    assert late.status_code == 401


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"apiKey": ""}, 401, "missingApiKey"),
        ({"apiKey": 5}, 400, "invalidApiKey"),
        ({"connectionSessionUUID": "x"}, 400, "invalidConnectionSessionUUID"),
        ({"taskUUID": uuid(1)}, 400, "unknownParameter"),
    ],
)
async def test_checks_the_authentication_task(
    change: dict[str, Any], status: int, code: str
) -> None:
    async with client_of(EmulatorOptions()) as client:
        client.headers.pop("authorization")
        first = {"taskType": "authentication", "apiKey": "k"} | change
        reply = await client.post("/v1", json=[first, task()])

    assert reply.status_code == status
    assert reply.json()["errors"][0]["code"] == code


async def test_refuses_both_ways_of_authentication_at_once(client: httpx.AsyncClient) -> None:
    first = {"taskType": "authentication", "apiKey": "k"}
    reply = await client.post("/v1", json=[first, task()])

    assert reply.json()["errors"][0]["code"] == "incompatibleParameters"


async def test_with_a_secret_takes_no_other_key_and_keeps_its_counts_to_itself() -> None:
    async with client_of(EmulatorOptions(secret="the-secret")) as client:
        replies = [
            await client.post("/v1", json=[task()]),
            await client.post("/v1/chat/completions", json={}),
            await client.get("/_emulator/stats"),
            await client.post("/_emulator/reset"),
        ]
        client.headers["authorization"] = "Bearer the-secret"
        allowed = await client.post("/v1", json=[task()])

    assert [reply.status_code for reply in replies] == [401] * 4
    assert replies[0].json()["errors"][0]["code"] == "invalidApiKey"
    assert allowed.status_code == 200
    assert "the-secret" not in repr(EmulatorOptions(secret="the-secret"))
