from tasks.core.documents import Box, Link
from tasks.extract.pdf.layout.hyphens import Hyphens
from tasks.extract.pdf.layout.turns import joined_over_turns
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText

HYPHENS = Hyphens.of((), "\x02")


def page(number: int, *lines: str) -> PageText:
    box = Box(50, 100, 300, 110)
    return PageText(number=number, lines=tuple(Line(text, box) for text in lines))


def texts(*pages: PageText, heads: tuple[set[int], ...]) -> list[str]:
    return [p.text for p in joined_over_turns(pages, [frozenset(h) for h in heads], HYPHENS)]


def test_a_word_that_a_turn_breaks_is_whole_on_the_page_that_it_begins_on() -> None:
    first, second = page(1, "Head", "a new experi\x02", "3"), page(2, "Head", "ence of it")

    assert texts(first, second, heads=({0, 2}, {0})) == [
        "Head\na new experience\n3",
        "Head\nof it",
    ]


def test_a_page_that_begins_anew_takes_nothing_from_the_one_before() -> None:
    first, second = page(1, "a metal\x02"), page(2, "Rich people")

    assert texts(first, second, heads=(set(), set())) == ["a metal\x02", "Rich people"]


def test_links_move_with_their_words() -> None:
    second = PageText(
        number=2,
        lines=(Line("ence of it", marks=(Link(start=5, end=7, target="x"),)),),
    )
    mended = joined_over_turns([page(1, "experi\x02"), second], [frozenset()] * 2, HYPHENS)

    line = mended[1].lines[0]
    assert [line.text[m.start : m.end] for m in line.marks] == ["of"]
