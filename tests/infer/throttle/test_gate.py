import asyncio
from collections.abc import Callable

import pytest

from tasks.infer.throttle.gate import Throttle, adaptive, fixed
from tasks.infer.throttle.limit import START, Limit
from tests.infer.throttle.virtual_time import clock, run


async def hold(throttle: Throttle, seconds: float, log: list[float] | None = None) -> None:
    async with throttle.slot():
        if log is not None:
            log.append(clock())
        await asyncio.sleep(seconds)
        throttle.succeeded()


def at(level: int) -> Throttle:
    """Give a throttle that knows a limit of so many."""
    limit = Limit(level=level, proven=level, ceiling=level + 1, probe_at=1e9, latency_s=1.0)
    return Throttle(limit, adapts=True, clock=clock)


def test_whoever_came_first_goes_first() -> None:
    order = []

    async def main() -> None:
        throttle = fixed(2)

        async def one(number: int) -> None:
            async with throttle.slot():
                order.append(number)
                await asyncio.sleep(1 + number % 3)

        await asyncio.gather(*map(one, range(50)))

    run(main())

    assert order == list(range(50))


def test_a_fixed_throttle_loses_no_time() -> None:
    async def main() -> float:
        throttle = fixed(64)
        await asyncio.gather(*(hold(throttle, 0.2) for _ in range(2048)))
        return clock()

    assert run(main()) == pytest.approx(2048 / 64 * 0.2)


def test_a_fixed_throttle_stays_as_it_is_when_refused() -> None:
    async def main() -> tuple[int, int]:
        throttle = fixed(8)
        for _ in range(20):
            async with throttle.slot():
                throttle.refused(60.0)
        return throttle.state().limit, throttle.state().refused

    assert run(main()) == (8, 20)


@pytest.mark.parametrize("make", [lambda: fixed(4), lambda: adaptive(clock=clock)])
def test_no_more_are_in_flight_than_may_be(make: Callable[[], Throttle]) -> None:
    seen = []

    async def main() -> None:
        throttle = make()

        async def one() -> None:
            async with throttle.slot():
                seen.append(throttle.in_flight <= throttle.limit.level)
                await asyncio.sleep(1)
                throttle.succeeded()

        await asyncio.gather(*(one() for _ in range(40)))

    run(main())

    assert all(seen)
    assert len(seen) == 40


def test_who_is_cancelled_while_waiting_takes_no_place() -> None:
    async def main() -> int:
        throttle = fixed(1)
        holder = asyncio.create_task(hold(throttle, 1))
        await asyncio.sleep(0)
        waiters = [asyncio.create_task(hold(throttle, 1)) for _ in range(10)]
        await asyncio.sleep(0)
        for waiter in waiters[:9]:
            waiter.cancel()
        await asyncio.gather(holder, waiters[9])
        assert clock() == pytest.approx(2.0)
        return throttle.in_flight

    assert run(main()) == 0


def test_who_is_cancelled_in_the_moment_of_getting_a_place_gives_it_on() -> None:
    async def main() -> int:
        throttle = fixed(1)
        holder = asyncio.create_task(hold(throttle, 1))
        await asyncio.sleep(0)
        unlucky = asyncio.create_task(hold(throttle, 1))
        next_one = asyncio.create_task(hold(throttle, 1))
        await asyncio.sleep(0)
        holder.add_done_callback(lambda _: unlucky.cancel())
        await asyncio.gather(holder, next_one)
        assert unlucky.cancelled()
        return throttle.in_flight

    assert run(main()) == 0


def test_an_error_within_a_slot_gives_the_place_back_and_teaches_nothing() -> None:
    async def main() -> Throttle:
        throttle = adaptive(clock=clock)
        with pytest.raises(ConnectionError):
            async with throttle.slot():
                raise ConnectionError
        return throttle

    throttle = run(main())
    assert (throttle.in_flight, throttle.limit) == (0, Limit())


def test_a_refused_task_is_in_flight_no_more_even_while_it_stays() -> None:
    async def main() -> int:
        throttle = at(2)
        async with throttle.slot():
            throttle.refused()
            inside = throttle.in_flight
        assert throttle.in_flight == 0
        return inside

    assert run(main()) == 0


def test_speaking_outside_of_a_slot_is_a_mistake_that_is_told() -> None:
    async def main() -> None:
        throttle = adaptive(clock=clock)
        with pytest.raises(RuntimeError, match="within the slot"):
            throttle.succeeded()

    run(main())


def test_what_waits_starts_when_the_pause_is_over_and_not_all_at_once() -> None:
    starts: list[float] = []

    async def main() -> None:
        throttle = at(20)
        async with throttle.slot():
            throttle.refused(5.0)
        await asyncio.gather(*(hold(throttle, 3.0, starts) for _ in range(10)))

    run(main())

    assert starts[0] == pytest.approx(5.0)
    assert len({round(start, 3) for start in starts}) == 10
    assert starts[-1] < 6.0


def test_growth_is_not_tried_without_need() -> None:
    async def main() -> int:
        throttle = adaptive(clock=clock)
        for _ in range(100):
            await asyncio.gather(*(hold(throttle, 1.0) for _ in range(3)))
        return throttle.state().limit

    assert run(main()) == START


def test_there_is_a_most() -> None:
    async def main() -> int:
        throttle = adaptive(most=6, clock=clock)
        await asyncio.gather(*(hold(throttle, 1.0) for _ in range(300)))
        return throttle.state().limit

    assert run(main()) == 6


def test_its_state_is_there_to_be_seen() -> None:
    async def main() -> None:
        throttle = fixed(2)
        work = asyncio.gather(*(hold(throttle, 1.0) for _ in range(5)))
        await asyncio.sleep(0.5)
        state = throttle.state()
        assert (state.limit, state.in_flight, state.waiting, state.paused_s) == (2, 2, 3, 0.0)
        await work

    run(main())
