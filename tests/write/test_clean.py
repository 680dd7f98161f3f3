from docx.oxml import OxmlElement, parse_xml
from docx.oxml.xmlchemy import serialize_for_reading
from hypothesis import given
from hypothesis import strategies as st

from tasks.write.clean import clean, one_line
from tasks.write.direction import reads_right_to_left

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_clean_text_fits_into_xml_and_utf_8(text: str) -> None:
    element = OxmlElement("w:t")
    element.text = clean(text)

    assert parse_xml(serialize_for_reading(element).encode()).text == (clean(text) or None)


@given(ANY_TEXT)
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_letters_of_all_scripts_are_kept() -> None:
    text = "Ü 契約 \U0001f9d1\u200d⚖\ufe0f לא\u200cכך \u200f!\n\t"

    assert clean(text) == text


def test_line_ends_are_made_one() -> None:
    assert clean("a\r\nb\rc\x0cd\u2028e") == "a\nb\nc d e"
    assert one_line(" a\r\n\tb ") == "a b"


def test_direction_is_that_of_the_first_letter() -> None:
    assert reads_right_to_left("12. שלום abc")
    assert not reads_right_to_left("12. abc שלום")
    assert not reads_right_to_left("12.")
