"""Decide which faults befall a task, so that a run can be repeated."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tasks.emulator.faults.catalogue import read_rule
from tasks.emulator.faults.limits import Bucket
from tasks.emulator.wire import fields


@dataclass
class Rule:
    """A fault with its parameters, and how often it fired."""

    values: Mapping[str, Any]
    seed: str
    set_at_s: float
    fits: int = 0
    fired: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.bucket = Bucket(self.values, self.set_at_s)

    def draw(self, text: str, key: str) -> random.Random | None:
        """Give a random source of its own when the rule fires for a task, else None."""
        times, every, share = (self.values[name] for name in ("times", "every", "share"))
        if times is not None and self.fired >= times:
            return None
        if self.values["match"] is not None and not self.values["match"](text):
            return None
        self.fits += 1
        if every is not None and self.fits % every:
            return None
        # Keyed by the task, not by its turn: tasks at once come in another order each time.
        source = random.Random(f"{self.seed}:{key}:{self.seen[key]}")  # noqa: S311 # no secret
        self.seen[key] += 1
        if share is not None and source.random() >= share:
            return None
        self.fired += 1
        return source


@dataclass(frozen=True, slots=True)
class Fired:
    """A fault that befalls a task."""

    rule: Rule
    random: random.Random

    def __getitem__(self, parameter: str) -> Any:
        return self.rule.values[parameter]


Plan = Mapping[str, Fired]
"""What befalls one task or reply: the faults by name."""

NO_FAULTS: Plan = {}


_LIMITS = {"concurrency_limit", "rate_limit"}  # watched over all the time; their refusals count


class Faults:
    """The rules in force."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._rules: list[Rule] = []
        self.fired: Counter[str] = Counter()

    @property
    def are_set(self) -> bool:
        """Whether there is any rule."""
        return bool(self._rules)

    def set(self, raw: object, now_s: float) -> None:
        """Put other rules in the place of those in force; a wrong one leaves all as it was."""
        rules = fields.array(raw, "rules")
        self._rules = [
            Rule(read_rule(rule, f"rules[{at}]"), f"{self._seed}:{at}", now_s)
            for at, rule in enumerate(rules)
        ]

    def draw(self, names: Iterable[str], text: str, key: str, **wanted: str) -> Plan:
        """Draw the named faults for a task, known by `key`, with `text` as its last message."""
        if not self._rules:
            return NO_FAULTS
        plan: dict[str, Fired] = {}
        among = frozenset(names)
        for rule in self._rules:
            name = rule.values["fault"]
            if name not in among or name in plan or not _is_on(rule, wanted):
                continue
            source = rule.draw(text, key)
            if source is not None:
                plan[name] = Fired(rule, source)
        self.fired.update(plan.keys() - _LIMITS)
        return plan


def _is_on(rule: Rule, wanted: Mapping[str, str]) -> bool:
    return all(rule.values.get(name) in (value, "any") for name, value in wanted.items())
