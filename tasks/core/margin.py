"""By how much the provider may count more tokens in a prompt than we do.

Its tokenizer is its own, so a plan made by our count keeps a margin. How wide it must be is learned
from the answers: each tells in its `usage` what the provider counted for a prompt that we counted,
too. Few answers prove nothing, so until there are enough the margin is the wide one, or wider where
one of them says so. Then it is what the largest ratio seen so far needs, and some more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

MARGIN = 0.2
"""The wide margin, as a share of our count, while nothing better is known."""

ENOUGH_ANSWERS = 20
"""From so many answers on, their ratios are taken for what is to be expected."""

SAFETY = 0.02
"""Beyond the largest ratio seen: so much at least, and no less than the spread of the ratios."""

SMALLEST, LARGEST = 0.02, 1.0
"""No tokenizer counts twice as much for whole documents: beyond that the window is another."""

LEAST_TOKENS = 1_000
"""Shorter prompts tell more of the frame that the provider puts around them than of its tokens."""

LEAST_RATIO = 0.5
"""Below this the server has not read all of the prompt, or counts only what it had not kept."""


@dataclass(frozen=True, slots=True)
class Margin:
    """A margin as a share of our count, and where it is from.

    `answers` is how many it was learned from, 0 where it is the default. `remembered`: it is the
    one with which the document was planned before, so that its answers are found again.
    """

    share: float = MARGIN
    answers: int = 0
    remembered: bool = False

    @property
    def source(self) -> str:
        """Say for people where it is from."""
        learned = f"learned from {self.answers:,} answers" if self.answers else "default"
        return f"remembered, {learned}" if self.remembered else learned


@dataclass(frozen=True, slots=True)
class Ratios:
    """How the provider's counts compare with ours: provider / ours, over some answers."""

    answers: int = 0
    total: float = 0.0
    squares: float = 0.0
    largest: float = 0.0

    def __add__(self, other: "Ratios") -> "Ratios":
        return Ratios(
            self.answers + other.answers,
            self.total + other.total,
            self.squares + other.squares,
            max(self.largest, other.largest),
        )

    @property
    def spread(self) -> float:
        """Give the standard deviation; 0 where there are none."""
        if not self.answers:
            return 0.0
        mean = self.total / self.answers
        return sqrt(max(0.0, self.squares / self.answers - mean * mean))


def ratios(counts: Iterable[tuple[int, int]]) -> Ratios:
    """Compare counts of prompts, pairs of ours and the provider's, leaving out what tells nothing.

    A ratio beyond the largest margin counts as that.
    """
    found = [
        min(theirs / ours, 1 + LARGEST)
        for ours, theirs in counts
        if ours >= LEAST_TOKENS and theirs >= ours * LEAST_RATIO
    ]
    return Ratios(len(found), sum(found), sum(r * r for r in found), max(found, default=0.0))


def learned(seen: Ratios) -> Margin:
    """Give the margin for new documents, by all that was seen so far."""
    needed = seen.largest - 1 + max(SAFETY, seen.spread)
    if seen.answers < ENOUGH_ANSWERS and needed <= MARGIN:
        return Margin()
    return Margin(min(max(needed, SMALLEST), LARGEST), seen.answers)
