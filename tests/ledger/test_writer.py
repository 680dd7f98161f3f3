import asyncio
import threading
from functools import partial

import pytest
from sqlalchemy import Connection

from tasks.ledger.engine import open_engine
from tasks.ledger.ledger import open_ledger
from tasks.ledger.writer import Gathering, Writer
from tests.ledger.building import RESULT, claimed


async def test_what_waits_is_committed_together_in_its_order(url: str) -> None:
    writer = Writer(open_engine(url))
    entered, go_on = threading.Event(), threading.Event()
    seen: list[tuple[int, object]] = []

    def hold(connection: Connection) -> None:
        entered.set()
        go_on.wait()

    def note(number: int, connection: Connection) -> None:
        seen.append((number, connection.get_transaction()))

    writer.submit(hold)
    entered.wait()
    for number in range(10):
        writer.submit(partial(note, number))
    go_on.set()
    writer.close()

    assert [number for number, _ in seen] == list(range(10))
    assert len({id(transaction) for _, transaction in seen}) == 1


async def test_what_coroutines_ask_for_in_one_go_is_done_in_one_go(url: str) -> None:
    writer = Writer(open_engine(url))
    seen: list[list[int]] = []

    def do(_: Connection, items: list[int]) -> list[int]:
        seen.append(items)
        return [2 * item for item in items]

    doubling = Gathering(do, place=0)
    doubled = await asyncio.gather(*(writer.gather(doubling, number) for number in range(50)))
    writer.close()

    assert doubled == [2 * number for number in range(50)]
    assert seen == [list(range(50))]


async def test_what_is_gathered_keeps_its_place_in_a_transaction(url: str) -> None:
    writer = Writer(open_engine(url))
    seen: list[str] = []

    def note(_: Connection, items: list[str]) -> list[None]:
        seen.extend(items)
        return [None for _ in items]

    last, first = Gathering(note, place=1), Gathering(note, place=-1)
    one = writer.gather(last, "last"), writer.gather(first, "first"), writer.gather(first, "second")
    await asyncio.gather(*one)
    writer.close()

    assert seen == ["first", "second", "last"]


async def test_work_that_was_cancelled_in_the_queue_is_not_done(url: str) -> None:
    writer = Writer(open_engine(url))
    entered, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        entered.set()
        go_on.wait()

    writer.submit(hold)
    entered.wait()
    waiting = writer.submit(lambda connection: done.set())
    assert waiting.cancel()
    go_on.set()
    writer.close()

    assert not done.is_set()


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.full)], indirect=True)
async def test_the_ledger_outlives_the_connection_to_its_server(url: str) -> None:
    async with open_ledger(url) as ledger:
        claim = await claimed(ledger)
        other = open_engine(url)
        with other.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        other.dispose()

        await ledger.settle(claim, (RESULT,))

        assert await ledger.answered(["k1"]) == {"k1"}
