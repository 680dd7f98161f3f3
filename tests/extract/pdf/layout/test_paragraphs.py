from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.documents import Box, Link
from tasks.extract.pdf.layout.hyphens import Hyphens
from tasks.extract.pdf.layout.paragraphs import lay_out, title_key
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD
from tests.extract.documents import read_pdf

SAMPLES = Path(__file__).parents[3] / "samples"

NO_WORDS = Hyphens.of((), BROKEN_WORD)


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


@pytest.mark.parametrize("last", ["and so", "The end."])
def test_a_column_has_blocks_of_its_own(last: str) -> None:
    lines = [at(700, last), at(100, "it goes on", left=320, right=570)]
    assert paragraphs(*lines) == [last, "it goes on"]


def test_a_word_that_a_column_breaks_is_whole_where_it_begins() -> None:
    lines = [at(700, "an experi\x02"), at(100, "ence of it", left=320, right=570)]
    assert paragraphs(*lines) == ["an experience", "of it"]


def test_an_item_goes_on_in_the_next_column() -> None:
    lines = [at(700, "\u2022 and so"), at(100, "it goes on", left=320, right=570)]
    assert paragraphs(*lines) == ["\u2022 and so\nit goes on"]


def test_pieces_of_one_line_stay_on_it() -> None:
    lines = [at(100, "Baraffe", right=90), at(99, "1,2", left=90, right=100, size=7)]
    assert paragraphs(*lines, at(100, "Exeter", left=120)) == ["Baraffe1,2 Exeter"]


def test_a_broken_word_is_mended() -> None:
    assert paragraphs(at(100, "experi\x02"), at(112, "ence of")) == ["experience of"]


def test_a_broken_word_that_does_not_go_on_keeps_its_hyphen() -> None:
    assert paragraphs(at(100, "experi\x02"), at(112, "(1) of")) == ["experi-\n(1) of"]
    assert paragraphs(at(100, "experi\x02")) == ["experi-"]


def test_a_stamp_up_the_margin_is_a_block_of_its_own() -> None:
    stamp = Line("arXiv 2020", Box(20, 100, 32, 400), upright=True)
    assert paragraphs(at(100, "one"), stamp, at(112, "two")) == ["one", "arXiv 2020", "two"]


def test_a_title_does_not_begin_with_a_number_beside_it() -> None:
    lines = [at(100, "(4)"), at(130, "3. Price"), at(145, "text")]
    pieces = lay_out(lines, {title_key("3 Price"): 1}, NO_WORDS)
    assert [(p.kind.value, p.text) for p in pieces] == [
        ("paragraph", "(4)"),
        ("heading", "3. Price"),
        ("paragraph", "text"),
    ]


def test_what_is_set_apart_does_not_end_a_paragraph() -> None:
    hidden = at(112, "planted")._replace(apart="white text")
    pieces = list(lay_out([at(100, "to be"), hidden, at(124, "continued")], {}, NO_WORDS))
    assert [(p.text, p.apart, p.continues) for p in pieces] == [
        ("to be", None, False),
        ("planted", "white text", False),
        ("continued", None, True),
    ]


def test_links_keep_their_words_when_lines_are_joined() -> None:
    linked = at(112, "ence of it")._replace(marks=(Link(start=5, end=7, target="#page=2"),))
    passage = next(iter(lay_out([at(100, "experi\x02"), linked], {}, NO_WORDS)))
    assert [passage.text[m.start : m.end] for m in passage.marks] == ["of"]


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


def test_a_paragraph_over_two_columns_has_a_place_in_each() -> None:
    document = read_pdf((SAMPLES / "two-columns.pdf").read_bytes())

    boxes = [block.box for block in document.blocks if block.box and block.page == 1]
    goes_on = next(block for block in document.blocks if block.continues and block.page == 1)
    assert document.text_of(goes_on).startswith("in the wheelhouse")
    assert all(box.right < 300 or box.left > 300 for box in boxes[1:])
