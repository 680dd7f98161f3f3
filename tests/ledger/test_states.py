"""The ledger against a small model of what it promises, in any order of events."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tasks.core.errors import LostError
from tasks.ledger.engine import open_engine, prepare
from tasks.ledger.leases import LEASE_S
from tasks.ledger.ledger import Claim, Ledger
from tasks.ledger.writer import Writer
from tests.ledger.building import Clock, answers, asked
from tests.postgresql import new_database

KEYS = ("a",)
"""One is enough, and the sooner do events meet; that keys are apart is tested elsewhere."""

OWNERS = 2


@dataclass
class Known:
    """What the model knows of a key."""

    live: str = ""
    accepted: bool = False
    holder: Ledger | None = None
    working: set[Ledger] = field(default_factory=set)  # these believe that it is theirs
    leased_until: float = 0.0
    lost: str = ""
    answered_at: float | None = None
    ended: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Held:
    by: Ledger
    claim: Claim


class States(RuleBasedStateMachine):
    """Owners claim, work, stand still and die; each has a connection of its own."""

    new_url: Callable[[], str]
    claims = Bundle("claims")

    @initialize(bold=st.booleans())
    def begin(self, *, bold: bool) -> None:
        url = self.new_url()
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.bold = bold
        self.writers = [Writer(open_engine(url)) for _ in range(OWNERS)]
        self.writers[0].submit(prepare).result()
        self.ledgers = [self.ledger(n) for n in range(OWNERS)]
        self.model = {key: Known() for key in KEYS}

    def ledger(self, owner: int) -> Ledger:
        return Ledger(self.writers[owner], clock=self.clock, buy_lost=self.bold)

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            for writer in self.writers:
                writer.close()
            self.runner.close()

    @rule(
        target=claims,
        key=st.sampled_from(KEYS),
        owner=st.integers(0, OWNERS - 1),
        after_s=st.sampled_from([0.0, LEASE_S - 1, LEASE_S + 1]),
        fresh=st.booleans(),
    )
    def claim(self, *, key: str, owner: int, after_s: float, fresh: bool) -> object:
        self.clock.now += after_s
        return self.claimed(key, owner, not_before=self.clock.now if fresh else 0.0)

    def claimed(self, key: str, owner: int, *, not_before: float) -> object:
        known, by = self.model[key], self.ledgers[owner]
        kept = known.answered_at is not None and known.answered_at >= not_before
        free = not known.live or (known.leased_until <= self.clock.now and by not in known.working)
        try:
            got = self.runner.run(by.claim(asked(key), not_before=not_before))
        except LostError as error:
            allowed = not kept and not self.bold and not known.live
            assert (allowed, error.task_uuid) == (True, known.lost)  # noqa: PT017 - one way of two
            return multiple()
        if not isinstance(got, Claim):
            assert (isinstance(got, tuple), got is None) == (kept, not kept and not free)
            return multiple()
        assert not kept
        assert free, "two hold the same key"
        self.check_uuid(known, got)
        known.live, known.holder = got.task_uuid, by
        known.leased_until = self.clock.now + LEASE_S
        known.working.add(by)
        return Held(by, got)

    def check_uuid(self, known: Known, claim: Claim) -> None:
        assert claim.begun == bool(known.live)
        if known.live:
            assert claim.task_uuid == known.live
            assert claim.accepted == known.accepted
            return
        assert claim.task_uuid not in known.ended, "a UUID that has ended is used again"
        assert claim.replaces == known.lost
        assert self.bold or not known.lost
        known.lost, known.accepted = "", False

    @rule(held=claims)
    def accept(self, held: Held) -> None:
        known = self.model[held.claim.key]
        self.runner.run(held.by.accept(held.claim))
        if self.owns(known, held):
            known.accepted = True

    @rule(held=consumes(claims))
    def settle(self, held: Held) -> None:
        known = self.model[held.claim.key]
        results = answers(held.claim.key)
        self.runner.run(held.by.settle(held.claim, results))
        known.answered_at = self.clock.now
        if known.lost == held.claim.task_uuid:
            known.lost = ""
        self.ended(known, held)

    @rule(held=consumes(claims))
    def fail(self, held: Held) -> None:
        known = self.model[held.claim.key]
        self.runner.run(held.by.fail(held.claim, "refused"))
        if self.owns(known, held):
            self.ended(known, held)
        self.leave(known, held)

    @rule(held=consumes(claims))
    def lose(self, held: Held) -> None:
        known = self.model[held.claim.key]
        self.runner.run(held.by.lose(held.claim, "expired"))
        if self.owns(known, held):
            known.lost = held.claim.task_uuid
            self.ended(known, held)
        self.leave(known, held)

    @rule(held=consumes(claims))
    def release(self, held: Held) -> None:
        known = self.model[held.claim.key]
        held.by.release(held.claim)
        self.runner.run(held.by.answered([]))  # it is done by now
        if self.owns(known, held):
            known.holder, known.leased_until = None, 0.0
        self.leave(known, held)

    @rule(owner=st.integers(0, OWNERS - 1))
    def die_and_come_back(self, owner: int) -> None:
        """Put another in its place; the one before may only have slept, and still call."""
        self.ledgers[owner] = self.ledger(owner)

    def owns(self, known: Known, held: Held) -> bool:
        return (known.live, known.holder) == (held.claim.task_uuid, held.by)

    def ended(self, known: Known, held: Held) -> None:
        known.ended.add(held.claim.task_uuid)
        if known.live == held.claim.task_uuid:
            known.live, known.holder = "", None
            known.working.clear()

    def leave(self, known: Known, held: Held) -> None:
        if known.live == held.claim.task_uuid:
            known.working.discard(held.by)


def check(new_url: Callable[[], str], examples: int) -> None:
    class Here(States):
        pass

    Here.new_url = staticmethod(new_url)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes minutes
        ),
    )


def test_no_order_of_events_breaks_a_promise() -> None:
    with tempfile.TemporaryDirectory() as folder:
        names = iter(range(10**6))
        check(lambda: f"sqlite:///{Path(folder) / f'{next(names)}.db'}", examples=40)


@pytest.mark.full
def test_no_order_of_events_breaks_a_promise_on_postgresql(postgresql_server: str) -> None:
    check(lambda: new_database(postgresql_server), examples=10)
