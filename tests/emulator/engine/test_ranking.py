import pytest

from tasks.emulator.engine.ranking import textrank


def bags(*texts: str) -> list[frozenset[str]]:
    return [frozenset(text.split()) for text in texts]


def test_the_sentence_that_shares_most_words_comes_first() -> None:
    scores = textrank(bags("a b", "a b c d", "c d", "e f", "g h"))

    assert max(scores) == scores[1]
    assert min(scores) in scores[3:]


def test_a_bias_draws_the_walk_to_what_it_favours_and_its_neighbours() -> None:
    texts = bags("a b", "b c", "x y", "y z")

    scores = textrank(texts, [1.0, 0.0, 0.0, 0.0])
    assert scores[0] > scores[1] > 0
    assert scores[2] == scores[3] == 0


@pytest.mark.parametrize("texts", [[], [""], ["a"], ["", "a", "a"]])
def test_ends_on_texts_with_little_in_them(texts: list[str]) -> None:
    assert len(textrank(bags(*texts))) == len(texts)
