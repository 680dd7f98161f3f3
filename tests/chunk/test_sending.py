from hypothesis import given, settings

from tasks.chunk.sending import sent_pieces, sent_spans, sent_text, shorten_space
from tasks.core.documents import Document, Page
from tasks.core.spans import Span
from tasks.core.tokens import count_tokens
from tests.chunk.building import document, documents, heading, paragraph


def whole(source: Document) -> Span:
    return Span(0, len(source.text))


@settings(max_examples=150, deadline=None)
@given(documents())
def test_without_its_marks_the_sent_text_is_the_text_that_is_not_set_apart(
    source: Document,
) -> None:
    shown = "".join(source.text_of(span) for span in source.sent(whole(source)))

    sent = "".join(sent_pieces(source, whole(source))[::2])

    assert sent.split() == shown.split()
    if shorten_space(shown) == shown:
        assert sent == shown.strip()


@settings(max_examples=100, deadline=None)
@given(documents())
def test_spans_are_those_of_the_document(source: Document) -> None:
    for start, end in ((0, len(source.text)), (len(source.text) // 3, len(source.text) // 2)):
        assert sent_spans(source, start, end) == source.sent(Span(start, end))


@settings(max_examples=100, deadline=None)
@given(documents())
def test_marks_stand_on_lines_of_their_own(source: Document) -> None:
    pieces = sent_pieces(source, whole(source))
    sign = "p." if source.pages else "¶"

    for at, mark in enumerate(pieces[1::2], 1):
        before = "".join(pieces[: 2 * at - 1])
        assert mark.strip("\n").startswith(f"[{sign} ")
        assert mark.endswith("]\n")
        assert not before or before.endswith("\n") or mark.startswith("\n")


def test_each_page_with_text_is_marked_before_its_first_word() -> None:
    source = document(
        paragraph("One.", page=True),
        paragraph("head", page=True, set_apart="running head"),
        paragraph("Two."),
        paragraph("foot", page=True, set_apart="running foot"),
        paragraph("Four.", page=True),
    )

    lines = sent_text(source, whole(source)).split("\n")
    assert [line for line in lines if line] == [
        "[p. 1]", "One.", "[p. 2]", "Two.", "[p. 4]", "Four.",
    ]  # fmt: skip


def test_a_chunk_from_the_middle_of_a_page_names_the_page() -> None:
    source = document(paragraph("One. Two.", page=True))

    assert sent_text(source, Span(5, 9)) == "[p. 1]\nTwo."


def test_a_mark_moves_past_the_word_that_a_page_break_splits() -> None:
    text = "The land" + "lord leaves now."
    pages = (Page(number=1, start=0, end=8), Page(number=2, start=8, end=len(text)))
    source = Document(digest="0" * 64, text=text, pages=pages)

    assert sent_text(source, whole(source)) == "[p. 1]\nThe landlord \n[p. 2]\nleaves now."


def test_a_document_without_pages_has_numbered_paragraphs_some_way_apart() -> None:
    long = "The rent is due monthly. " * 20
    source = document(
        *(paragraph(f"{long}{letter}") for letter in "abc"), heading("Fees"), paragraph(long + "d")
    )

    sent = sent_text(source, whole(source))

    assert sent.count("[¶ ") == len(source.paragraphs) == 2
    assert "b\n\n[¶ 2]\nThe rent" in sent
    assert sent_text(source, Span(len(long), len(long) + 1)) == "[¶ 1]\na"


def test_a_heading_stays_with_what_follows_it() -> None:
    source = document(
        paragraph("a" * 500), heading("Fees"), paragraph("b" * 500), heading("Term"), paragraph("c")
    )

    starts = [source.text_of(Span(p.start, p.start + 4)) for p in source.paragraphs]

    assert starts == ["aaaa", "Term"]


def test_marks_of_paragraphs_cost_less_than_three_percent() -> None:
    line = "Rent is due on the first of each month and bears interest when late. "
    source = document(*(paragraph(line * (1 + n % 7)) for n in range(400)))

    marks = count_tokens(sent_text(source, whole(source))) - count_tokens(source.text)

    assert 0 < marks < 0.03 * count_tokens(source.text)


def test_a_short_document_has_no_marks() -> None:
    source = document(paragraph("Yes."), paragraph("No."))

    assert sent_text(source, whole(source)) == "Yes.\n\nNo."


def test_endless_white_space_is_sent_short() -> None:
    source = Document(digest="0" * 64, text="a" + " " * 1_000_000 + "b" + "\n" * 1_000_000 + "c")

    assert sent_text(source, whole(source)) == "a b\n\nc"
