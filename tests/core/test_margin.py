"""The margin that is learned from the provider's counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.margin import (
    ENOUGH_ANSWERS,
    LARGEST,
    LEAST_TOKENS,
    MARGIN,
    SMALLEST,
    Margin,
    Ratios,
    learned,
    ratios,
)

OURS = st.integers(LEAST_TOKENS, 200_000)
COUNTS = st.lists(
    st.tuples(OURS, st.floats(0.6, 1.9)).map(lambda pair: (pair[0], int(pair[0] * pair[1]))),
    max_size=80,
)


def counts(ratio: float, answers: int) -> list[tuple[int, int]]:
    return [(10_000, round(10_000 * ratio))] * answers


@given(COUNTS)
def test_a_prompt_like_any_that_was_seen_stays_within_the_margin(
    seen: list[tuple[int, int]],
) -> None:
    margin = learned(ratios(seen))

    assert all(theirs <= ours * (1 + margin.share) for ours, theirs in seen)


@given(COUNTS)
def test_a_margin_is_never_below_the_floor_nor_narrow_on_little_evidence(
    seen: list[tuple[int, int]],
) -> None:
    margin = learned(ratios(seen))

    assert SMALLEST <= margin.share <= LARGEST
    assert len(seen) >= ENOUGH_ANSWERS or margin.share >= MARGIN


@given(COUNTS, st.data())
def test_a_larger_ratio_raises_the_margin_at_once(
    seen: list[tuple[int, int]], data: st.DataObject
) -> None:
    before = learned(ratios(seen))
    ours = data.draw(OURS)
    theirs = data.draw(st.integers(int(ours * (1 + before.share)) + 1, ours * 3))

    after = learned(ratios([*seen, (ours, theirs)]))

    assert after.share > before.share or after.share == LARGEST


@given(COUNTS, st.randoms(use_true_random=False), st.integers(0, 80))
def test_neither_the_order_nor_the_grouping_of_answers_matters(
    seen: list[tuple[int, int]], random: object, at: int
) -> None:
    shuffled = list(seen)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # of hypothesis, without types

    whole = learned(ratios(seen))
    pieces = learned(ratios(shuffled[:at]) + ratios(shuffled[at:]))

    assert pieces.share == pytest.approx(whole.share, abs=1e-6)
    assert pieces.answers == whole.answers


def test_it_shrinks_to_what_is_needed_once_there_are_enough_answers() -> None:
    assert learned(Ratios()) == Margin(MARGIN, 0)
    assert learned(ratios(counts(1.12, ENOUGH_ANSWERS - 1))) == Margin(MARGIN, 0)
    assert learned(ratios(counts(1.12, ENOUGH_ANSWERS))).share == pytest.approx(0.14)
    assert learned(ratios(counts(0.8, ENOUGH_ANSWERS))).share == SMALLEST


def test_what_spreads_widely_needs_more_beyond_the_largest() -> None:
    steady = learned(ratios(counts(1.12, 60)))
    spread = learned(ratios([*counts(1.0, 30), *counts(1.12, 30)]))

    assert spread.share > steady.share


def test_short_prompts_and_counts_that_are_none_teach_nothing() -> None:
    assert ratios([(LEAST_TOKENS - 1, 5_000), (10_000, 4_000)]) == Ratios()


def test_no_single_count_makes_the_margin_wider_than_the_largest() -> None:
    assert learned(ratios([(10_000, 900_000)])).share == LARGEST


@pytest.mark.parametrize(
    ("margin", "said"),
    [
        (Margin(), "default"),
        (Margin(0.15, 31), "learned from 31 answers"),
        (Margin(remembered=True), "remembered, default"),
        (Margin(0.15, 31, remembered=True), "remembered, learned from 31 answers"),
    ],
)
def test_a_margin_says_where_it_is_from(margin: Margin, said: str) -> None:
    assert margin.source == said
