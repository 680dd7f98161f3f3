import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.core import tokens
from tasks.core.tokens import PIECE_CHARS, count_tokens

TEXTS = st.lists(
    st.sampled_from(
        ["\n", "\r\n", " ", "\t", "\u3000", "/", ".", "|", "rent", "Landlord's", "1234", "未払い",
         "👩‍👧", "e\u0301", "[p. 3]", "\x85", "\x1c", "\u2028", "-"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("hello world", 2), ("Größe", 2)])
def test_counts_as_o200k_does(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_words_stay_whole_where_a_long_text_is_cut() -> None:
    text = "hello world " * PIECE_CHARS

    assert count_tokens(text) == pytest.approx(2 * PIECE_CHARS, rel=0.001)


@pytest.mark.parametrize("run", [" ", "\t", "\n", "a", "漢", "😀", "\ud800"])
def test_survives_a_megabyte_without_a_break(run: str) -> None:
    assert count_tokens(run * 1_000_000) > 0


@settings(max_examples=400)
@given(TEXTS)
def test_counts_of_lines_add_up_to_the_count_of_the_whole(text: str) -> None:
    count_tokens("")  # puts the table where tiktoken looks for it
    whole = len(tiktoken.get_encoding("o200k_base").encode_ordinary(text))

    assert count_tokens(text) == whole


@given(st.lists(TEXTS, max_size=4))
def test_what_is_known_of_other_texts_changes_no_count(texts: list[str]) -> None:
    tokens.forget_words()
    known = [count_tokens(text) for text in texts]

    for text, count in zip(texts, known, strict=True):
        tokens.forget_words()
        assert count_tokens(text) == count


@given(st.lists(TEXTS, max_size=4))
def test_words_are_forgotten_when_there_are_too_many(texts: list[str]) -> None:
    known = [count_tokens(text) for text in texts]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "WORDS_AT_MOST", 2)
        tokens.forget_words()
        assert [count_tokens(text) for text in texts] == known
        assert len(tokens._words) <= 2
