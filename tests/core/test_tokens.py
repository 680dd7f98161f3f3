import pytest

from tasks.core.tokens import PIECE_CHARS, count_tokens


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("hello world", 2), ("Größe", 2)])
def test_counts_as_o200k_does(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_words_stay_whole_where_a_long_text_is_cut() -> None:
    text = "hello world " * PIECE_CHARS

    assert count_tokens(text) == pytest.approx(2 * PIECE_CHARS, rel=0.001)


@pytest.mark.parametrize("run", [" ", "\t", "\n", "a", "漢", "😀", "\ud800"])
def test_survives_a_megabyte_without_a_break(run: str) -> None:
    assert count_tokens(run * 1_000_000) > 0
