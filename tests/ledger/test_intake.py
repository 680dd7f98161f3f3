from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from tasks.ledger import intake
from tasks.ledger.engine import open_engine, prepare
from tasks.ledger.intake import Arrival, Outcome, State
from tasks.ledger.schema import VERSION
from tasks.ledger.upkeep import forget, prune

LEASE = Arrival(
    inbox="/in",
    path="summarize/lease.pdf",
    digest="ab" * 32,
    size=10,
    mtime_ns=5,
    request='{"recipe":"summarize"}',
    version="v1",
)
DONE = Outcome(done=True, outputs=("/out/lease.docx",))
FAILED = Outcome(done=False, reason="damaged: it is no PDF")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_engine(url)
    with opened.begin() as connection:
        prepare(connection)
    yield opened
    opened.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def row_of(connection: Connection, arrival: Arrival = LEASE) -> intake.Row:
    (row,) = (row for row in intake.rows_of(connection, "/in") if row.id == arrival.id)
    return row


def started(connection: Connection, batch: str = "b1") -> intake.Row:
    intake.arrive(connection, LEASE, now=1)
    assert intake.claim(connection, [LEASE.id], batch, now=2) == 1
    return row_of(connection)


def test_a_file_seen_twice_is_one_row(connection: Connection) -> None:
    first = intake.arrive(connection, LEASE, now=1)

    again = intake.arrive(connection, replace(LEASE, mtime_ns=9), now=2)

    assert first == again
    assert len(intake.rows_of(connection, "/in")) == 1
    assert row_of(connection).mtime_ns == 9
    assert row_of(connection).changed_at == 1


@pytest.mark.parametrize("what", ["inbox", "path", "digest", "request", "version"])
def test_another_content_place_or_wish_is_another_row(what: str) -> None:
    other: dict[str, Any] = {what: "other"}

    assert replace(LEASE, **other).id != LEASE.id


def test_a_row_is_taken_for_one_run_only(connection: Connection) -> None:
    row = started(connection)

    assert intake.claim(connection, [row.id], "b2", now=3) == 0
    assert intake.rows_of_batch(connection, "b1") == [row]
    assert intake.rows_of_batch(connection, "b2") == []


def test_a_run_that_was_given_up_settles_nothing(connection: Connection) -> None:
    row = started(connection)
    intake.try_again(connection, row, reason="its run crashed", due_at=9, now=3)
    intake.claim(connection, [row.id], "b2", now=9)

    intake.settle(connection, "b1", {row.id: FAILED}, now=10)

    assert row_of(connection).state is State.STARTED
    intake.settle(connection, "b2", {row.id: DONE}, now=11)
    assert row_of(connection).state is State.DONE
    assert row_of(connection).outputs == DONE.outputs


def test_another_attempt_is_made_once_whoever_asks_for_it(connection: Connection) -> None:
    row = started(connection)

    intake.try_again(connection, row, reason="its run crashed", due_at=9, now=3)
    intake.try_again(connection, row, reason="its run crashed", due_at=9, now=3)

    assert (row_of(connection).attempt, row_of(connection).state) == (2, State.READY)
    assert row_of(connection).reason == "its run crashed"


def test_a_file_is_open_until_it_has_gone_to_its_place(connection: Connection) -> None:
    row = started(connection)
    intake.settle(connection, "b1", {row.id: FAILED}, now=3)
    intake.note_place(connection, row, "failed/lease.pdf", now=4)
    (still,) = intake.open_rows(connection, "/in")
    assert (still.state, still.reason) == (State.FAILED, FAILED.reason)

    intake.close(connection, still, now=5)

    assert intake.open_rows(connection, "/in") == []
    assert row_of(connection).place == "failed/lease.pdf"


def test_what_needs_no_run_is_concluded_at_once(connection: Connection) -> None:
    row = intake.arrive(connection, LEASE, now=1)

    intake.conclude(connection, row, FAILED, now=2)

    assert row_of(connection).state is State.FAILED
    assert intake.rows_of_batch(connection, row.id) == []


def test_a_file_that_went_away_is_closed_with_the_reason(connection: Connection) -> None:
    row = started(connection)

    intake.give_up(connection, row, reason="it was taken away", now=3)

    assert intake.open_rows(connection, "/in") == []
    assert (row_of(connection).state, row_of(connection).reason) == (
        State.GONE,
        "it was taken away",
    )


def test_a_ledger_without_an_intake_gets_one(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE intake")
        connection.exec_driver_sql("DROP TABLE heartbeats")
        connection.exec_driver_sql("UPDATE schema SET version = 1")

    with engine.begin() as connection:
        prepare(connection)
        started(connection)
        assert connection.exec_driver_sql("SELECT version FROM schema").scalar() == VERSION


def test_a_file_is_forgotten_with_its_document_once_it_has_gone(engine: Engine) -> None:
    with engine.begin() as connection:
        row = started(connection)
        intake.settle(connection, "b1", {row.id: DONE}, now=3)
        intake.arrive(connection, replace(LEASE, path="b.pdf", digest="cd" * 32), now=3)

    assert forget(engine, LEASE.digest).files == 0  # it lies there, and would be paid for again
    with engine.begin() as connection:
        intake.close(connection, row, now=4)

    assert forget(engine, LEASE.digest).files == 1
    with engine.begin() as connection:
        assert [row.path for row in intake.rows_of(connection, "/in")] == ["b.pdf"]


def test_files_that_went_long_ago_are_taken_out(engine: Engine) -> None:
    with engine.begin() as connection:
        row = started(connection)
        intake.settle(connection, "b1", {row.id: DONE}, now=3)
        intake.close(connection, row, now=4)

    assert prune(engine, before=4).files == 0
    assert prune(engine, before=5).files == 1
