"""Whether two texts that are nearly the same differ in what must not differ.

A number, a name or a negation decides what a sentence says. What cannot be told from them by code
counts as one: any word with a capital is taken for a name, and where a script has no capitals, any
word in the place of another.
"""

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from tasks.merge.lookup.folding import MARKS, fold
from tasks.merge.lookup.source import is_unspaced
from tasks.merge.lookup.words import (
    NEGATING_BEGINNINGS,
    NEGATING_ENDINGS,
    NEGATING_SIGNS,
    NEGATIONS,
    NUMBER_SIGNS,
    NUMBERS,
    SMALL_WORDS,
)

_NEGATIONS = frozenset(fold(word).text for word in NEGATIONS)
_NUMBERS = frozenset(fold(word).text for word in NUMBERS)

_TOKEN = re.compile(rf"(?:(?<!\w)[-−])?\d+(?:[.,:/]\d+)*|(?:[^\W\d_][{MARKS}]*)+(?:['’][^\W\d_]+)*")
_HYPHEN_AT_LINE_END = re.compile(r"(?<=[^\W\d_])(?:[-\u2010]\s+|\u00ad\s*)(?=[^\W\d_])")
_HAN_OR_KANA = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_STRIPPED = re.compile(f"[{MARKS}]")


def differ(quote: str, passage: str) -> bool:
    """Tell whether a quotation and a passage of the source differ in a number, name or negation.

    The passage may go on beyond both ends of what is quoted.
    """
    told, there = _tokens(quote), _tokens(passage)
    return any(
        _weighs(told[a:b], there[c:d])
        for a, b, c, d in _changes(told, there)
        if a < b or 0 < a < len(told)
    )


def same_words(quote: str, passage: str) -> bool:
    """Tell whether texts that fold alike also have the same negations, space or no space."""
    if quote.split() == passage.split():  # the common case, and much quicker
        return True
    told, there = _tokens(quote), _tokens(passage)
    return told == there or _negations(told) == _negations(there)


def _changes(told: Sequence[str], there: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Give the stretches that differ, as `told[a:b]` and `there[c:d]`, neighbours joined."""
    stretches: list[tuple[int, int, int, int]] = []
    for code in Levenshtein.opcodes([t.lower() for t in told], [t.lower() for t in there]):
        if code.tag == "equal":
            continue
        a, c = code.src_start, code.dest_start
        if stretches and stretches[-1][1] == a and stretches[-1][3] == c:
            a, _, c, _ = stretches.pop()
        stretches.append((a, code.src_end, c, code.dest_end))
    return stretches


def _tokens(text: str) -> list[str]:
    """Cut a text into words and numbers, each folded but for its case; signs one by one."""
    tokens: list[str] = []
    for found in _TOKEN.finditer(_HYPHEN_AT_LINE_END.sub("", text)):
        word = fold(found[0]).cased
        signs = _HAN_OR_KANA.search(word)
        tokens += word if signs else [word]
    return tokens


def _weighs(told: Sequence[str], there: Sequence[str]) -> bool:
    """Tell whether a change of some words is one that must not be."""
    if "".join(told).lower() == "".join(there).lower():
        return _negations(told) != _negations(there)
    return (
        _numbers(told) != _numbers(there)
        or _negations(told) != _negations(there)
        or any(_negates(a, b) for a in told for b in there)
        or _names(told) != _names(there)
        or _other_words(told, there)
    )


def _numbers(words: Sequence[str]) -> Counter[str]:
    return Counter(
        word.lower()
        for word in words
        if any(c.isdecimal() or c in NUMBER_SIGNS for c in word) or word.lower() in _NUMBERS
    )


def _negations(words: Sequence[str]) -> Counter[str]:
    return Counter(word for word in map(str.lower, words) if _is_negation(word))


def _is_negation(word: str) -> bool:
    return (
        word in _NEGATIONS
        or word.endswith("n't")
        or any(character in NEGATING_SIGNS for character in word)
    )


def _negates(one: str, other: str) -> bool:
    """Tell whether one of two words is the other with a negation put to it: "able", "unable"."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    return any(long == beginning + short for beginning in NEGATING_BEGINNINGS) or any(
        long.endswith(ending) and long.removesuffix(ending)[:3] == short[:3]
        for ending in NEGATING_ENDINGS
        if not short.endswith(ending)
    )


def _names(words: Sequence[str]) -> Counter[str]:
    return Counter(
        word.lower()
        for word in words
        if word[:1] != word[:1].lower() and word.lower() not in SMALL_WORDS
    )


def _other_words(told: Sequence[str], there: Sequence[str]) -> bool:
    """Tell whether words of a script without capitals stand for others: each may be a name."""
    one, other = ("".join(map(_bare, words)) for words in (told, there))
    return bool(one and other) and one != other


def _bare(word: str) -> str:
    """Give a word of a script without capitals, its vowel marks taken off; nothing of others."""
    first = word[:1]
    if first.lower() != first.upper() or not (first.isalpha() or is_unspaced(first)):
        return ""
    return _STRIPPED.sub("", word)
