"""How late answers are fetched and how often a server is asked, in many hours that take no time."""

import asyncio
import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean
from uuid import uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.infer.connection import Connection
from tasks.infer.delivery.poller import Poller, PollTimes
from tasks.infer.delivery.polling import AsyncDelivery
from tasks.infer.delivery.submit import Submitter
from tests.infer.building import KEY, URL, a_task, done, running
from tests.infer.throttle import virtual_time

Takes = Callable[[int], float]
"""How many seconds the n-th task takes."""

TRIP_S = 0.004


@dataclass
class Server(httpx.AsyncBaseTransport):
    """Answers each task after its time, and notes how late it was asked for it."""

    takes: Takes
    ready_at: dict[str, float] = field(default_factory=dict)
    took_s: list[float] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    polled_at: list[float] = field(default_factory=list)
    asked: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(TRIP_S / 2)
        tasks = json.loads(request.content)
        if tasks[0]["taskType"] == "getResponse":
            self.asked += len(tasks)
            self.polled_at.append(virtual_time.clock())
            data = [self._poll(task["taskUUID"]) for task in tasks]
        else:
            data = [self._take(task["taskUUID"]) for task in tasks]
        await asyncio.sleep(TRIP_S / 2)
        return httpx.Response(200, json={"data": data})

    def _take(self, uuid: str) -> dict[str, object]:
        self.took_s.append(self.takes(len(self.took_s)))
        self.ready_at[uuid] = virtual_time.clock() + self.took_s[-1]
        return {"taskType": "textInference", "taskUUID": uuid}

    def _poll(self, uuid: str) -> dict[str, object]:
        late_s = virtual_time.clock() - self.ready_at[uuid]
        if late_s < 0:
            return running(uuid)
        self.late_s.append(late_s)
        return done(uuid)

    @property
    def lateness(self) -> float:
        """Give how late answers were fetched, as a share of what a task takes."""
        return mean(self.late_s) / mean(self.took_s)

    @property
    def polls(self) -> float:
        """Give the POSTs for each answer."""
        return len(self.polled_at) / len(self.late_s)


def story(takes: Takes, *, calls: int, at_once: int) -> Server:
    async def tell() -> Server:
        server = Server(takes)
        connection = Connection(server, URL, KEY)
        poller = Poller(connection, clock=virtual_time.clock)
        delivery = AsyncDelivery(connection, Submitter(connection), poller)
        places = asyncio.Semaphore(at_once)

        async def one() -> None:
            async with places:
                await delivery.deliver(a_task(str(uuid4())), begun=False)

        await asyncio.gather(*(one() for _ in range(calls)))
        return server

    return virtual_time.run(tell())


def spread(typical_s: float, sigma: float) -> Takes:
    dice = random.Random(1)
    return lambda _: typical_s * math.exp(dice.gauss(0, sigma))


@pytest.mark.parametrize("takes_s", [0.2, 2.0, 20.0])
@pytest.mark.parametrize("at_once", [1, 4, 64])
def test_answers_that_take_equally_long_are_fetched_when_they_are_there(
    takes_s: float, at_once: int
) -> None:
    server = story(lambda _: takes_s, calls=10 * at_once + 60, at_once=at_once)

    assert server.lateness < 0.06
    assert server.polls <= 3


@pytest.mark.parametrize("typical_s", [2.0, 20.0])
@pytest.mark.parametrize(
    ("at_once", "sigma", "lateness", "polls"),
    [(64, 0.2, 0.03, 1.5), (64, 0.5, 0.06, 1.5), (4, 0.5, 0.08, 6), (1, 0.5, 0.13, 9)],
)
def test_answers_that_take_differently_long_are_fetched_soon_with_few_polls(
    typical_s: float, at_once: int, sigma: float, lateness: float, polls: float
) -> None:
    server = story(spread(typical_s, sigma), calls=10 * at_once + 100, at_once=at_once)

    assert server.lateness < lateness
    assert server.polls < polls


@pytest.mark.parametrize("change", [0.25, 4.0])
def test_a_model_that_becomes_faster_or_slower_is_followed(change: float) -> None:
    before, after = 100, 200
    server = story(lambda n: 4.0 if n < before else 4.0 * change, calls=before + after, at_once=8)

    late = server.late_s[-100:]
    assert mean(late) < 0.06 * 4.0 * change


def test_short_and_long_answers_are_told_apart() -> None:
    server = story(lambda n: 30.0 if n % 2 else 1.0, calls=400, at_once=16)

    assert server.lateness < 0.04
    assert server.polls < 5


@given(st.lists(st.floats(0.001, 100), min_size=1, max_size=30), st.integers(1, 16))
@settings(max_examples=30, deadline=None)
def test_no_two_polls_come_close_whatever_answers_take(takes_s: list[float], at_once: int) -> None:
    server = story(lambda n: takes_s[n], calls=len(takes_s), at_once=at_once)

    assert len(server.late_s) == len(takes_s)
    apart = [later - sooner for sooner, later in pairwise(server.polled_at)]
    assert min(apart, default=1.0) >= PollTimes().shortest_s
