from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tasks.core.spans import Span, length, subtract, touched, union

span_lists = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda t: Span(t[0], t[0] + t[1]))
)


def covered(spans: list[Span] | tuple[Span, ...]) -> set[int]:
    return {at for span in spans for at in range(*span)}


@given(span_lists)
def test_union_covers_the_same_in_order_and_apart(spans: list[Span]) -> None:
    merged = union(spans)

    assert covered(merged) == covered(spans)
    assert all(a.end < b.start for a, b in pairwise(merged))


@given(span_lists, span_lists)
def test_subtract_leaves_what_no_hole_covers(spans: list[Span], holes: list[Span]) -> None:
    assert covered(subtract(spans, holes)) == covered(spans) - covered(holes)


@given(span_lists)
def test_length_counts_each_character_once(spans: list[Span]) -> None:
    assert length(spans) == len(covered(spans))


@given(st.lists(st.integers(0, 40), max_size=20), st.integers(0, 40), st.integers(0, 40))
def test_touched_parts_are_those_that_overlap(cuts: list[int], start: int, chars: int) -> None:
    edges = sorted(cuts)
    parts = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    end = start + chars

    assert touched(parts, start, end) == [p for p in parts if p.start < end and p.end > start]
