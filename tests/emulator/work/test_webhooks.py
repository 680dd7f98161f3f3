"""Webhooks: one POST per item, tried again at growing distances, only ever to this machine."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tasks.emulator.options import EmulatorOptions
from tasks.emulator.work.webhooks import FIRST_PAUSE_S, LONGEST_PAUSE_S, pause_s
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

URL = "http://127.0.0.1:9/hook?token=the-token"


class Receiver:
    """A webhook's other end, which answers as it is told."""

    def __init__(self, *statuses: int | Exception) -> None:
        self.bodies: list[dict[str, Any]] = []
        self._statuses = list(statuses)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(request.content))
        assert str(request.url) == URL
        answer = self._statuses.pop(0) if self._statuses else 200
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)


def hooked(number: int = 1, **changes: Any) -> dict[str, Any]:
    return task(number, **{"deliveryMethod": "async", "webhookURL": URL} | changes)


def emulator(
    receiver: Callable[[httpx.Request], httpx.Response], clock: FakeClock, **options: Any
) -> httpx.AsyncClient:
    values: dict[str, Any] = {"script": SCRIPT} | options
    return client_of(
        EmulatorOptions(**values), clock=clock, webhook_transport=httpx.MockTransport(receiver)
    )


async def fault(client: httpx.AsyncClient, **rule: Any) -> None:
    assert (await client.post("/_emulator/faults", json=[rule])).status_code == 200


@pytest.mark.parametrize("delivery", ["async", "sync"])
async def test_acknowledges_and_posts_the_flat_item_later_while_polling_works_too(
    delivery: str,
) -> None:
    receiver, clock = Receiver(), FakeClock()
    async with emulator(receiver, clock, latency_s=5) as client:
        body = await post(client, hooked(deliveryMethod=delivery, includeUsage=True))
        await settle()
        early = list(receiver.bodies)
        await clock.advance(5)
        [polled] = (await poll(client, 1))["data"]
        stats = await stats_of(client)

    assert body == {"data": [{"taskType": "textInference", "taskUUID": uuid(1)}]}
    assert early == []
    [pushed] = receiver.bodies
    assert (pushed["text"], pushed["finishReason"], pushed["taskUUID"]) == (ANSWER, "stop", uuid(1))
    assert polled == pushed | {"status": "success"}
    assert (stats["tasks_billed"], stats["webhooks_delivered"]) == (1, 1)


async def test_posts_each_result_by_itself_as_it_is_ready() -> None:
    receiver, clock = Receiver(), FakeClock()
    async with emulator(receiver, clock, latency_s=3, show_seed=True) as client:
        await post(client, hooked(numberResults=3, seed=7))
        counts = []
        for _ in range(3):
            await clock.advance(1)
            counts.append(len(receiver.bodies))

    assert counts == [1, 2, 3]
    assert [body["seed"] for body in receiver.bodies] == [7, 8, 9]


@pytest.mark.parametrize(
    "answer", [404, 500, 302, httpx.ReadTimeout("too late"), httpx.ConnectError("nobody")]
)
async def test_tries_again_until_it_is_taken(answer: int | Exception) -> None:
    receiver, clock = Receiver(answer, answer, 204), FakeClock()
    async with emulator(receiver, clock) as client:
        await post(client, hooked())
        await clock.advance(60)
        stats = await stats_of(client)

    assert len(receiver.bodies) == 3
    assert receiver.bodies[0] == receiver.bodies[1]
    assert FIRST_PAUSE_S / 2 <= clock.slept[0] <= FIRST_PAUSE_S <= clock.slept[1]
    assert (stats["webhooks_sent"], stats["webhooks_delivered"]) == (3, 1)


async def test_gives_up_after_its_attempts() -> None:
    receiver, clock = Receiver(*[500] * 20), FakeClock()
    async with emulator(receiver, clock) as client:
        await post(client, hooked())
        await clock.advance(600)
        stats = await stats_of(client)

    assert len(receiver.bodies) == 10
    assert (stats["webhooks_given_up"], stats["webhooks_delivered"]) == (1, 0)


def test_pauses_double_to_their_longest_with_jitter() -> None:
    assert [pause_s(n, 0) for n in range(1, 9)] == [0.25, 0.5, 1, 2, 4, 8, 8, LONGEST_PAUSE_S]
    assert pause_s(3, 0.999) == pytest.approx(0.5, abs=0.01)


async def test_duplicates_are_the_same_body_again() -> None:
    receiver, clock = Receiver(), FakeClock()
    async with emulator(receiver, clock) as client:
        await fault(client, fault="webhook_duplicate", copies=2)
        await post(client, hooked())
        await clock.advance(1)

    assert len(receiver.bodies) == 3
    assert receiver.bodies[0] == receiver.bodies[2]


async def test_comes_late() -> None:
    receiver, clock = Receiver(), FakeClock()
    async with emulator(receiver, clock) as client:
        await fault(client, fault="webhook_late", seconds=45)
        await post(client, hooked())
        await clock.advance(44)
        early = len(receiver.bodies)
        await clock.advance(1)

    assert (early, len(receiver.bodies)) == (0, 1)


async def test_is_lost_for_good_while_polling_gives_the_answer() -> None:
    receiver, clock = Receiver(), FakeClock()
    async with emulator(receiver, clock) as client:
        await fault(client, fault="webhook_lost", times=1)
        await post(client, hooked(numberResults=2))
        await clock.advance(600)
        polled = await poll(client, 1)

    assert len(receiver.bodies) == 1  # the other result
    assert [item["status"] for item in polled["data"]] == ["success"] * 2


@pytest.mark.parametrize(
    ("form", "keys"),
    [("flat", {"code", "message", "taskType", "taskUUID"}), ("envelope", {"errors"})],
)
async def test_tells_of_a_failure(form: str, keys: set[str]) -> None:
    receiver, clock = Receiver(), FakeClock()
    async with emulator(receiver, clock, webhook_failure_body=form) as client:
        await fault(client, fault="poll_failed")
        await post(client, hooked())
        await clock.advance(1)
        stats = await stats_of(client)

    assert set(receiver.bodies[0]) == keys
    assert "taskFailed" in json.dumps(receiver.bodies)
    assert stats["tasks_billed"] == 0


async def test_a_switch_answers_a_sync_task_with_a_webhook_in_full() -> None:
    receiver, clock = Receiver(), FakeClock()
    async with emulator(receiver, clock, sync_with_webhook="answer") as client:
        body = await post(client, hooked(deliveryMethod="sync"))
        await clock.advance(1)

    assert body["data"][0]["text"] == ANSWER
    assert len(receiver.bodies) == 1


async def test_a_far_url_is_never_posted_to_nor_repeated() -> None:
    receiver, clock = Receiver(), FakeClock()
    async with emulator(receiver, clock) as client:
        reply = await client.post("/v1", json=[hooked(webhookURL="https://example.org/?token=t")])
        await clock.advance(60)

    assert reply.status_code == 400
    assert "example.org" not in reply.text
    assert receiver.bodies == []
