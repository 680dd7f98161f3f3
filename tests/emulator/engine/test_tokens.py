import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.emulator.engine.tokens import count_tokens, first_tokens
from tests.emulator.conftest import PROSE


@given(st.text(), st.integers(0, 30))
def test_a_beginning_has_no_more_tokens_than_asked_and_is_the_longest(
    text: str, limit: int
) -> None:
    beginning = first_tokens(text, limit)

    assert text.startswith(beginning)
    assert count_tokens(beginning) == min(limit, count_tokens(text))


def test_counts_english_prose_at_about_a_word_and_a_quarter() -> None:
    assert 1.1 < count_tokens(PROSE) / len(PROSE.split()) < 1.6


@pytest.mark.parametrize("text", ["你好世界", "안녕하세요", "Привет мир", "नमस्ते", "été"])
def test_counts_other_scripts_within_their_characters(text: str) -> None:
    assert 1 <= count_tokens(text) <= len(text)


@pytest.mark.parametrize("run", [" ", "\n", "a", "字", " \n"])
def test_counts_long_runs_without_a_break(run: str) -> None:
    assert 1 <= count_tokens(run * 500_000) <= 500_000
