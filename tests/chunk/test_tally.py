import pytest

from tasks.chunk.tally import tally
from tasks.core.tokens import count_tokens
from tests.chunk.building import document, paragraph


def test_text_set_apart_and_its_page_mark_cost_nothing() -> None:
    source = document(
        paragraph("Rent is due.", page=True),
        paragraph("Page 2 of 9", page=True, set_apart="running head"),
        paragraph("Interest runs."),
    )

    shown = count_tokens(source.text.replace("Page 2 of 9", ""))

    assert tally(source).tokens(0, len(source.text)) == shown
    assert tally(source).cost(0, source.text.index("Page")).tokens == count_tokens(
        "[p. 1]\nRent is due.\n\n"
    )
    assert tally(source).marks == (0, source.text.index("Interest"))


def test_a_page_without_text_to_send_has_no_mark() -> None:
    source = document(
        paragraph("Rent is due.", page=True), paragraph("2", page=True, set_apart="running foot")
    )

    assert tally(source).marks == (0,)


def test_stretches_between_words_add_up() -> None:
    source = document(paragraph("The tenant shall pay the rent on the first day."))
    cut = source.text.index("pay")
    counted = tally(source)

    parts = counted.tokens(0, cut) + counted.tokens(cut, len(source.text))

    assert parts == counted.tokens(0, len(source.text))


@pytest.mark.parametrize(
    ("text", "at", "adds"),
    [
        ("Rent is due.\n\nInterest runs.", "Interest", True),
        ("Rent is due. Interest runs.", "Interest", True),
        ("Rent is due.\n/Interest runs.", "/", False),
        ("Rent is overdue.", "due", False),
        ("期限は三日。支払う。", "支払", False),
        (f"Rent is due.{' ' * 90}Interest runs.", "Interest", False),
    ],
)
def test_a_stretch_adds_up_at_lines_and_after_spaces(text: str, at: str, *, adds: bool) -> None:
    source = document(paragraph(text))

    assert tally(source).cost(text.index(at), len(text)).adds is adds


def test_a_stretch_with_a_mark_inside_does_not_add_up() -> None:
    parts = [paragraph("Rent is due.", page=True), paragraph("Interest runs.", page=True)]
    source = document(*parts)
    counted = tally(source)

    assert counted.cost(0, 10) == (counted.tokens(0, 10) + counted.mark, True)
    assert not counted.cost(0, len(source.text)).adds


def test_a_mark_within_a_page_is_counted_on_top() -> None:
    source = document(paragraph("Rent is due.", page=True), paragraph("Interest runs."))
    counted = tally(source)

    assert counted.lead(0, 12) == 0
    assert counted.lead(source.text.index("Interest"), len(source.text)) == count_tokens("[p. 1]\n")


def test_a_stretch_that_starts_a_chunk_is_counted_without_the_space_before_it() -> None:
    source = document(paragraph("Rent is due. notwithstanding that."))
    counted, at, end = tally(source), source.text.index("notwith"), len(source.text)

    assert counted.lead(at, end) + counted.tokens(at, end) == count_tokens("notwithstanding that.")
    assert counted.lead(at, end) > 0
