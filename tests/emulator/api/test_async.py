"""Asynchronous delivery: an acknowledgement now, results by getResponse."""

from typing import Any

import httpx
import pytest

from tasks.emulator.options import EmulatorOptions
from tests.emulator.conftest import (
    ANSWER,
    SCRIPT,
    FakeClock,
    client_of,
    poll,
    post,
    settle,
    stats_of,
    task,
    uuid,
)


def options(**changes: Any) -> EmulatorOptions:
    values: dict[str, Any] = {"latency_s": 10, "script": SCRIPT}
    return EmulatorOptions(**(values | changes))


def async_task(number: int = 1, **changes: Any) -> dict[str, Any]:
    return task(number, **{"deliveryMethod": "async"} | changes)


async def test_acknowledges_at_once_and_gives_the_answer_when_polled() -> None:
    clock = FakeClock()
    async with client_of(options(), clock=clock) as client:
        acknowledged = await post(client, async_task(includeCost=True))
        early = await poll(client, 1)
        billed_early = (await stats_of(client))["tasks_billed"]
        await clock.advance(10)
        late = [await poll(client, 1) for _ in range(2)]
        stats = await stats_of(client)

    known = {"taskType": "textInference", "taskUUID": uuid(1)}
    assert acknowledged == {"data": [known]}
    assert early == {"data": [known | {"status": "processing"}]}
    [item] = late[0]["data"]
    assert item | known == item
    assert (item["status"], item["text"], item["finishReason"]) == ("success", ANSWER, "stop")
    assert item["cost"] == stats["usd_billed"] > 0
    assert late[0] == late[1]
    assert (billed_early, stats["tasks_billed"]) == (0, 1)


async def test_polls_several_tasks_in_one_post_and_knows_nothing_of_strangers() -> None:
    clock = FakeClock()
    async with client_of(options(), clock=clock) as client:
        await post(client, async_task(1), async_task(2))
        await clock.advance(10)
        await post(client, async_task(3, seed=1))
        polled = await poll(client, 3, 9, 1, 2)

    assert [item["taskUUID"] for item in polled["data"]] == [uuid(3), uuid(1), uuid(2)]
    assert [item["status"] for item in polled["data"]] == ["processing", "success", "success"]
    assert "errors" not in polled


async def test_results_show_one_by_one_and_each_poll_tells_all_of_them() -> None:
    clock = FakeClock()
    async with client_of(options(show_seed=True), clock=clock) as client:
        await post(client, async_task(numberResults=4, seed=2**32 - 2))
        seen = []
        for _ in range(5):
            seen.append((await poll(client, 1))["data"])
            await clock.advance(2.5)
        billed = (await stats_of(client))["tasks_billed"]

    assert [[item["status"] for item in data].count("success") for data in seen] == [0, 1, 2, 3, 4]
    assert all(len(data) == 4 for data in seen)
    assert [item["seed"] for item in seen[-1]] == [2**32 - 2, 2**32 - 1, 0, 1]
    assert seen[-1][:3] == seen[-2][:3]
    assert billed == 1


async def test_results_are_gone_after_their_retention() -> None:
    clock = FakeClock()
    async with client_of(options(retention_s=100), clock=clock) as client:
        await post(client, async_task())
        await clock.advance(10 + 99)
        kept = await poll(client, 1)
        await clock.advance(1)
        gone = await poll(client, 1)

    assert len(kept["data"]) == 1
    assert gone == {"data": []}


async def test_by_default_results_stay_for_a_day() -> None:
    assert EmulatorOptions().retention_s == 24 * 3600


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"taskUUID": ...}, "missingTaskUUID"),
        ({"taskUUID": "x"}, "invalidTaskUUID"),
        ({"model": "minimax:m2.7@0"}, "unknownParameter"),
    ],
)
async def test_a_poll_has_a_uuid_and_nothing_else(
    client: httpx.AsyncClient, change: dict[str, Any], code: str
) -> None:
    whole = {"taskType": "getResponse", "taskUUID": uuid(1)} | change
    request = {name: value for name, value in whole.items() if value is not ...}
    reply = await client.post("/v1", json=[request])

    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == code


