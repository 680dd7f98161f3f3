"""Mending words that a line's end broke, with the document itself as the dictionary."""

import re
from collections import Counter
from collections.abc import Iterable

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


class Hyphens:
    """Knows which words a document uses, and so whether a hyphen at a line's end is real."""

    def __init__(self, lines: Iterable[str], broken: str) -> None:
        """Learn the words of all lines but the halves about a break, which `broken` ends."""
        texts = list(lines)
        self._words: Counter[str] = Counter()
        breaks: list[str] = []
        whole: list[str] = []
        half = ""
        for line in texts:
            goes_on = line.endswith(broken)
            if not half and not goes_on:
                whole.append(line)
                continue
            words = _words(line.lower())
            if half and words:
                breaks.append(half + words[0])
            self._words.update(words[bool(half) : len(words) - goes_on])
            half = words[-1] if goes_on and words else ""
        self._words.update(_words("\n".join(whole).lower()))
        known = sum(joined in self._words for joined in breaks)
        self._are_real = len(breaks) < _RARE * len(texts) and known < _KNOWN * len(breaks)

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
        if self._are_real or "-" in first or "-" in second:
            return True
        if not (first[-1].isalpha() and second[0].isalpha()):
            return True
        if second[0].isupper() and not first.isupper():
            return True
        first, second = first.lower(), second.lower()
        joined, hyphened = self._words[first + second], self._words[f"{first}-{second}"]
        if joined or hyphened:
            return hyphened > joined
        if first in _FIRSTS or second in _SECONDS:
            return True
        halves_are_words = bool(self._words[first] and self._words[second])
        return halves_are_words and min(len(first), len(second)) > _SHORTEST_PART


def _words(text: str) -> list[str]:
    """Give the words of a text; underscores part them."""
    return _WORDS.findall(text.replace("_", " "))
