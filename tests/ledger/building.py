"""What the tests of the ledger ask and answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tasks.core.answers import Result, Usage
from tasks.core.requests import answer_key
from tasks.ledger.engine import open_engine
from tasks.ledger.ledger import Asked, Claim, Ledger, open_ledger
from tasks.ledger.writer import Writer

ASKED = Asked(key="k1", provider="runware", endpoint="https://api/v1", model="m", worst_usd=0.5)
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


def asked(key: str, *, results: int = 1, document: str = "") -> Asked:
    return Asked(
        key, "runware", "https://api/v1", "m", results=results, worst_usd=0.5, document=document
    )


def answers(key: str, count: int = 1, *, text: str = "Lisbon.") -> tuple[Result, ...]:
    return tuple(
        Result(answer_key=answer_key(key, n), text=f"{text}{n}", cost_usd=0.01)
        for n in range(count)
    )


async def claimed(ledger: Ledger, wanted: Asked = ASKED) -> Claim:
    claim = await ledger.claim(wanted)
    assert isinstance(claim, Claim)
    return claim


@asynccontextmanager
async def owners(
    url: str, clock: Clock, count: int = 2, *, buy_lost: bool = False
) -> AsyncIterator[list[Ledger]]:
    """Open ledgers that renew no leases, as if their processes stood still."""
    async with open_ledger(url):
        pass  # makes the tables
    writers = [Writer(open_engine(url)) for _ in range(count)]
    yield [Ledger(writer, clock=clock, buy_lost=buy_lost) for writer in writers]
    for writer in writers:
        writer.close()
