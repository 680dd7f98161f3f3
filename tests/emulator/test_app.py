import asyncio
import json

import httpx
import pytest

from tasks.emulator.options import EmulatorOptions
from tests.emulator.conftest import (
    PROSE,
    SCRIPT,
    FakeClock,
    client_of,
    stats_of,
    task,
    uuid,
)


async def test_answers_a_task_with_its_four_keys_and_no_errors_key(
    client: httpx.AsyncClient,
) -> None:
    reply = await client.post("/v1", json=[task()])

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    assert set(reply.json()) == {"data"}
    [item] = reply.json()["data"]
    assert set(item) == {"taskType", "taskUUID", "text", "finishReason"}
    assert item["taskType"] == "textInference"
    assert item["taskUUID"] == uuid(1)
    assert item["finishReason"] == "stop"
    assert "Offline extract" in item["text"]


async def test_gives_cost_and_usage_only_when_asked(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1", json=[task(includeCost=True, includeUsage=True)])

    [item] = reply.json()["data"]
    usage = item["usage"]
    assert usage["totalTokens"] == usage["promptTokens"] + usage["completionTokens"]
    assert 0 < usage["thinkingTokens"] < usage["completionTokens"]
    dollars = usage["promptTokens"] * 0.30e-6 + usage["completionTokens"] * 1.20e-6
    assert item["cost"] == pytest.approx(dollars)
    assert isinstance(item["cost"], float)


async def test_prices_are_options() -> None:
    free = EmulatorOptions(usd_per_million_input=0.0, usd_per_million_output=0.0)
    async with client_of(free) as client:
        reply = await client.post("/v1", json=[task(includeCost=True)])

    assert reply.json()["data"][0]["cost"] == 0.0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", "invalidRequest"),
        (b"5", "invalidRequest"),
        (b"[]", "arrayTooSmall"),
        (b"[", "invalidRequest"),
        (b"", "invalidRequest"),
        (b"\xff", "invalidRequest"),
        (b"[NaN]", "invalidRequest"),
        (b"[" * 100_000, "invalidRequest"),
    ],
)
async def test_refuses_a_body_that_is_no_array_of_tasks(
    client: httpx.AsyncClient, body: bytes, code: str
) -> None:
    reply = await client.post("/v1", content=body, headers={"Content-Type": "application/json"})

    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == code


async def test_refuses_a_body_of_another_content_type(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1", content=json.dumps([task()]))

    assert reply.json()["errors"][0]["code"] == "invalidContentType"


async def test_a_refused_task_is_named_with_what_is_known_of_it(
    client: httpx.AsyncClient,
) -> None:
    reply = await client.post("/v1", json=[task(numberResults=9)])

    assert reply.status_code == 400
    assert reply.json()["data"] == []
    [error] = reply.json()["errors"]
    assert error["code"] == "invalidNumberResults"
    assert error["parameter"] == "numberResults"
    assert error["taskType"] == "textInference"
    assert error["taskUUID"] == uuid(1)
    assert "numberResults" in error["message"]


async def test_tasks_of_one_post_succeed_and_fail_by_themselves_in_order(
    client: httpx.AsyncClient,
) -> None:
    body = [task(3), task(1, seed=-1), task(2), task(4, model="gpt")]
    reply = await client.post("/v1", json=body)

    assert reply.status_code == 200
    assert [item["taskUUID"] for item in reply.json()["data"]] == [uuid(3), uuid(2)]
    assert [error["taskUUID"] for error in reply.json()["errors"]] == [uuid(1), uuid(4)]
    assert (await stats_of(client))["tasks_billed"] == 2


async def test_refuses_a_prompt_that_overflows_the_window_and_bills_nothing(
    client: httpx.AsyncClient,
) -> None:
    content = "word " * 20_000
    reply = await client.post(
        "/v1",
        json=[
            task(1, messages=[{"role": "user", "content": content}], settings={"maxTokens": most})
            for most in (184_000, 185_000)
        ][::-1],
    )
    within = await client.post(
        "/v1",
        json=[
            task(messages=[{"role": "user", "content": content}], settings={"maxTokens": 184_000})
        ],
    )

    [overflow] = [e for e in reply.json()["errors"] if e["code"] != "conflictTaskUUID"]
    assert overflow["code"] == "invalidMaxTokens"
    assert overflow["parameter"] == "settings.maxTokens"
    assert "204800" in overflow["message"]
    assert within.status_code == 200


async def test_a_uuid_conflicts_while_its_task_runs_and_not_after(
    client: httpx.AsyncClient,
) -> None:
    together = await client.post("/v1", json=[task(), task(taskUUID=uuid(1).upper())])
    after = await client.post("/v1", json=[task()])

    assert len(together.json()["data"]) == 1
    [error] = together.json()["errors"]
    assert (error["code"], error["parameter"]) == ("conflictTaskUUID", "taskUUID")
    assert after.status_code == 200


async def test_a_uuid_conflicts_across_posts() -> None:
    async with client_of(EmulatorOptions(latency_s=0.05)) as client:
        replies = await asyncio.gather(*(client.post("/v1", json=[task()]) for _ in range(2)))

    assert sorted(reply.status_code for reply in replies) == [200, 400]


async def test_a_client_that_goes_away_leaves_its_task_running_and_pays_for_it() -> None:
    clock = FakeClock()
    async with client_of(EmulatorOptions(latency_s=60, script=SCRIPT), clock=clock) as client:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.post("/v1", json=[task()]), timeout=0.02)
        again = await client.post("/v1", json=[task()])
        before = await stats_of(client)
        await clock.advance(60)
        after = await stats_of(client)

    assert again.json()["errors"][0]["code"] == "conflictTaskUUID"
    assert (before["tasks_running"], before["tasks_billed"]) == (1, 0)
    assert (after["tasks_running"], after["tasks_billed"]) == (0, 1)


