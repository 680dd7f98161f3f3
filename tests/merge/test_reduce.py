from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tasks.core.capacity import prompt_tokens_at_most
from tasks.core.requests import request_tokens
from tasks.merge.reduce import Partial, merged, next_level, partials, reduce_request
from tests.merge.building import answer, recipe

WINDOW = 1500
ROOM = prompt_tokens_at_most(window=WINDOW, max_tokens=100)

lengths = st.lists(st.integers(1, 1500), min_size=1, max_size=40)


def leaves(words: list[int]) -> tuple[Partial, ...]:
    texts = ["word " * count for count in words]
    return partials(answer(n, text, total=len(words)) for n, text in enumerate(texts, 1))


@given(lengths, st.integers(1, 200))
def test_the_tree_always_ends_and_loses_nobody(words: list[int], merged_words: int) -> None:
    level = leaves(words)
    for _ in range(len(words)):
        groups = next_level(level, recipe(), window=WINDOW)
        if not groups:
            break
        assert [p for group in groups for p in group] == list(level)
        assert len(groups) < len(level)
        level = tuple(g[0] if len(g) == 1 else merged(g, "word " * merged_words) for g in groups)

    assert not next_level(level, recipe(), window=WINDOW)
    assert (level[0].first, level[-1].last) == (1, len(words))
    assert all(a.last + 1 == b.first for a, b in pairwise(level))


@given(lengths)
def test_every_request_fits_the_window(words: list[int]) -> None:
    for group in next_level(leaves(words), recipe(), window=WINDOW):
        if len(group) > 1:
            assert request_tokens(reduce_request(group, recipe())) <= ROOM


def test_one_answer_needs_no_merging() -> None:
    assert next_level(leaves([5]), recipe(), window=WINDOW) == ()


def test_answers_too_long_for_each_other_are_left() -> None:
    assert next_level(leaves([900, 900]), recipe(), window=WINDOW) == ()


def test_parts_with_nothing_relevant_are_left_out_by_protocol() -> None:
    answers = [answer(1, "NO RELEVANT INFORMATION"), answer(2, "A fee."), answer(3, None)]

    assert [partial.text for partial in partials(answers)] == ["A fee."]


def test_an_answer_that_merely_mentions_it_is_kept() -> None:
    assert partials([answer(1, "There is NO RELEVANT INFORMATION on fees, but a date.")])


def test_a_request_says_which_parts_it_merges() -> None:
    group = leaves([3, 3])

    content = reduce_request(group, recipe()).messages[-1].content

    assert "part: 1 of 2" in content
    assert "part: 2 of 2" in content
