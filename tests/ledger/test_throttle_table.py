from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.ledger.ledger import open_ledger
from tasks.ledger.throttle_table import (
    LEASE_S,
    REMEMBER_S,
    ThrottleNews,
    ThrottleOrders,
    ThrottleTable,
    divide,
)

ENDPOINT = "https://api/v1"
FIRST = 4


class Seat:
    """A process of its own, whose limit is moved as it is told."""

    def __init__(self, table: ThrottleTable) -> None:
        self.table = table
        self.limit = 0

    async def tell(self, *, wanted: int, gained: int = 0, pause_s: float = 0.0) -> ThrottleOrders:
        self.limit += gained
        news = ThrottleNews(
            first=FIRST,
            limit=self.limit,
            in_flight=min(self.limit, wanted),
            wanted=wanted,
            gained=gained,
            pause_s=pause_s,
        )
        orders = await self.table.exchange(ENDPOINT, news)
        self.limit += orders.more
        return orders


class Times:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1e6
        monkeypatch.setattr("tasks.ledger.writer.Writer.now", lambda _: self.now)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    return Times(monkeypatch)


@pytest.fixture
async def seats(url: str) -> AsyncIterator[list[Seat]]:
    async with AsyncExitStack() as stack:
        ledgers = [await stack.enter_async_context(open_ledger(url)) for _ in range(3)]
        yield [Seat(ThrottleTable(ledger.writer)) for ledger in ledgers]


async def test_the_first_to_come_begins_with_little(seats: list[Seat]) -> None:
    orders = await seats[0].tell(wanted=100)

    assert (orders.total, seats[0].limit, orders.sharers) == (FIRST, FIRST, 1)


async def test_what_one_has_found_is_shared_with_who_comes_later(seats: list[Seat]) -> None:
    one, two, _ = seats
    await one.tell(wanted=100)
    await one.tell(wanted=100, gained=16)

    await two.tell(wanted=100)
    assert two.limit == 0, "all is held yet"
    await _settle(one, two)

    assert (one.limit, two.limit) == (10, 10)


async def test_nobody_gets_what_is_still_in_flight_elsewhere(seats: list[Seat]) -> None:
    one, two, _ = seats
    await one.tell(wanted=100)
    await two.tell(wanted=100)
    news = ThrottleNews(first=FIRST, limit=4, in_flight=4, wanted=100)

    assert (await one.table.exchange(ENDPOINT, news)).more == -2
    await two.tell(wanted=100)
    assert two.limit == 0
    drained = ThrottleNews(first=FIRST, limit=2, in_flight=2, wanted=100)
    await one.table.exchange(ENDPOINT, drained)
    await two.tell(wanted=100)
    assert two.limit == 2


async def test_who_is_idle_lets_go_what_others_want(seats: list[Seat]) -> None:
    one, two, _ = seats
    await _settle(one, two)
    assert (one.limit, two.limit) == (2, 2)

    await one.tell(wanted=0)
    await two.tell(wanted=100)

    assert (one.limit, two.limit) == (0, 4)


@pytest.mark.parametrize(("later_s", "has"), [(LEASE_S - 1, 2), (LEASE_S + 1, 4)])
async def test_what_the_dead_held_is_free_when_their_lease_has_run_out(
    seats: list[Seat], times: Times, later_s: float, has: int
) -> None:
    dead, heir, _ = seats
    await _settle(dead, heir)

    times.now += later_s
    await heir.tell(wanted=100)

    assert heir.limit == has


async def test_a_shrunken_limit_shrinks_for_all(seats: list[Seat]) -> None:
    one, two, _ = seats
    await one.tell(wanted=100)
    await one.tell(wanted=100, gained=20)
    await _settle(one, two)

    await one.tell(wanted=100, gained=-8)
    orders = await two.tell(wanted=100)

    assert orders.total == 16
    await _settle(one, two)
    assert (one.limit, two.limit) == (8, 8)


async def test_a_pause_is_a_pause_for_all(seats: list[Seat], times: Times) -> None:
    one, two, _ = seats
    await one.tell(wanted=100, pause_s=3.0)

    times.now += 1.0

    assert (await two.tell(wanted=100)).pause_s == pytest.approx(2.0)
    times.now += 3.0
    assert (await two.tell(wanted=100)).pause_s == 0.0


async def test_one_of_all_that_want_more_probes(seats: list[Seat]) -> None:
    orders = [await seat.tell(wanted=100) for _ in range(2) for seat in seats][3:]

    assert sum(each.probes for each in orders) == 1


async def test_a_limit_is_remembered_for_a_while(seats: list[Seat], times: Times) -> None:
    yesterday, soon, late = seats
    await yesterday.tell(wanted=100)
    await yesterday.tell(wanted=100, gained=20)

    times.now += REMEMBER_S - 1
    assert (await soon.tell(wanted=100)).total == 24
    times.now += REMEMBER_S + 1
    assert (await late.tell(wanted=100)).total == FIRST


async def test_endpoints_have_limits_of_their_own(seats: list[Seat]) -> None:
    await seats[0].tell(wanted=100)
    await seats[0].tell(wanted=100, gained=20)

    news = ThrottleNews(first=FIRST, limit=0, in_flight=0, wanted=9)

    assert (await seats[1].table.exchange("https://other/v1", news)).total == FIRST


@given(
    st.integers(1, 200),
    st.dictionaries(st.text("abcd", min_size=1), st.integers(0, 200), min_size=1),
)
def test_all_is_divided_and_nobody_who_wants_starves(total: int, wanted: dict[str, int]) -> None:
    parts = divide(total, wanted)

    hungry = [owner for owner in wanted if wanted[owner]]
    assert all(parts[owner] >= 1 for owner in hungry)
    assert sum(parts.values()) == total or len(hungry) > total


@given(st.integers(1, 200), st.lists(st.integers(1, 200), min_size=2, max_size=5))
def test_nobody_has_more_than_another_who_wants_more(total: int, wants: list[int]) -> None:
    wanted = {str(place): tasks for place, tasks in enumerate(wants)}

    parts = divide(total, wanted)

    most = max(parts.values())
    assert all(parts[owner] >= min(tasks, most - 1) for owner, tasks in wanted.items())


async def _settle(*seats: Seat) -> None:
    """Let each hear what the others let go, once their tasks have ended."""
    for _ in range(3):
        for seat in seats:
            await seat.tell(wanted=100)
