import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.infer.delivery.ages import DOUBT_EVERY, OF_LATE, Ages

AGE = st.floats(0.01, 1000)


def known(*ages_s: float) -> Ages:
    """Give what is known when answers were looked for all the time."""
    ages = Ages()
    for age_s in ages_s:
        ages.answered(after_s=age_s, by_s=age_s)
    return ages


def test_of_the_first_answer_nothing_is_known() -> None:
    assert Ages().lain_s(after_s=0.0, age_s=100.0) is None
    assert Ages().typical_s == Ages().longest_s == 0.0


def test_many_answers_stand_for_the_next() -> None:
    ages = known(*[10.0, 20.0] * (OF_LATE // 2))

    assert ages.lain_s(after_s=0.0, age_s=9.0) == 0.0
    assert ages.lain_s(after_s=0.0, age_s=15.0) == pytest.approx(2.5, rel=0.05)
    assert ages.lain_s(after_s=10.0, age_s=15.0) == pytest.approx(0.0, abs=0.05)
    assert ages.lain_s(after_s=10.0, age_s=22.0) == pytest.approx(2.0, rel=0.05)
    assert ages.lain_s(after_s=20.0, age_s=22.0) is None


def test_one_answer_does_not_stand_for_the_next() -> None:
    assert known(10.0, 20.0).lain_s(after_s=10.0, age_s=15.0) == pytest.approx(25 / 30 / 2)


@given(st.lists(AGE, min_size=1, max_size=2 * OF_LATE), AGE, AGE)
def test_what_lies_ready_lies_there_no_longer_than_since_the_last_look(
    ages_s: list[float], after_s: float, more_s: float
) -> None:
    ages = known(*ages_s)
    sooner_s = ages.lain_s(after_s=after_s, age_s=after_s + more_s / 2)
    lain_s = ages.lain_s(after_s=after_s, age_s=after_s + more_s)

    assert (lain_s is None) == (after_s >= max(ages_s[-OF_LATE:]))
    if lain_s is not None and sooner_s is not None:
        assert 0.0 <= sooner_s <= lain_s + 1e-9
        assert lain_s <= more_s + 1e-9


def test_an_answer_is_taken_to_have_come_between_two_looks() -> None:
    ages = Ages()
    ages.answered(after_s=4.0, by_s=5.0)

    assert ages.typical_s == pytest.approx(4.5)


def test_first_looks_that_find_answers_are_doubted_now_and_then() -> None:
    ages = Ages()
    for _ in range(DOUBT_EVERY):
        ages.answered(after_s=0.0, by_s=10.0)

    assert ages.longest_s == pytest.approx(9.8)
    lain_s = ages.lain_s(after_s=0.0, age_s=8.0)
    assert lain_s is not None
    assert lain_s > 0.0
