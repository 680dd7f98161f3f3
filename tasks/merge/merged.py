"""Merging as a conversation: what it wants asked goes out, what was answered comes in.

    merging = reduce_tree(…)                wanted = advance(merging)
    while wanted is a tuple of requests:    ask them all, then
                                            wanted = advance(merging, replies)
    wanted is what is merged

A stage never asks by itself; whoever leads the conversation does.
"""

from collections.abc import Generator
from dataclasses import dataclass

from tasks.core.answers import Result
from tasks.core.errors import DocmillError
from tasks.core.outputs import Citation, Record
from tasks.core.requests import InferenceRequest

Reply = Result | DocmillError
"""A whole answer, or the error that says why there is none."""

Wanted = tuple[InferenceRequest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The joined answers; `flaw` says why they are not joined as the recipe asks.

    `citations` are those of records; those of a text are looked up once it is whole. `uncarried`
    are quotations that the merge has lost. `agreement` is the mean share of the votes, where there
    were several answers to each chunk.
    """

    body: str
    records: tuple[Record, ...] | None = None
    flaw: str | None = None
    citations: tuple[Citation, ...] = ()
    uncarried: tuple[Citation, ...] = ()
    totals: tuple[tuple[str, str], ...] = ()
    agreement: float | None = None


Merging = Generator[Wanted, tuple[Reply, ...], Merged]


def advance(merging: Merging, replies: tuple[Reply, ...] | None = None) -> Wanted | Merged:
    """Take a merge one step on: give what it wants asked next, in that order, or its end."""
    try:
        return next(merging) if replies is None else merging.send(replies)
    except StopIteration as ended:
        merged: Merged = ended.value
        return merged