async def test_a_switch_refuses_a_finished_uuid_until_reset() -> None:
    async with client_of(EmulatorOptions(refuse_finished_uuids=True)) as client:
        replies = [await client.post("/v1", json=[task()]) for _ in range(2)]
        await client.post("/_emulator/reset")
        replies.append(await client.post("/v1", json=[task()]))

    assert [reply.status_code for reply in replies] == [200, 400, 200]


async def test_counts_what_it_bills_to_the_token(client: httpx.AsyncClient) -> None:
    replies = [
        await client.post("/v1", json=[task(n, seed=n, includeCost=True)]) for n in range(1, 8)
    ]
    await client.post("/v1", json=[task(seed=-1)])

    stats = await stats_of(client)
    costs = [reply.json()["data"][0]["cost"] for reply in replies]
    assert stats["requests"] == 8
    assert stats["tasks_billed"] == 7
    assert stats["tasks_billed_twice"] == 0
    assert stats["usd_billed"] == round(sum(costs), 12)


async def test_same_content_is_billed_twice_whatever_its_uuid_and_delivery(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/v1", json=[task(1)])
    await client.post("/v1", json=[task(2, includeCost=True, deliveryMethod="sync")])
    await client.post("/v1", json=[task(3, settings={"temperature": 1})])
    await client.post("/v1", json=[task(4, seed=1)])

    stats = await stats_of(client)
    assert stats["tasks_billed"] == 4
    assert stats["tasks_billed_twice"] == 2


async def test_reset_forgets_the_bills(client: httpx.AsyncClient) -> None:
    await client.post("/v1", json=[task()])
    await client.post("/_emulator/reset")

    stats = await stats_of(client)
    assert not any(value for value in stats.values())
    assert {"requests", "tasks_billed", "tasks_billed_twice", "usd_billed"} < stats.keys()


async def test_several_results_share_the_uuid_and_count_as_one_task(
    client: httpx.AsyncClient,
) -> None:
    reply = await client.post("/v1", json=[task(numberResults=3, includeCost=True)])

    items = reply.json()["data"]
    assert [item["taskUUID"] for item in items] == [uuid(1)] * 3
    stats = await stats_of(client)
    assert stats["tasks_billed"] == 1
    assert stats["usd_billed"] == pytest.approx(sum(item["cost"] for item in items))


async def test_a_lone_surrogate_comes_back_as_it_came(client: httpx.AsyncClient) -> None:
    body = json.dumps([task(messages=[{"role": "user", "content": "A lone \ud800 stands here."}])])
    reply = await client.post("/v1", content=body, headers={"Content-Type": "application/json"})

    assert reply.status_code == 200
    assert "\ud800" in json.loads(reply.content)["data"][0]["text"]


async def test_equal_requests_get_equal_bytes_from_any_emulator() -> None:
    bodies = []
    for _ in range(2):
        async with client_of(EmulatorOptions()) as client:
            reply = await client.post("/v1", json=[task(numberResults=4, includeUsage=True)])
            bodies.append(reply.content)

    assert bodies[0] == bodies[1]
    assert PROSE.split(".", maxsplit=1)[0] in bodies[0].decode()
