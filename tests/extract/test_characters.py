import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.characters import clean, cleaning_warnings

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"


@given(st.text(alphabet=st.characters(codec=None)))
def test_cleaned_text_can_be_encoded_and_holds_no_controls(text: str) -> None:
    cleaned, changes = clean(text)

    cleaned.encode("utf-8")
    assert not set(map(ord, cleaned)) & ({*range(32), *range(127, 160)} - {9, 10})
    assert not set(cleaned) & set("\u202e\u2066\ufeff\u2060")
    assert changes.total() <= len(text)


@given(st.text())
def test_cleaning_again_changes_nothing(text: str) -> None:
    cleaned, _ = clean(text)

    assert clean(cleaned) == (cleaned, {})


@pytest.mark.parametrize(
    "text",
    [
        "Ünïcode\ttab\nline \U0001f600",
        "می\u200cخورم",  # Persian parts a prefix with it
        "क्\u200dष",  # Devanagari keeps a half form
        "ภาษา\u200bไทย",  # Thai breaks lines there
        ENGLAND,
        FAMILY,
        RAINBOW,
        "\u2764\ufe0f",
    ],
)
def test_leaves_sound_text_alone(text: str) -> None:
    assert clean(text) == (text, {})


def test_makes_all_line_ends_plain_without_calling_it_damage() -> None:
    assert clean("a\r\nb\rc\u2028d\x0ce") == ("a\nb\nc\nd\ne", {})


@pytest.mark.parametrize(
    ("text", "cleaned", "said"),
    [
        ("a\x00b\ud800", "a b\ufffd", "2 control or broken characters were replaced"),
        ("\u202egnp.exe\u202c", "gnp.exe", "2 direction-turning characters were taken out"),
        ("ig\u200bnore", "ignore", "1 zero-width character was taken out"),
        ("ig\u200dn\u200core", "ignore", "2 zero-width characters were taken out"),
        ("\ufeffa\u2060b", "ab", "2 zero-width characters were taken out"),
        ("می\u200c\u200d\u200c\u200cخ", "می\u200cخ", "3 zero-width characters were taken out"),
        ("a\U000e0069\U000e0067", "a", "2 zero-width characters were taken out"),
        ("a\ufe0f\ufe01\ufe02", "a\ufe0f", "2 zero-width characters were taken out"),
    ],
)
def test_what_nobody_sees_goes_and_is_counted(text: str, cleaned: str, said: str) -> None:
    found, changes = clean(text)

    assert found == cleaned
    assert cleaning_warnings(changes) == (said,)
