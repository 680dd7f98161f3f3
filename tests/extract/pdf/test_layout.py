import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.documents import Box
from tasks.extract.pdf.chars import BROKEN_WORD
from tasks.extract.pdf.hyphens import Hyphens
from tasks.extract.pdf.layout import lay_out, title_key
from tasks.extract.pdf.lines import Line

NO_WORDS = Hyphens((), BROKEN_WORD)


def at(top: float, text: str, *, left: float = 50, right: float = 300, size: float = 10) -> Line:
    return Line(text, Box(left, top, right, top + size))


def paragraphs(*lines: Line) -> list[str]:
    return [piece.text for piece in lay_out(lines, {}, NO_WORDS)]


def test_lines_at_the_usual_distance_are_one_paragraph() -> None:
    assert paragraphs(at(100, "One"), at(112, "two"), at(124, "three.")) == ["One\ntwo\nthree."]


def test_a_gap_parts_paragraphs() -> None:
    assert paragraphs(at(100, "One"), at(112, "two"), at(136, "Three")) == ["One\ntwo", "Three"]


def test_wide_spacing_is_no_gap() -> None:
    lines = [at(100 + 24 * n, f"line {n}") for n in range(8)]
    assert paragraphs(*lines) == ["\n".join(line.text for line in lines)]


def test_an_indented_first_line_begins_a_paragraph() -> None:
    lines = [at(100, "one"), at(112, "two"), at(124, "Three", left=65), at(136, "four")]
    assert paragraphs(*lines) == ["one\ntwo", "Three\nfour"]


def test_a_change_of_size_begins_a_block() -> None:
    assert paragraphs(at(100, "Title", size=14), at(116, "text")) == ["Title", "text"]


def test_a_sentence_that_ends_early_ends_its_paragraph() -> None:
    lines = [at(100, "a long line"), at(112, "the end.", right=120), at(124, "Next")]
    assert paragraphs(*lines) == ["a long line\nthe end.", "Next"]


@pytest.mark.parametrize(
    ("last", "first", "expected"),
    [
        ("and so", "it goes on", ["and so\nit goes on"]),
        ("The end.", "New column", ["The end.", "New column"]),
    ],
)
def test_a_paragraph_may_go_on_in_the_next_column(
    last: str, first: str, expected: list[str]
) -> None:
    assert paragraphs(at(700, last), at(100, first, left=320, right=570)) == expected


def test_pieces_of_one_line_stay_on_it() -> None:
    lines = [at(100, "Baraffe", right=90), at(99, "1,2", left=90, right=100, size=7)]
    assert paragraphs(*lines, at(100, "Exeter", left=120)) == ["Baraffe1,2 Exeter"]


def test_a_broken_word_is_mended() -> None:
    assert paragraphs(at(100, "experi\x02"), at(112, "ence of")) == ["experience of"]


def test_a_broken_word_that_does_not_go_on_keeps_its_hyphen() -> None:
    assert paragraphs(at(100, "experi\x02"), at(112, "(1) of")) == ["experi-\n(1) of"]
    assert paragraphs(at(100, "experi\x02")) == ["experi-"]


def test_bullets_are_list_items() -> None:
    pieces = lay_out([at(100, "• one"), at(112, "more"), at(124, "• two")], {}, NO_WORDS)
    assert [(p.kind.value, p.text) for p in pieces] == [
        ("list_item", "• one\nmore"),
        ("list_item", "• two"),
    ]


def test_titles_of_the_outline_are_headings_even_over_two_lines() -> None:
    outline = {title_key("3.1 Payment and Delivery"): 2}
    lines = [at(100, "text"), at(112, "3.1. Payment"), at(124, "and delivery"), at(136, "more")]
    assert [(p.kind.value, p.level, p.text) for p in lay_out(lines, outline, NO_WORDS)] == [
        ("paragraph", None, "text"),
        ("heading", 2, "3.1. Payment\nand delivery"),
        ("paragraph", None, "more"),
    ]


places = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    *[st.floats(0, 800) for _ in range(4)],
)
lines = st.builds(Line, st.text("ab .-•A1\x02", min_size=1), st.none() | places)


@given(st.lists(lines))
def test_no_character_is_lost_whatever_the_lines(some: list[Line]) -> None:
    def bare(texts: list[str]) -> str:
        return "".join("".join(texts).replace(BROKEN_WORD, "").replace("-", "").split())

    pieces = [piece.text for piece in lay_out(some, {"ab": 1}, NO_WORDS)]
    assert bare(pieces) == bare([line.text for line in some])
