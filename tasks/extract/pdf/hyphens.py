"""Mending words that a line's end broke, with the document itself as the dictionary."""

import re
from collections import Counter
from collections.abc import Iterable

_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*\Z")
_FIRST_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SHORTEST_PART = 2


class Hyphens:
    """Knows which words a document uses, and so whether a hyphen at a line's end is real."""

    def __init__(self, lines: Iterable[str], broken: str) -> None:
        """Learn the words of all lines but the halves about a break, which `broken` ends."""
        self._words: Counter[str] = Counter()
        cut = False
        for line in lines:
            words = [word.lower() for word in _WORDS.findall(line)]
            goes_on = line.endswith(broken)
            self._words.update(words[cut : len(words) - goes_on])
            cut = goes_on

    def mend(self, before: str, after: str) -> str:
        """Join two lines whose border breaks a word, with its hyphen or without.

        The hyphen stays in compounds: where a half has a hyphen or number of its own or a capital
        follows, where the document has the word with it, and where it has both halves as words
        but never the joined one.
        """
        first, second = _LAST_WORD.search(before), _FIRST_WORD.match(after)
        if first and second and not self._is_compound(first[0], second[0]):
            return before + after
        return f"{before}-{after}"

    def _is_compound(self, first: str, second: str) -> bool:
        if "-" in first or "-" in second or not (first[-1].isalpha() and second[0].isalpha()):
            return True
        if second[0].isupper() and not first.isupper():
            return True
        first, second = first.lower(), second.lower()
        joined, hyphened = self._words[first + second], self._words[f"{first}-{second}"]
        if joined or hyphened:
            return hyphened > joined
        halves_are_words = bool(self._words[first] and self._words[second])
        return halves_are_words and min(len(first), len(second)) > _SHORTEST_PART
