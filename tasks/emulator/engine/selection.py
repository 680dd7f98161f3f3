"""Choose the passages that an extract is made of."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence

from tasks.emulator.engine.passages import Passage
from tasks.emulator.engine.ranking import textrank
from tasks.emulator.engine.words import content_words

FEWEST = 3
MOST = 24
MISFITS = 8  # after so many passages that do not fit the room, none is tried any more
_SHARE = 0.03
_SPREAD = 0.15  # how far temperature 1 may shift a score
_ALIKE = 0.6  # share of common words from which two sentences say the same

_ENDED = re.compile(r"[.!?…。！？।؟][\"'’)\]»」』）]*$")  # noqa: RUF001 # full-width marks are meant
_MARKED_UP = re.compile(r"[*`<>|\\]|\]\(|\.{4}|https?://")


class Ranking:
    """The passages of a request, scored once for all results that are asked for.

    `relevant` tells whether any passage shares a content word with the question.
    """

    def __init__(self, passages: Sequence[Passage], question: str | None) -> None:
        self._bags = [content_words(passage.text) for passage in passages]
        overlaps = _overlaps(self._bags, content_words(question or ""))
        self.relevant = not question or any(overlaps)
        scores = textrank(self._bags, overlaps if question else None)
        firsts = {passage.text: at for at, passage in reversed(list(enumerate(passages)))}
        self._scores = [
            score * _quality(passage) * (overlap**2 if question else 1.0)
            if firsts[passage.text] == at
            else 0.0
            for at, (passage, score, overlap) in enumerate(
                zip(passages, scores, overlaps, strict=True)
            )
        ]

    def best(self, *, seed: int, temperature: float) -> Iterator[int]:
        """Yield the places of all passages that have anything to say, best first."""
        spread = _SPREAD * temperature
        drawn = [score * (1 + spread * _noise(seed, at)) for at, score in enumerate(self._scores)]
        for at in sorted(range(len(drawn)), key=lambda at: (-drawn[at], at)):
            if drawn[at] <= 0:
                return
            yield at

    def repeats(self, at: int, others: Iterable[int]) -> bool:
        """Tell whether a passage says much the same as one of some others."""
        return any(_alike(self._bags[at], self._bags[other]) for other in others)


def how_many(passages: Sequence[Passage]) -> int:
    """Give the number of passages to quote; earlier quotations are few and chosen already."""
    if passages and all(passage.line for passage in passages):
        return MOST
    return max(FEWEST, min(MOST, round(_SHARE * len(passages))))


def _overlaps(bags: Sequence[frozenset[str]], asked: frozenset[str]) -> list[float]:
    """Give each passage's share of the question, a word counting more the rarer it is."""
    # Sorted, since sets have no order of their own and sums of floats depend on it.
    holders = {word: sum(word in bag for bag in bags) for word in sorted(asked)}
    weights = {word: 1 / count for word, count in holders.items() if count}
    whole = sum(weights.values()) or 1.0
    return [sum(weights[word] for word in sorted(weights.keys() & bag)) / whole for bag in bags]


def _quality(passage: Passage) -> float:
    """Weigh how well a passage reads when it stands alone; 0 if it has not one letter."""
    text = passage.text
    if passage.line:
        return 1.0
    letters = sum(map(str.isalpha, text))
    if not letters:
        return 0.0
    weight = 1.0
    for is_poor, factor in (
        (not _ENDED.search(text), 0.25),
        (text[0].islower() or text[0] in "([", 0.4),
        (letters < 40 and text.isascii(), 0.3),
        (sum(map(str.isupper, text)) > 0.15 * letters, 0.3),
        (len(text) > 300, 0.7),
        (len(text) > 400, 0.5),
        (letters < 0.65 * len(text), 0.2),
        (bool(_MARKED_UP.search(text)), 0.3),
    ):
        weight *= factor if is_poor else 1.0
    return weight


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * max(1, min(len(one), len(other)))


def _noise(seed: int, at: int) -> float:
    """Draw a number from -1 to 1 that depends on nothing but its arguments."""
    return zlib.crc32(f"{seed}:{at}".encode()) / 2**31 - 1
