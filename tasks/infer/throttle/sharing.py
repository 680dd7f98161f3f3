"""A throttle that shares its server's limit with the other processes that ask it."""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

from tasks.infer.throttle.gate import Throttle
from tasks.infer.throttle.limit import START, Limit, Ordered
from tasks.ledger.throttle_table import ThrottleNews, ThrottleOrders

logger = logging.getLogger("docmill.infer")

EVERY_S = 1.0
AMONG_OTHERS_EVERY_S = 0.5
SOONEST_S = 0.2


class Table(Protocol):
    """Where processes meet; `tasks.ledger.throttle_table.ThrottleTable` is one."""

    async def exchange(self, endpoint: str, mine: ThrottleNews) -> ThrottleOrders:
        """Tell the others the news, and hear how much of the limit is this process's."""


@asynccontextmanager
async def shared(
    table: Table,
    endpoint: str,
    *,
    first: int = START,
    most: float = math.inf,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Throttle]:
    """Open a throttle that shares an endpoint's limit for as long as it is open.

    It begins with `first` where nothing is known of the limit, and never goes above `most`.
    """
    throttle = Throttle(Limit(level=0, most=most), adapts=True, clock=clock)
    seat = _Seat(throttle, table, endpoint, first=int(min(first, most)))
    talks = asyncio.create_task(seat.talk())
    try:
        yield throttle
    finally:
        async with seat.talking:  # what is being told is told to the end
            talks.cancel()
        await seat.leave()


class _Seat:
    """A process's seat at the table, and what it last said there."""

    def __init__(self, throttle: Throttle, table: Table, endpoint: str, *, first: int) -> None:
        self._throttle = throttle
        self._table = table
        self._endpoint = endpoint
        self._first = first
        self._told_level = 0
        self._total = 0
        self._alone = True
        self._reached = True
        self._changed = asyncio.Event()
        self.talking = asyncio.Lock()
        throttle.on_change = self._changed.set

    async def talk(self) -> None:
        """Exchange news every second, and sooner when there is some, for ever."""
        while True:
            await self._exchange_or_go_on_alone()
            await asyncio.sleep(SOONEST_S)
            if not self._others_wait():
                await self._news_or((EVERY_S if self._alone else AMONG_OTHERS_EVERY_S) - SOONEST_S)

    async def leave(self) -> None:
        """Let all go, as far as the table can be reached."""
        news = replace(self._news(), limit=0, in_flight=0, wanted=0)
        try:
            await self._table.exchange(self._endpoint, news)
        except Exception as error:  # noqa: BLE001 - an edge: the lease runs out by itself
            logger.debug("left the throttle without a word: %s", error)

    async def _exchange_or_go_on_alone(self) -> None:
        try:
            async with self.talking:
                await self._exchange()
        except Exception as error:  # noqa: BLE001 - an edge: work goes on with what is known
            if self._reached:
                logger.warning("cannot share the limit of %s now: %s", self._endpoint, error)
            self._reached = False
            if self._throttle.limit.level == 0:
                self._order(ThrottleOrders(self._first, self._first, probes=True))
        else:
            self._reached = True

    async def _exchange(self) -> None:
        news = self._news()
        told, self._told_level = self._told_level, news.limit
        try:
            orders = await self._table.exchange(self._endpoint, news)
        except BaseException:
            self._told_level = told  # unheard, it is still news
            raise
        self._order(orders, gained=news.gained)

    def _order(self, orders: ThrottleOrders, *, gained: int = 0) -> None:
        self._told_level += orders.more
        self._throttle.tell(
            Ordered(
                more=orders.more,
                total=orders.total,
                probes=orders.probes,
                others_gained=orders.total - self._total - gained if self._total else 0,
                pause_s=orders.pause_s,
            )
        )
        self._total = orders.total
        self._alone = orders.sharers == 1
        self._throttle.pump()

    def _news(self) -> ThrottleNews:
        state = self._throttle.state()
        most = self._throttle.limit.most
        return ThrottleNews(
            first=self._first,
            limit=state.limit,
            in_flight=state.in_flight,
            wanted=int(min(most, state.in_flight + state.waiting)),
            most=most,
            gained=state.limit - self._told_level,
            pause_s=state.paused_s,
        )

    def _others_wait(self) -> bool:
        """Say whether tasks are still in flight whose places were given to others."""
        state = self._throttle.state()
        return not self._alone and state.in_flight > state.limit

    async def _news_or(self, wait_s: float) -> None:
        """Wait for news that others must know soon, but no longer than so many seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait_s
        while not self._is_urgent():
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), max(0.0, deadline - loop.time()))
            except TimeoutError:
                return

    def _is_urgent(self) -> bool:
        """Say whether others should hear now: a probe by one and back again can wait."""
        state = self._throttle.state()
        starving = state.limit == 0 and state.waiting > 0
        return starving or not (self._alone or abs(state.limit - self._told_level) < 2)
