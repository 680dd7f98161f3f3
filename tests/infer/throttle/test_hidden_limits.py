"""The throttle against servers that do not say what they can take."""

import asyncio
import random
from contextlib import AsyncExitStack

import pytest

from tasks.infer.throttle.gate import adaptive
from tasks.infer.throttle.sharing import shared
from tests.infer.throttle.processes import SlowTable, tables
from tests.infer.throttle.simulation import Score, Server, lognormal, phase, score, work
from tests.infer.throttle.virtual_time import clock, run

PHASE_S = 60.0


def used(
    server: Server, limits: tuple[int, ...], *, mean_latency_s: float, processes: int
) -> Score:
    """Have a server asked by so many processes until its last phase is over."""
    until = PHASE_S * len(limits)

    async def main(seats: list[SlowTable]) -> None:
        async with AsyncExitStack() as stack:
            if processes == 1:
                throttles = [adaptive(clock=clock)]
            else:
                throttles = [
                    await stack.enter_async_context(shared(seat, "api", clock=clock))
                    for seat in seats
                ]
            await asyncio.gather(*(work(server, each, until=until) for each in throttles))

    with tables(processes) as seats:
        run(main(seats))
    return score(server, limits, phase_s=PHASE_S, mean_latency_s=mean_latency_s)


@pytest.mark.parametrize(
    ("limits", "mean_latency_s", "spread", "retry_after_s", "processes"),
    [
        ((24, 8, 40, 16), 0.2, 0.3, None, 1),
        ((24, 8, 40, 16), 0.5, 0.0, 1.0, 1),
        ((24, 8, 40, 16), 1.0, 0.3, None, 1),
        ((5, 10, 20, 12), 0.5, 0.3, None, 1),
        ((24, 8, 40, 16), 0.5, 0.3, None, 2),
        ((24, 8, 40, 16), 1.0, 0.3, 1.0, 2),
        ((5, 10, 20, 12), 0.5, 0.3, None, 2),
    ],
)
def test_a_hidden_limit_that_changes_is_used_well(
    limits: tuple[int, ...],
    mean_latency_s: float,
    spread: float,
    retry_after_s: float | None,
    processes: int,
) -> None:
    server = Server(
        phase(limits, PHASE_S),
        lognormal(mean_latency_s, spread, seed=1),
        retry_after_s=retry_after_s,
    )

    found = used(server, limits, mean_latency_s=mean_latency_s, processes=processes)

    assert found.ideal_share >= 0.95, found
    assert found.refused_share <= 0.01, found


@pytest.mark.parametrize(("per_second", "latency_s"), [(20, 0.5), (20, 0.1), (100, 0.5)])
def test_a_limit_of_tasks_a_second_is_kept_to_by_and_large(
    per_second: int, latency_s: float
) -> None:
    server = Server(lambda _: 1e9, lognormal(latency_s, 0.3, seed=1), per_second=per_second)

    run(work(server, adaptive(clock=clock), until=120))

    assert len(server.served) >= 0.5 * per_second * 120
    assert len(server.refused) <= 0.1 * len(server.served)


def test_failures_of_another_cause_now_and_then_cost_little() -> None:
    dice = random.Random(1)
    server = Server(lambda _: 24, lognormal(0.5, 0.3, seed=1), stray=lambda: dice.random() < 0.002)

    found = used(server, (24, 24), mean_latency_s=0.5, processes=1)

    assert found.ideal_share >= 0.95, found


def test_after_an_outage_the_level_is_soon_what_it_was() -> None:
    server = Server(lambda now: 0 if 30 < now < 50 else 24, lognormal(0.5, 0.3, seed=1))

    run(work(server, adaptive(clock=clock), until=80))

    assert sum(31 < at < 50 for at in server.refused) <= 15
    assert sum(65 <= at < 80 for at in server.served) >= 0.95 * 24 * 15 / 0.5


def test_a_server_of_one_place_is_not_pestered() -> None:
    server = Server(lambda _: 1, lambda: 0.5)

    found = used(server, (1, 1), mean_latency_s=0.5, processes=1)

    assert found.ideal_share >= 0.95, found
    assert found.refused_share <= 0.03, found
