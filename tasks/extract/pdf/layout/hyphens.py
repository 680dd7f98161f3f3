"""Mending words that a line's end broke, with the document itself as the dictionary."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_WORDS = re.compile(r"\w+(?:-\w+)*")
_LAST_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*\Z")
_FIRST_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SHORTEST_PART = 2
_RARE = 0.04  # of the lines; a typesetter who breaks words breaks more of them
_KNOWN = 0.4  # of the breaks
_FIRSTS = frozenset(("self", "well", "non", "by", "ex", "half", "quasi", "cross"))
_SECONDS = frozenset(
    (
        "aware", "based", "consistent", "dependent", "driven", "fold", "free", "friendly", "like",
        "oriented", "related", "specific", "style", "term", "time", "type", "weighted", "wide",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hyphens:
    """Knows which words a document uses, and so whether a hyphen at a line's end is real.

    `are_real`: all are, as in a document that breaks no words.
    """

    words: Mapping[str, int]
    are_real: bool

    @classmethod
    def of(
        cls, lines: Iterable[str], broken: str, words: Mapping[str, int] | None = None
    ) -> "Hyphens":
        """Learn the words of all lines but the halves about a break, which `broken` ends.

        `words` are those of the lines, where they have been counted already.
        """
        texts = list(lines)
        counted = Counter(words_of(texts) if words is None else words)
        breaks: list[str] = []
        half = ""
        for line in texts:
            goes_on = line.endswith(broken)
            if not half and not goes_on:
                continue
            found = words_of([line])
            if half and found:
                breaks.append(half + found[0])
            for word in (*found[: bool(half)], *found[max(bool(half), len(found) - goes_on) :]):
                counted[word] -= 1
            half = found[-1] if goes_on and found else ""
        counted = +counted
        known = sum(joined in counted for joined in breaks)
        are_real = len(breaks) < _RARE * len(texts) and known < _KNOWN * len(breaks)
        return cls(counted, are_real)

    def mend(self, before: str, after: str) -> str:
        """Join two lines whose border breaks a word, with its hyphen or without.

        The hyphen stays in compounds: where a half has a hyphen or number of its own or a capital
        follows, where the document has the word with it, and where it has both halves as words
        but never the joined one. In a document that seldom breaks words, and seldom ones that it
        has whole elsewhere, hyphens are not the typesetter's, and all stay. A few English words
        make compounds wherever they are.
        """
        first, second = _LAST_WORD.search(before.rpartition(" ")[2]), _FIRST_WORD.match(after)
        if first and second and not self._is_compound(first[0], second[0]):
            return before + after
        return f"{before}-{after}"

    def _is_compound(self, first: str, second: str) -> bool:
        if self.are_real or "-" in first or "-" in second:
            return True
        if not (first[-1].isalpha() and second[0].isalpha()):
            return True
        if second[0].isupper() and not first.isupper():
            return True
        first, second = first.lower(), second.lower()
        joined, hyphened = self._count(first + second), self._count(f"{first}-{second}")
        if joined or hyphened:
            return hyphened > joined
        if first in _FIRSTS or second in _SECONDS:
            return True
        halves_are_words = bool(self._count(first) and self._count(second))
        return halves_are_words and min(len(first), len(second)) > _SHORTEST_PART

    def _count(self, word: str) -> int:
        return self.words.get(word, 0)


def words_of(lines: Iterable[str]) -> list[str]:
    """Give the words of lines in small letters; underscores part them."""
    return _WORDS.findall("\n".join(lines).lower().replace("_", " "))
