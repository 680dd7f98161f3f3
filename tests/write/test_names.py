import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.errors import ConfigError
from tasks.write.names import MAX_STEM_BYTES, check_pattern, folded, numbered, safe_stem

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@given(ANY_TEXT, st.integers(1, 2000))
def test_a_stem_never_leaves_its_folder(text: str, number: int) -> None:
    name = numbered(safe_stem(text), number)

    for kind in (PurePosixPath, PureWindowsPath):
        assert kind(name).parts == (name,)
    assert name not in {".", ".."}
    assert "\0" not in name


@given(ANY_TEXT, st.integers(1, 2000))
def test_a_stem_is_a_valid_name_everywhere(text: str, number: int) -> None:
    name = numbered(safe_stem(text), number)

    assert 0 < len(name.encode()) <= MAX_STEM_BYTES
    assert name.strip(". ") == name
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in name)


@given(ANY_TEXT)
def test_a_safe_stem_stays_as_it_is(text: str) -> None:
    assert safe_stem(safe_stem(text)) == safe_stem(text)


@pytest.mark.parametrize("name", ["con", "NUL", "Aux.v2", "com1", "LPT9 .x", "COM²", "conin$"])
def test_names_that_windows_keeps_for_devices_are_changed(name: str) -> None:
    assert safe_stem(name) == f"_{name}"


@pytest.mark.parametrize("name", ["contract", "console", "com", "Überweisung", "契約書", "Лист 2"])
def test_ordinary_names_are_kept(name: str) -> None:
    assert safe_stem(name) == name


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "document"),
        ("", "document"),
        (" .hidden. ", "hidden"),
        ("a\nb\tc", "a_b_c"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("line\u2028break", "line break"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_unsafe_characters_are_replaced(text: str, stem: str) -> None:
    assert safe_stem(text) == stem


def test_a_long_name_is_cut_between_whole_letters() -> None:
    assert safe_stem("ä" * 100) == "ä" * 60
    # A letter and its two accents weigh five bytes, and 120 is 24 of them.
    assert safe_stem("x" + "q\u0323\u0307" * 30) == "x" + "q\u0323\u0307" * 23


def test_a_numbered_name_keeps_to_the_length() -> None:
    assert numbered("a" * 120, 12) == "a" * 117 + "-12"
    assert numbered("a", 1) == "a"


def test_names_that_some_file_systems_hold_for_one_are_folded_into_one() -> None:
    assert folded("Straße\u00c9") == folded("STRASSEe\u0301")


@pytest.mark.parametrize(
    "pattern", ["{recipe}", "{stem}/x", "{stem} {date}", ".{stem}", "x" * 50, "{stem}{stem}"]
)
def test_a_pattern_that_cannot_name_outputs_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="pattern"):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["{stem}", "{recipe} of {stem}", "{stem}.{recipe}"])
def test_a_pattern_that_names_the_source_is_taken(pattern: str) -> None:
    check_pattern(pattern)
