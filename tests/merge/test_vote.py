import pytest

from tasks.merge.vote import elected, majority, medoid
from tests.merge.building import answer


def test_the_text_that_is_most_like_the_others_speaks_for_them() -> None:
    texts = ["The fee is 90 euros.", "Nothing at all.", "The fee is 90 euros a month."]

    best, agreement = medoid(texts)

    assert best in {0, 2}
    assert 0.3 < agreement < 0.8


@pytest.mark.parametrize("texts", [["a"], ["a", "a"], ["a", "a", "a"]])
def test_equal_texts_agree_wholly(texts: list[str]) -> None:
    assert medoid(texts) == (0, 1.0)


def test_an_elected_result_takes_the_place_of_the_first() -> None:
    chosen, agreement = elected(answer(1, "odd", "The fee is 90.", "The fee is 90"))

    assert chosen.result is not None
    assert chosen.result.text == "The fee is 90."
    assert {result.text for result in chosen.rivals} == {"odd", "The fee is 90"}
    assert agreement is not None


@pytest.mark.parametrize(
    ("values", "best", "share"),
    [(["a", "b", "b"], "b", 2 / 3), (["a", "b"], "a", 0.5), (["a"], "a", 1.0)],
)
def test_most_votes_win_and_the_first_of_equals(values: list[str], best: str, share: float) -> None:
    assert majority(values)[0] == best
    assert majority(values)[1] == pytest.approx(share)
