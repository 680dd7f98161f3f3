"""A long text with facts planted in it, for the scripted model to state."""

import random
import re
from dataclasses import dataclass

from tests.samples.languages import prose

PAGE_CHARS = 1_800


@dataclass(frozen=True, slots=True)
class Planted:
    """A text, and the facts that stand in it, each once."""

    text: str
    facts: tuple[str, ...]

    def counts(self, output: str) -> tuple[int, int]:
        """Count the facts that an output states, and those that it states more than once."""
        flat = " ".join(output.replace("\\", "").split())
        times = [len(re.findall(re.escape(fact), flat)) for fact in self.facts]
        return sum(n > 0 for n in times), sum(n > 1 for n in times)


def planted(pages: int, facts: int, *, seed: str = "planted") -> Planted:
    """Write so many pages of prose, with facts spread evenly at random places in them."""
    draw = random.Random(seed)
    told = tuple(
        f"Fact K-{number:04}: Pump {number} of hall {draw.randint(1, 99)} costs EUR "
        f"{draw.randint(1_000, 99_999):,}."
        for number in range(facts)
    )
    sentences = [s for s in prose("english").sentences if len(s) > 60]
    paragraphs: list[str] = []
    length, due = 0, 0
    while length < pages * PAGE_CHARS:
        some = draw.sample(sentences, draw.randint(3, 6))
        if due < facts and length >= due * pages * PAGE_CHARS / facts:
            some.insert(draw.randint(0, len(some)), told[due])
            due += 1
        paragraphs.append(" ".join(some))
        length += len(paragraphs[-1])
    return Planted("\n\n".join([*paragraphs, *told[due:]]), told)
