"""Rank sentences by TextRank.

Sentences are alike as far as they share rare words. Instead of the graph of all pairs of sentences
the walk goes from sentence to word and back, which needs only the words of each sentence: its
time grows with the text, not with its square.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

_DAMPING = 0.85
_ROUNDS = 20
_ENOUGH = 1e-3
_BREVITY = 0.6


@dataclass(frozen=True, slots=True)
class _Links:
    """The words of each sentence, the sentences of each word, and the weight of each word."""

    words: list[list[int]]
    sentences: list[list[int]]
    weights: list[float]


def textrank(bags: Sequence[frozenset[str]], bias: Sequence[float] | None = None) -> list[float]:
    """Score sentences by their words; a `bias` draws the walk towards the sentences it favours."""
    links = _link(bags)
    rest = _normalised(bias if bias is not None else [1.0] * len(bags))
    mass = [sum(map(links.weights.__getitem__, words)) for words in links.words]
    scores = list(rest)
    for _ in range(_ROUNDS):
        previous, scores = scores, _step(links, mass, scores, rest)
        if sum(map(abs, map(float.__sub__, scores, previous))) < _ENOUGH:
            break
    # The walk comes by a sentence the more often the more words it has: take some of that away.
    return [score / (1.0 + own) ** _BREVITY for score, own in zip(scores, mass, strict=True)]


def _step(links: _Links, mass: list[float], scores: list[float], rest: list[float]) -> list[float]:
    """Walk from the sentences to their words and back, once."""
    sent = [score / own if own else 0.0 for score, own in zip(scores, mass, strict=True)]
    back = [
        sum(map(sent.__getitem__, sentences)) * weight / len(sentences)
        for sentences, weight in zip(links.sentences, links.weights, strict=True)
    ]
    return [
        (1 - _DAMPING) * start + _DAMPING * sum(map(back.__getitem__, words))
        for start, words in zip(rest, links.words, strict=True)
    ]


def _link(bags: Sequence[frozenset[str]]) -> _Links:
    """Link sentences by their common words; a word of one sentence only links nothing."""
    places: dict[str, list[int]] = {}
    for at, bag in enumerate(bags):
        for word in sorted(bag):  # sets have no order of their own, and sums depend on it
            places.setdefault(word, []).append(at)
    shared = [(word, where) for word, where in places.items() if len(where) > 1]
    words: list[list[int]] = [[] for _ in bags]
    for number, (_, where) in enumerate(shared):
        for at in where:
            words[at].append(number)
    weights = [math.log(1 + len(bags) / len(where)) for _, where in shared]
    return _Links(words, list(map(itemgetter(1), shared)), weights)


def _normalised(values: Sequence[float]) -> list[float]:
    total = sum(values)
    return [value / total for value in values] if total else [0.0 for _ in values]
