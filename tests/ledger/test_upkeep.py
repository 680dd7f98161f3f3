import time
from pathlib import Path

import pytest

from tasks.ledger.books import all_rows, balance, lost_attempts, open_books, reading
from tasks.ledger.ledger import Ledger
from tasks.ledger.upkeep import forget, prune
from tests.ledger.building import ASKED, RESULT, answers, asked, claimed

ALL = ["k1", "a", "b", "c"]


async def answered_for(ledger: Ledger, key: str, document: str) -> None:
    wanted = asked(key, document=document)
    await ledger.settle(await claimed(ledger, wanted), answers(key, text=f"of {document} "))


async def test_a_document_is_forgotten_and_no_other(ledger: Ledger, url: str) -> None:
    await answered_for(ledger, "a", "one")
    await answered_for(ledger, "b", "one")
    await answered_for(ledger, "c", "two")

    with open_books(url) as engine:
        removed = forget(engine, "one")

    assert (removed.answers, removed.attempts) == (2, 2)
    assert await ledger.answered(ALL) == {"c"}


async def test_an_answer_that_two_documents_share_is_forgotten_with_either(
    ledger: Ledger, url: str
) -> None:
    await answered_for(ledger, "a", "one")
    assert isinstance(await ledger.claim(asked("a", document="two")), tuple)

    with open_books(url) as engine:
        assert forget(engine, "two").answers == 1
        assert await ledger.answered(ALL) == frozenset()
        assert forget(engine, "one").attempts == 1


async def test_who_takes_over_for_another_document_is_found_as_well(
    ledger: Ledger, url: str
) -> None:
    ledger.release(await claimed(ledger, asked("a", document="one")))
    heir = await claimed(ledger, asked("a", document="two"))
    await ledger.settle(heir, answers("a"))

    with open_books(url) as engine:
        assert forget(engine, "two").answers == 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_of_what_is_forgotten_no_copy_stays_in_the_files(
    ledger: Ledger, url: str, tmp_path: Path
) -> None:
    await answered_for(ledger, "a", "one")
    await answered_for(ledger, "b", "two")

    with open_books(url) as engine:
        forget(engine, "one")

    written = b"".join(file.read_bytes() for file in (tmp_path / "deep").iterdir())
    assert b"of one" not in written
    assert b"of two" in written


async def test_a_task_in_flight_is_not_forgotten(ledger: Ledger, url: str) -> None:
    await claimed(ledger, asked("a", document="one"))

    with open_books(url) as engine:
        assert forget(engine, "one").attempts == 0
    assert await ledger.claim(asked("a", document="one")) is None


async def test_what_is_old_is_taken_out_but_for_what_was_lost(ledger: Ledger, url: str) -> None:
    await answered_for(ledger, "a", "one")
    await ledger.fail(await claimed(ledger, asked("b")), "refused")
    await ledger.lose(await claimed(ledger, asked("c")), "expired")
    await claimed(ledger)

    with open_books(url) as engine:
        kept = prune(engine, before=time.time() - 60)
        gone = prune(engine, before=time.time() + 60)
        with reading(engine) as connection:
            states = sorted(t.state for t in balance(connection).totals)

    assert (kept.answers, kept.attempts) == (0, 0)
    assert (gone.answers, gone.attempts) == (1, 2)
    assert states == ["sent", "unknown"]


async def test_the_balance_names_money_by_state(ledger: Ledger, url: str) -> None:
    await ledger.settle(await claimed(ledger), (RESULT,))
    await ledger.fail(await claimed(ledger, asked("b")), "refused")
    await ledger.lose(await claimed(ledger, asked("c")), "expired")
    await ledger.reserve("job", usd=0.25, tokens=9, usd_limit=None, tokens_limit=None)

    with open_books(url) as engine, reading(engine) as connection:
        books = balance(connection)

    cost = {t.state: (t.attempts, t.tokens, t.usd) for t in books.totals}
    assert cost == {"answered": (1, 12, 0.00012), "failed": (1, 0, 0.0), "unknown": (1, 0, 0.5)}
    assert books.usd == pytest.approx(0.50012)
    assert (books.answers, books.lost_usd) == (1, 0.5)
    assert (books.reservations, books.reserved_usd, books.reserved_tokens) == (1, 0.25, 9)
    assert books.size_bytes > 10_000


async def test_lost_attempts_are_listed_with_their_worst_charge(ledger: Ledger, url: str) -> None:
    claim = await claimed(ledger)
    await ledger.lose(claim, "expired")
    await claimed(ledger, asked("b"))

    with open_books(url) as engine, reading(engine) as connection:
        (lost,) = lost_attempts(connection)

    assert (lost["task_uuid"], lost["worst_usd"], lost["reason"]) == (
        claim.task_uuid,
        ASKED.worst_usd,
        "expired",
    )


async def test_all_rows_are_given_and_texts_only_on_demand(ledger: Ledger, url: str) -> None:
    await ledger.settle(await claimed(ledger), (RESULT,))

    with open_books(url) as engine, reading(engine) as connection:
        attempt, answer = all_rows(connection)
        _, whole = all_rows(connection, texts=True)

    assert (attempt["kind"], attempt["state"], attempt["model"]) == ("attempt", "answered", "m")
    assert (answer["kind"], answer["key"], answer["cost_usd"]) == ("answer", "k1", 0.00012)
    assert "text" not in answer
    assert (whole["text"], whole["thoughts"]) == ("Lisbon.", "Let me think.")


async def test_reading_holds_up_no_writer(ledger: Ledger, url: str) -> None:
    with open_books(url) as engine, reading(engine) as connection:
        balance(connection)

        await ledger.settle(await claimed(ledger), (RESULT,))
