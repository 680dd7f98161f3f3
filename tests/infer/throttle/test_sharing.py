import asyncio
from contextlib import AsyncExitStack

import pytest

from tasks.infer.throttle.gate import Throttle
from tasks.infer.throttle.limit import START
from tasks.infer.throttle.sharing import EVERY_S, shared
from tasks.ledger.throttle_table import LEASE_S
from tests.infer.throttle.processes import SlowTable, tables
from tests.infer.throttle.simulation import Server, work
from tests.infer.throttle.virtual_time import clock, run

ENDPOINT = "https://api/v1"


def server_of(limit: int) -> Server:
    return Server(lambda _: limit, lambda: 0.5)


async def open_all(stack: AsyncExitStack, seats: list[SlowTable]) -> list[Throttle]:
    return [await stack.enter_async_context(shared(seat, ENDPOINT, clock=clock)) for seat in seats]


def test_two_busy_processes_have_half_each() -> None:
    async def main(seats: list[SlowTable]) -> list[int]:
        async with AsyncExitStack() as stack:
            throttles = await open_all(stack, seats)
            server = server_of(20)
            busy = [asyncio.create_task(work(server, t, until=30)) for t in throttles]
            await asyncio.sleep(25)
            levels = [throttle.state().limit for throttle in throttles]
            await asyncio.gather(*busy)
            return levels

    with tables(2) as seats:
        one, two = run(main(seats))

    assert abs(one - two) <= 2
    assert 19 <= one + two <= 21


def test_an_idle_process_holds_nothing_and_is_served_soon_after_it_wakes() -> None:
    async def main(seats: list[SlowTable]) -> tuple[int, float]:
        async with AsyncExitStack() as stack:
            busy, idle = await open_all(stack, seats)
            server = server_of(20)
            working = asyncio.create_task(work(server, busy, until=40))
            await asyncio.sleep(25)
            alone = busy.state().limit
            woken = clock()
            async with idle.slot():
                waited_s = clock() - woken
            await working
            return alone, waited_s

    with tables(2) as seats:
        alone, waited_s = run(main(seats))

    assert alone >= 19
    assert waited_s < 2.5


def test_the_share_of_a_killed_process_is_soon_used_by_others() -> None:
    async def main(seats: list[SlowTable]) -> tuple[int, int]:
        async with AsyncExitStack() as stack:
            lives, dies = await open_all(stack, seats)
            server = server_of(20)
            living = asyncio.create_task(work(server, lives, until=60))
            dying = asyncio.create_task(work(server, dies, until=60))
            await asyncio.sleep(30)
            beside = lives.state().limit
            dying.cancel()
            seats[1].fails = True  # it says no more
            await asyncio.sleep(LEASE_S + 3)
            after = lives.state().limit
            await living
            return beside, after

    with tables(2) as seats:
        beside, after = run(main(seats))

    assert beside <= 11
    assert after >= 19


def test_who_leaves_frees_its_share_at_once() -> None:
    async def main(seats: list[SlowTable]) -> int:
        async with AsyncExitStack() as stack:
            (stays,) = await open_all(stack, seats[:1])
            server = server_of(20)
            staying = asyncio.create_task(work(server, stays, until=60))
            async with shared(seats[1], ENDPOINT, clock=clock) as leaves:
                await work(server, leaves, until=20)
            await asyncio.sleep(1.5)
            level = stays.state().limit
            await staying
            return level

    with tables(2) as seats:
        assert run(main(seats)) >= 19


def test_work_goes_on_where_the_table_cannot_be_reached(caplog: pytest.LogCaptureFixture) -> None:
    async def main(seats: list[SlowTable]) -> int:
        seats[0].fails = True
        async with shared(seats[0], ENDPOINT, clock=clock) as throttle:
            server = server_of(20)
            await work(server, throttle, until=30)
            return len(server.served)

    with tables(1) as seats:
        assert run(main(seats)) > 20 * 30 / 0.5 * 0.9
    assert caplog.text.count("disk is gone") == 1


def test_what_could_not_be_told_is_told_later() -> None:
    async def main(seats: list[SlowTable]) -> int:
        async with AsyncExitStack() as stack:
            first, _ = await open_all(stack, seats)
            server = server_of(20)
            working = asyncio.create_task(work(server, first, until=60))
            await asyncio.sleep(0.3)
            seats[0].fails = True
            await asyncio.sleep(20)
            seats[0].fails = False
            await asyncio.sleep(5)
            level = first.state().limit
            await working
            return level

    with tables(2) as seats:
        assert run(main(seats)) >= 19


def test_a_pause_that_one_is_told_is_kept_by_all() -> None:
    async def main(seats: list[SlowTable]) -> float:
        async with AsyncExitStack() as stack:
            told, other = await open_all(stack, seats)
            async with told.slot():
                told.refused(10.0)
            await asyncio.sleep(3.0)
            return other.state().paused_s

    with tables(2) as seats:
        assert run(main(seats)) == pytest.approx(7.0, abs=0.1)


def test_a_process_alone_speaks_once_a_second() -> None:
    async def main(seats: list[SlowTable]) -> int:
        async with shared(seats[0], ENDPOINT, clock=clock) as throttle:
            await work(server_of(20), throttle, until=60)
            return seats[0].told

    with tables(1) as seats:
        assert run(main(seats)) <= 60 / EVERY_S + 5


def test_nothing_starts_before_the_others_were_heard() -> None:
    async def main(seats: list[SlowTable]) -> list[int]:
        async with shared(seats[0], ENDPOINT, clock=clock) as throttle:
            before = throttle.state().limit
            async with throttle.slot():
                return [before, throttle.state().limit]

    with tables(1) as seats:
        assert run(main(seats)) == [0, START]


def test_a_number_that_is_set_is_where_it_begins_and_never_passed() -> None:
    async def main(seats: list[SlowTable]) -> tuple[int, int]:
        async with shared(seats[0], ENDPOINT, first=9, most=9, clock=clock) as throttle:
            await asyncio.sleep(0.1)
            first = throttle.state().limit
            await work(server_of(50), throttle, until=20)
            return first, throttle.state().most_in_flight

    with tables(1) as seats:
        assert run(main(seats)) == (9, 9)


def test_what_one_may_not_take_is_the_others() -> None:
    async def main(seats: list[SlowTable]) -> tuple[int, int]:
        async with AsyncExitStack() as stack:
            bound = await stack.enter_async_context(shared(seats[0], ENDPOINT, most=3, clock=clock))
            free = await stack.enter_async_context(shared(seats[1], ENDPOINT, clock=clock))
            server = server_of(20)
            busy = [asyncio.create_task(work(server, t, until=30)) for t in (bound, free)]
            await asyncio.sleep(25)
            levels = bound.state().limit, free.state().limit
            await asyncio.gather(*busy)
            return levels

    with tables(2) as seats:
        bound, free = run(main(seats))

    assert bound == 3
    assert 15 <= free <= 17
