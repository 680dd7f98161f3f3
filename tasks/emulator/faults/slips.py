"""Let a model slip on the facts that it states: what is lost, said twice, altered or retold.

Only the scripted model states facts; no other answer is touched by these.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from tasks.emulator.engine.planted.facts import Fact
from tasks.emulator.faults.rules import Plan

_LAST_DIGIT = re.compile(r"\d(?=\D*$)")


def slip(facts: Sequence[Fact], plan: Plan, *, merging: bool) -> tuple[Fact, ...]:
    """Give the facts as they are stated under the faults of a plan, each fact drawn by itself."""
    stated = tuple(facts)
    for name, change in _CHANGES.items():
        fired = plan.get(name)
        if fired is not None and fired["at"] in ("any", "merge" if merging else "map"):
            stated = _each(stated, change, fired.random, fired["facts"])
    return stated


def _each(
    facts: Sequence[Fact],
    change: Callable[[Fact], tuple[Fact, ...]],
    source: random.Random,
    share: float,
) -> tuple[Fact, ...]:
    changed = (change(fact) if source.random() < share else (fact,) for fact in facts)
    return tuple(fact for some in changed for fact in some)


def _missed(_: Fact) -> tuple[Fact, ...]:
    return ()


def _twice(fact: Fact) -> tuple[Fact, ...]:
    return fact, fact


def _contradicted(fact: Fact) -> tuple[Fact, ...]:
    """State the fact, and once more with another number, or with a negation for want of one."""
    other = _LAST_DIGIT.sub(lambda digit: str((int(digit[0]) + 1) % 10), fact.statement)
    if other == fact.statement:
        other = f"It is not so that {fact.statement}"
    return fact, replace(fact, statement=other)


def _retold(fact: Fact) -> tuple[Fact, ...]:
    return (replace(fact, statement=f"It is said that {fact.statement}"),)


_CHANGES = {
    "misses": _missed,
    "contradictions": _contradicted,
    "paraphrases": _retold,
    "duplicates": _twice,
}
