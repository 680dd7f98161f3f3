"""Faults before a task is taken, and those that cut the connection or fail the task."""

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

CHAT = "/v1/chat/completions"
CHAT_BODY = {"model": "minimax:m2.7@0", "messages": [{"role": "user", "content": "Hello."}]}


def emulator(*faults: dict[str, Any], clock: FakeClock | None = None, **more: Any) -> Any:
    return client_of(
        EmulatorOptions(script=SCRIPT, faults=faults, **more), clock=clock or FakeClock()
    )


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, "rateLimitExceeded"),
        (500, "internalServerError"),
        (503, "serviceUnavailable"),
        (504, "timeoutProvider"),
    ],
)
@pytest.mark.parametrize("delivery", ["sync", "async", "stream"])
async def test_a_status_refuses_a_task_and_bills_nothing(
    status: int, code: str, delivery: str
) -> None:
    fault = {"fault": "status", "status": status, "retryAfter": 1.5, "times": 1}
    async with emulator(fault) as client:
        refused = await client.post("/v1", json=[task(deliveryMethod=delivery)])
        before = await stats_of(client)
        taken = await client.post("/v1", json=[task(deliveryMethod=delivery)])

    assert refused.status_code == status
    assert refused.headers["retry-after"] == "1.5"
    [error] = refused.json()["errors"]
    assert (error["code"], error["taskUUID"]) == (code, uuid(1))
    assert (before["tasks_billed"], before["tasks_refused_by_code"]) == (0, {code: 1})
    assert taken.status_code == 200


async def test_a_status_without_retry_after_has_no_such_header() -> None:
    async with emulator({"fault": "status", "status": 429}) as client:
        reply = await client.post("/v1", json=[task()])

    assert "retry-after" not in reply.headers


async def test_a_status_comes_in_other_shapes() -> None:
    async with emulator(
        {"fault": "status", "shape": "error", "code": "noAvailableServer", "times": 1},
        {"fault": "status", "shape": "html"},
    ) as client:
        error = await client.post("/v1", json=[task()])
        page = await client.post("/v1", json=[task()])

    assert error.json()["error"]["code"] == "noAvailableServer"
    assert error.json()["taskUUID"] == uuid(1)
    assert "errors" not in error.json()
    assert (page.status_code, page.headers["content-type"][:9]) == (503, "text/html")


async def test_a_status_befalls_chat_completions() -> None:
    async with emulator({"fault": "status", "status": 429, "retryAfter": 2}) as client:
        reply = await client.post(CHAT, json=CHAT_BODY)

    assert (reply.status_code, reply.headers["retry-after"]) == (429, "2")
    assert reply.json()["error"]["type"] == "rate_limit_error"


async def test_tasks_beyond_the_hidden_limit_are_refused_while_others_run() -> None:
    clock = FakeClock()
    fault = {"fault": "concurrency_limit", "limit": 2, "retryAfter": 3}
    async with emulator(fault, clock=clock, latency_s=10) as client:
        first = await post(client, *(task(n, seed=n, deliveryMethod="async") for n in range(3)))
        refused = await client.post(CHAT, json=CHAT_BODY)
        await clock.advance(10)
        after = await client.post("/v1", json=[task(9, deliveryMethod="async")])
        stats = await stats_of(client)

    assert [item["taskUUID"] for item in first["data"]] == [uuid(0), uuid(1)]
    assert [error["code"] for error in first["errors"]] == ["rateLimitExceeded"]
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3")
    assert after.status_code == 200
    assert stats["in_flight_most"] == 2


async def test_the_hidden_limit_changes_by_itself() -> None:
    clock = FakeClock()
    fault = {"fault": "concurrency_limit", "schedule": [[0, 1], [60, 3]]}
    async with emulator(fault, clock=clock, latency_s=1) as client:
        tasks = [task(n, seed=n, deliveryMethod="async") for n in range(4)]
        first = await post(client, *tasks)
        await clock.advance(60)
        second = await post(client, *tasks)

    assert (len(first["data"]), len(second["data"])) == (1, 3)


async def test_tasks_beyond_the_rate_are_refused() -> None:
    clock = FakeClock()
    async with emulator({"fault": "rate_limit", "perSecond": 1, "burst": 2}, clock=clock) as client:
        statuses = [(await client.post("/v1", json=[task()])).status_code for _ in range(3)]
        await clock.advance(1)
        statuses += [(await client.post("/v1", json=[task()])).status_code for _ in range(2)]

    assert statuses == [200, 200, 429, 200, 429]