async def test_a_running_uuid_conflicts_and_is_billed_once() -> None:
    clock = FakeClock()
    async with client_of(options(), clock=clock) as client:
        await post(client, async_task())
        again = await client.post("/v1", json=[async_task()])
        await clock.advance(10)
        stats = await stats_of(client)

    assert again.status_code == 400
    assert again.json()["errors"][0]["code"] == "conflictTaskUUID"
    assert (stats["tasks_billed"], stats["tasks_refused"]) == (1, 1)
    assert stats["tasks_refused_by_code"] == {"conflictTaskUUID": 1}


@pytest.mark.parametrize(("refused", "status", "billed_twice"), [(False, 200, 1), (True, 400, 0)])
async def test_a_finished_uuid_is_taken_anew_or_refused(
    refused: bool,  # noqa: FBT001 # a parameter of the test
    status: int,
    billed_twice: int,
) -> None:
    chosen = options(latency_s=0, refuse_finished_uuids=refused)
    async with client_of(chosen, clock=FakeClock()) as client:
        await post(client, async_task())
        await settle()
        again = await client.post("/v1", json=[async_task(seed=5)])
        await settle()
        polled = await poll(client, 1)
        stats = await stats_of(client)

    assert again.status_code == status
    assert stats["uuids_billed_twice"] == billed_twice
    assert stats["tasks_billed_twice"] == 0  # the content was another
    assert len(polled["data"]) == 1


async def test_sync_and_async_tasks_share_a_post() -> None:
    async with client_of(options(latency_s=0)) as client:
        body = await post(client, task(1), async_task(2), async_task(3, seed=-1))

    assert [set(item) - {"taskType"} for item in body["data"]] == [
        {"taskUUID", "text", "finishReason"},
        {"taskUUID"},
    ]
    assert [error["taskUUID"] for error in body["errors"]] == [uuid(3)]


async def test_sync_tasks_are_polled_in_vain_but_for_a_switch() -> None:
    counts = []
    for chosen in (options(latency_s=0), options(latency_s=0, poll_every_delivery=True)):
        async with client_of(chosen) as client:
            await post(client, task())
            counts.append(len((await poll(client, 1))["data"]))

    assert counts == [0, 1]


async def test_a_prompt_beyond_the_window_is_refused_before_the_acknowledgement(
    client: httpx.AsyncClient,
) -> None:
    messages = [{"role": "user", "content": "word " * 20_000}]
    reply = await client.post(
        "/v1", json=[async_task(messages=messages, settings={"maxTokens": 190_000})]
    )

    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == "invalidMaxTokens"
    assert (await stats_of(client))["tasks_running"] == 0


async def test_reset_keeps_what_is_running_and_forgets_the_rest() -> None:
    clock = FakeClock()
    async with client_of(options(), clock=clock) as client:
        await post(client, async_task(1))
        await clock.advance(10)
        await post(client, async_task(2, seed=1))
        await client.post("/_emulator/reset")
        polled = await poll(client, 1, 2)
        stats = await stats_of(client)
        await clock.advance(10)
        later = await stats_of(client)

    assert [item["taskUUID"] for item in polled["data"]] == [uuid(2)]
    assert (stats["tasks_running"], stats["in_flight_most"], stats["tasks_billed"]) == (1, 1, 0)
    assert later["tasks_billed"] == 1


async def test_counts_tasks_in_flight_whatever_their_delivery() -> None:
    clock = FakeClock()
    async with client_of(options(), clock=clock) as client:
        await post(client, *(async_task(n, seed=n) for n in range(5)))
        during = await stats_of(client)
        await clock.advance(10)
        after = await stats_of(client)

    assert (during["in_flight_now"], during["tasks_running"]) == (5, 5)
    assert (after["in_flight_now"], after["in_flight_most"]) == (0, 5)
