"""Several answers to one request: the one that is most like the others speaks for all.

Of records, each field is voted on by itself: see `tasks.merge.entities`.
"""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from tasks.core.answers import Answer

PERCENT = 100.0


def elected(answer: Answer) -> tuple[Answer, float | None]:
    """Give an answer with the medoid of its results, and how like the others that is, 0 to 1.

    None where there is nothing to vote on.
    """
    if answer.usable is None or not answer.rivals:
        return answer, None
    results = (answer.usable, *answer.rivals)
    best, agreement = medoid([result.text for result in results])
    others = tuple(result for at, result in enumerate(results) if at != best)
    return replace(answer, result=results[best], rivals=others), agreement


def medoid(texts: Sequence[str]) -> tuple[int, float]:
    """Find the text that is most like all others, the first of equals, and its mean likeness.

    Likeness is by words, whatever their order; 1 is the same words.
    """
    shares = [
        sum(_alike(text, other) for at, other in enumerate(texts) if at != here)
        / max(len(texts) - 1, 1)
        for here, text in enumerate(texts)
    ]
    best = max(range(len(texts)), key=lambda at: (shares[at], -at))
    return best, shares[best] if len(texts) > 1 else 1.0


def majority(values: Sequence[str]) -> tuple[str, float]:
    """Give the value that most have, the first of equals, and the share that has it."""
    best = max(values, key=lambda value: (values.count(value), -values.index(value)))
    return best, values.count(best) / len(values)


def _alike(one: str, other: str) -> float:
    return fuzz.token_sort_ratio(one, other) / PERCENT


def mean(shares: Sequence[float]) -> float | None:
    """Give the mean share of some votes; None where there were none."""
    return sum(shares) / len(shares) if shares else None
