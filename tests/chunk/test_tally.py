from tasks.chunk.tally import MARK_TOKENS, tally
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
    assert tally(source).cost(0, len(source.text)) == shown + 2 * MARK_TOKENS
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
