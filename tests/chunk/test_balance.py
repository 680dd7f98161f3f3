from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tasks.chunk.balance import chunk_starts


def fewest(costs: list[int], limit: int) -> int:
    """Fill one chunk after the other, which takes as few as can be."""
    count, left = 0, 0
    for cost in costs:
        if cost > left:
            count, left = count + 1, limit
        left -= cost
    return count


@given(st.data())
def test_takes_as_few_chunks_as_can_be_and_none_over_the_limit(data: st.DataObject) -> None:
    limit = data.draw(st.integers(1, 60))
    costs = data.draw(st.lists(st.integers(1, limit), min_size=1, max_size=60))
    ranks = data.draw(st.lists(st.integers(0, 16), min_size=len(costs), max_size=len(costs)))

    starts = chunk_starts(costs, ranks, limit)

    edges = [*starts, len(costs)]
    assert starts[0] == 0
    assert all(a < b and sum(costs[a:b]) <= limit for a, b in pairwise(edges))
    assert len(starts) == fewest(costs, limit)


@given(st.lists(st.integers(1, 5), min_size=20, max_size=80))
def test_chunks_without_better_places_are_of_like_size(costs: list[int]) -> None:
    edges = [*chunk_starts(costs, [1] * len(costs), 40), len(costs)]

    sizes = [sum(costs[a:b]) for a, b in pairwise(edges)]

    assert max(sizes) - min(sizes) <= 10