@pytest.mark.parametrize("delivery", ["sync", "async", "stream"])
@pytest.mark.parametrize(("fault", "billed"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_reset_drops_the_connection_and_bills_what_was_taken(
    delivery: str, fault: str, billed: int
) -> None:
    async with emulator({"fault": fault, "times": 1}) as client:
        with pytest.raises(httpx.TransportError):
            await client.post("/v1", json=[task(deliveryMethod=delivery)])
        await settle()
        stats = await stats_of(client)
        [entry] = (await client.get("/_emulator/log")).json()
        polled = await poll(client, 1)

    assert stats["tasks_billed"] == billed
    assert entry["status"] is None
    found = billed == 1 and delivery == "async"
    assert [item["text"] for item in polled["data"]] == ([ANSWER] if found else [])


@pytest.mark.parametrize(("fault", "billed"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_reset_befalls_chat_completions(fault: str, billed: int) -> None:
    async with emulator({"fault": fault}) as client:
        with pytest.raises(httpx.TransportError):
            await client.post(CHAT, json=CHAT_BODY)
        await settle()

        assert (await stats_of(client))["tasks_billed"] == billed


async def test_nothing_of_a_batch_is_taken_when_one_of_it_is_reset_before() -> None:
    messages = [{"role": "user", "content": "drop this"}]
    async with emulator({"fault": "reset_before", "match": "drop"}) as client:
        with pytest.raises(httpx.TransportError):
            await client.post("/v1", json=[task(1), task(2, messages=messages)])

        assert (await stats_of(client))["tasks_billed"] == 0


async def test_some_of_a_batch_fail_and_the_others_are_answered() -> None:
    async with emulator({"fault": "partial_failure", "every": 2}) as client:
        reply = await client.post("/v1", json=[task(n, seed=n) for n in range(1, 5)])
        stats = await stats_of(client)

    assert reply.status_code == 200
    assert [item["taskUUID"] for item in reply.json()["data"]] == [uuid(1), uuid(3)]
    assert [error["taskUUID"] for error in reply.json()["errors"]] == [uuid(2), uuid(4)]
    assert {error["code"] for error in reply.json()["errors"]} == {"inferenceError"}
    assert stats["tasks_billed"] == 2


async def test_a_partial_failure_spares_one_and_leaves_single_tasks_alone() -> None:
    async with emulator({"fault": "partial_failure"}) as client:
        several = await client.post("/v1", json=[task(n, seed=n) for n in range(3)])
        single = await client.post("/v1", json=[task(9)])

    assert (len(several.json()["data"]), len(several.json()["errors"])) == (1, 2)
    assert "errors" not in single.json()


async def test_a_poll_fails_and_says_nothing_about_the_task() -> None:
    fault = {"fault": "poll_error", "times": 1, "retryAfter": 1}
    async with emulator(fault) as client:
        await post(client, task(deliveryMethod="async"))
        await settle()
        body = [{"taskType": "getResponse", "taskUUID": uuid(1)}]
        failed = await client.post("/v1", json=body)
        polled = await client.post("/v1", json=body)

    assert (failed.status_code, failed.headers["retry-after"]) == (503, "1")
    assert polled.json()["data"][0]["status"] == "success"


@pytest.mark.parametrize("form", ["item", "text", "errors"])
async def test_a_polled_task_ends_in_an_error(form: str) -> None:
    fault = {"fault": "poll_failed", "as": form, "message": "It went wrong."}
    clock = FakeClock()
    async with emulator(fault, clock=clock, latency_s=5) as client:
        await post(client, task(deliveryMethod="async"))
        early = await poll(client, 1)
        await clock.advance(5)
        reply = await client.post("/v1", json=[{"taskType": "getResponse", "taskUUID": uuid(1)}])
        stats = await stats_of(client)

    assert early["data"][0]["status"] == "processing"
    assert (reply.status_code, stats["tasks_billed"]) == (200, 0)
    body = reply.json()
    if form == "errors":
        assert body["data"] == []
        assert body["errors"][0]["code"] == "taskFailed"
        assert body["errors"][0]["taskUUID"] == uuid(1)
    else:
        [item] = body["data"]
        assert item["status"] == "error"
        assert item["taskUUID"] == uuid(1)
        error = {"code": "taskFailed", "message": "It went wrong."}
        assert item["error"] == (error if form == "item" else "It went wrong.")
        assert "errors" not in body
