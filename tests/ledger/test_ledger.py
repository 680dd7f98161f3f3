import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tasks.core.documents import Result, Usage
from tasks.core.errors import ConfigError
from tasks.ledger.ledger import LEASE_S, Asked, Claim, Ledger, open_ledger
from tasks.ledger.writer import Writer, open_engine

ASKED = Asked(key="k1", provider="runware", endpoint="https://api/v1", model="m")
RESULT = Result(
    answer_key="k1",
    text="Lisbon.",
    thoughts="Let me think.",
    usage=Usage(prompt_tokens=5, completion_tokens=7, total_tokens=12, thinking_tokens=3),
    cost_usd=0.00012,
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'deep' / 'ledger.db'}"


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[Ledger]:
    async with open_ledger(url) as opened:
        yield opened


async def claimed(ledger: Ledger, asked: Asked = ASKED) -> Claim:
    claim = await ledger.claim(asked)
    assert isinstance(claim, Claim)
    return claim


async def test_an_answer_is_given_again_whole(ledger: Ledger) -> None:
    await ledger.settle(await claimed(ledger), RESULT)

    again = await ledger.claim(ASKED)

    assert isinstance(again, Result)
    assert again.reused
    assert (again.text, again.thoughts, again.usage, again.cost_usd) == (
        RESULT.text,
        RESULT.thoughts,
        RESULT.usage,
        RESULT.cost_usd,
    )


async def test_answers_outlive_the_process(url: str) -> None:
    async with open_ledger(url) as first:
        await first.settle(await claimed(first), RESULT)

    async with open_ledger(url) as second:
        assert await second.answered(["k1", "k2"]) == {"k1"}


async def test_only_one_may_ask_for_an_answer(ledger: Ledger, url: str) -> None:
    await claimed(ledger)

    async with open_ledger(url) as other:
        assert await other.claim(ASKED) is None
    assert await ledger.claim(ASKED) is None


async def test_a_released_attempt_is_taken_over_under_its_uuid(ledger: Ledger) -> None:
    first = await claimed(ledger)

    ledger.release(first)

    assert await claimed(ledger) == first


async def test_a_refused_attempt_is_followed_by_one_with_a_new_uuid(ledger: Ledger) -> None:
    first = await claimed(ledger)

    await ledger.fail(first, "invalidSettings")

    assert (await claimed(ledger)).task_uuid != first.task_uuid


async def test_a_dead_owners_lease_runs_out(url: str) -> None:
    clock = Clock()
    async with open_ledger(url):
        pass  # makes the tables
    writer = Writer(open_engine(url))
    dead, heir = Ledger(writer, clock=clock), Ledger(writer, clock=clock)
    claim = await claimed(dead)

    clock.now += LEASE_S - 1
    assert await heir.claim(ASKED) is None
    clock.now += 2
    assert await heir.claim(ASKED) == claim
    writer.close()


async def test_fresh_asks_anew_only_for_what_is_older(ledger: Ledger) -> None:
    await ledger.settle(await claimed(ledger), RESULT)

    assert isinstance(await ledger.claim(ASKED, not_before=0.0), Result)
    anew = await ledger.claim(ASKED, not_before=9e12)
    assert isinstance(anew, Claim)
    await ledger.settle(anew, RESULT)
    assert await ledger.answered(["k1"]) == {"k1"}


async def test_a_hundred_at_once_ask_for_each_answer_once(ledger: Ledger) -> None:
    asked = [Asked(key=f"k{n % 10}", provider="p", endpoint="e", model="m") for n in range(100)]

    claims = await asyncio.gather(*map(ledger.claim, asked))

    assert sum(isinstance(claim, Claim) for claim in claims) == 10


async def test_work_that_fails_takes_nothing_else_along(ledger: Ledger) -> None:
    claim = await claimed(ledger)
    broken = Result(answer_key="k1", text=object(), cost_usd=1.0)  # type: ignore[arg-type]  # on purpose

    outcomes = await asyncio.gather(
        ledger.settle(claim, broken),
        ledger.claim(Asked(key="k2", provider="p", endpoint="e", model="m")),
        return_exceptions=True,
    )

    assert isinstance(outcomes[0], Exception)
    assert isinstance(outcomes[1], Claim)
    assert await ledger.answered(["k1"]) == frozenset()


async def test_the_database_is_for_its_owner_only(ledger: Ledger, tmp_path: Path) -> None:
    await claimed(ledger)

    for file in (tmp_path / "deep").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


async def test_a_ledger_of_another_version_is_refused(url: str) -> None:
    async with open_ledger(url):
        pass
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE schema SET version = 99")
    engine.dispose()

    with pytest.raises(ConfigError, match="schema version 99"):
        async with open_ledger(url):
            pass


async def test_only_sqlite_is_taken() -> None:
    with pytest.raises(ConfigError, match="sqlite"):
        async with open_ledger("postgresql://localhost/ledger"):
            pass
