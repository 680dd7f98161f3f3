from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.heart import beating
from flows.orphans.sweep import AtWork, Patience, Suspect, sweep, why_orphan
from tasks.ledger.books import open_books
from tasks.ledger.engine import now_of
from tasks.ledger.heartbeats import beat, last_beats

PATIENCE = Patience(silent_s=60, beginning_s=600)
NOW = 100_000.0


def suspect(state: AtWork = AtWork.RUNNING, *, for_s: float = 0.0, works: bool = True) -> Suspect:
    return Suspect(id="r1", name="summarize a.pdf", state=state, since=NOW - for_s, works=works)


CASES = {
    "a run that has just begun": (suspect(), None, False),
    "a slow run that beats": (suspect(for_s=90_000), NOW - 20, False),
    "a run that fell silent": (suspect(for_s=90_000), NOW - 61, True),
    "a run that goes on after hours of waiting": (suspect(for_s=30), NOW - 9_000, False),
    "a run that tells another ledger": (suspect(for_s=90_000), None, False),
    "a run that died in its first moment": (suspect(for_s=700, works=False), None, True),
    "a run that is still starting": (suspect(AtWork.BEGINNING, for_s=300), None, False),
    "a run that was never begun": (
        suspect(AtWork.BEGINNING, for_s=700, works=False), None, True,
    ),
    "a cancelled run that is being ended": (suspect(AtWork.CANCELLING, for_s=30), NOW - 5, False),
    "a cancelled run whose process is gone": (
        suspect(AtWork.CANCELLING, for_s=90), NOW - 95, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("run", "beat_at", "orphaned"), CASES.values(), ids=CASES.keys())
def test_only_what_gives_no_sign_is_an_orphan(
    run: Suspect,
    beat_at: float | None,
    orphaned: bool,  # noqa: FBT001
) -> None:
    assert bool(why_orphan(run, beat_at, patience=PATIENCE, now=NOW)) is orphaned


@dataclass
class FakeServer:
    suspects: Sequence[Suspect]
    buried: list[tuple[str, str]] = field(default_factory=list)

    def at_work(self) -> Sequence[Suspect]:
        return self.suspects

    def bury(self, orphan: Suspect, reason: str) -> str:
        self.buried.append((orphan.id, reason))
        return "again"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_books(f"sqlite:///{tmp_path / 'ledger.db'}", create=True) as engine:
        yield engine


def test_orphans_are_buried_and_the_living_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        now = now_of(connection)
        beat(connection, "alive", now=now)
        beat(connection, "dead", now=now - 90)
    runs = [
        Suspect(id=name, name=name, state=AtWork.RUNNING, since=now - 900, works=True)
        for name in ("alive", "dead", "unheard")
    ]
    server = FakeServer(runs)

    doubted = sweep(engine, server)
    assert doubted == {"dead"}
    assert server.buried == []
    sweep(engine, server, doubted=doubted)

    ((buried, reason),) = server.buried
    assert buried == "dead"
    assert "no sign of life for 90 s" in reason


def test_what_gives_a_sign_again_is_no_longer_in_doubt(engine: Engine) -> None:
    """As when a machine wakes up and looks for orphans first."""
    with engine.begin() as connection:
        now = now_of(connection)
        beat(connection, "slept", now=now - 9_000)
    run = Suspect(id="slept", name="slept", state=AtWork.RUNNING, since=now - 10_000, works=True)
    server = FakeServer([run])
    doubted = sweep(engine, server)

    with engine.begin() as connection:
        beat(connection, "slept", now=now)

    assert sweep(engine, server, doubted=doubted) == frozenset()
    assert server.buried == []


async def test_a_run_that_beats_is_heard_of_until_it_ends(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"

    async with beating(url, "r1"):
        with open_books(url) as engine, engine.begin() as connection:
            beats = last_beats(connection, ["r1", "r2"])
            assert beats.keys() == {"r1"}
            assert now_of(connection) - beats["r1"] < 60


def test_what_was_last_heard_of_long_ago_is_forgotten(engine: Engine) -> None:
    with engine.begin() as connection:
        beat(connection, "old", now=0)
        beat(connection, "new", now=40 * 86_400)

        assert last_beats(connection, ["old", "new"]) == {"new": 40 * 86_400}
