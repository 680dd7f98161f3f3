import pytest

from tasks.extract.pdf.signs.backwards import find_backwards


def read(text: str, *places: float) -> str:
    """Read a text whose characters stand at these places across the page."""
    edits = find_backwards(text, places.__getitem__)
    return "".join(edits.get(index, character) for index, character in enumerate(text))


def test_a_word_that_is_drawn_from_left_to_right_is_turned_round() -> None:
    assert read("בלט", 10, 15, 20) == "טלב"
    assert read("ab בלט", 0, 5, 8, 10, 15, 20) == "ab טלב"


def test_a_word_that_is_drawn_as_it_is_read_stays() -> None:
    assert read("طلب", 20, 15, 10) == "طلب"


def test_each_word_is_judged_for_itself() -> None:
    assert read("طلب بلط", 40, 35, 30, 25, 10, 15, 20) == "طلب طلب"


def test_latin_words_and_words_up_the_page_stay() -> None:
    assert read("left", 10, 15, 20, 25) == "left"
    assert read("طلب", 10, 10, 10) == "طلب"


@pytest.mark.parametrize(
    ("drawn", "meant"),
    [
        ("סעיף 15)ב()4( לחוק", "סעיף 15(ב)(4) לחוק"),
        ("חוק ]נוסח )חדש([ זה", "חוק [נוסח (חדש)] זה"),
        ("חוק (נוסח) זה", "חוק (נוסח) זה"),
        ("א) ראשון ב) שני", "א) ראשון ב) שני"),
        ("חוק )נוסח\r\nחדש( זה", "חוק )נוסח\r\nחדש( זה"),
        ("שמו) של זה (וגם", "שמו) של זה (וגם"),
        ("a )b( c\r\nחק", "a )b( c\r\nחק"),
    ],
)
def test_brackets_that_pair_only_when_they_are_turned_are_turned(drawn: str, meant: str) -> None:
    assert read(drawn, *(-5.0 * place for place in range(len(drawn)))) == meant
