"""What becomes of true, altered and damaged quotations; the statuses decide what people trust."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from tasks.core.documents import Block, BlockKind, Document
from tasks.core.outputs import CitationStatus
from tasks.merge.lookup.cited import NOWHERE, Cited
from tasks.merge.lookup.find import find
from tasks.merge.lookup.source import PLACES_AT_MOST, WINDOWS, Source
from tests.merge.building import document
from tests.samples.languages import LANGUAGES, altered, prose, quotations
from tests.samples.languages.layout import laid_out

FOUND, APPROXIMATE, NOT_FOUND = CitationStatus

TEXT = (
    "The Supplier shall pay EUR 42,000 as liquidated damages if Orla Quigley does not approve the "
    "non-standard delivery within thirty days. The net result was −5 per cent in 2023, and the "
    "Customer is unable to claim more. Interest runs at 4.5 per cent from the due date. "
    "The parties were not able to agree. 本合同自签署之日起生效。乙方不得转让其权利。 "
    "لا يجوز للمستأجر التنازل عن العقد. "
    "The remedies of the Customer under this clause are cumulative and apply to all sites."
)
SOURCE = Source(document(TEXT))

CASES = {
    "the very words": ("pay EUR 42,000 as liquidated damages", FOUND),
    "in two lines": ("pay EUR 42,000\nas liquidated damages", FOUND),
    "capital at the start": ("Interest runs at 4.5 per cent", FOUND),
    "small at the start": ("interest runs at 4.5 per cent", FOUND),
    "full stop put in": ("The Supplier shall pay EUR 42,000.", FOUND),
    "comma put in": ("the Customer is unable to claim more,", FOUND),
    "Chinese": ("乙方不得转让其权利", FOUND),
    "Arabic": ("لا يجوز للمستأجر التنازل", FOUND),
    "a page mark inside": ("The net result was −5 per cent [p. 2] in 2023", FOUND),
    "other capitals": ("the supplier shall pay EUR 42,000", APPROXIMATE),
    "part of a word": ("uidated damages if Orla Quigley", APPROXIMATE),
    "a typing error": ("the remedis of the Customer under this clause are cumulative", APPROXIMATE),
    "a small word left out": ("remedies of the Customer under clause are cumulative", APPROXIMATE),
    "a stretch left out": ("The Supplier shall pay EUR 42,000 … within thirty days", APPROXIMATE),
    "parts in another order": ("within thirty days … The Supplier shall pay", NOT_FOUND),
    "another number": ("pay EUR 43,000 as liquidated damages", NOT_FOUND),
    "a number in words": ("non-standard delivery within forty days", NOT_FOUND),
    "part of a number": ("2,000 as liquidated damages", NOT_FOUND),
    "the start of a number": ("Interest runs at 4", NOT_FOUND),
    "without its sign": ("5 per cent in 2023", NOT_FOUND),
    "another name": ("if Orla Brennan does not approve the non-standard delivery", NOT_FOUND),
    "a negation left out": ("if Orla Quigley does approve the non-standard delivery", NOT_FOUND),
    "a negation put in": ("The Supplier shall not pay EUR 42,000", NOT_FOUND),
    "a negating syllable put off": ("the Customer is able to claim more", NOT_FOUND),
    "a negation by a space": ("The parties were notable to agree", NOT_FOUND),
    "non- cut off": ("standard delivery within thirty days", APPROXIMATE),
    "non- left out": ("does not approve the standard delivery within thirty days", NOT_FOUND),
    "another Chinese name": ("丙方不得转让其权利", NOT_FOUND),
    "a Chinese negation left out": ("乙方得转让其权利", NOT_FOUND),
    "a Chinese negation cut off": ("得转让其权利", APPROXIMATE),
    "an Arabic negation left out": ("يجوز للمستأجر البنازل عن العقد", NOT_FOUND),
    "nothing like it": ("The Customer owns all the ships in the harbour", NOT_FOUND),
    "no words": ("…!", NOT_FOUND),
}  # fmt: skip


@pytest.mark.parametrize(("quote", "status"), CASES.values(), ids=CASES)
def test_looks_a_quotation_up(quote: str, status: CitationStatus) -> None:
    assert find(quote, NOWHERE, SOURCE).status is status


@pytest.mark.parametrize("language", LANGUAGES)
def test_layout_hides_no_true_quotation_and_no_change_passes_for_found(language: str) -> None:
    text, draw = prose(language), random.Random(7)
    source = Source(laid_out(text, draw))
    true = quotations(text, draw, 60)
    lies = [altered(q, text, kind, draw) for q in true for kind in ("number", "name", "negation")]

    found = [find(quote, NOWHERE, source).status for quote in true]
    assert found.count(FOUND) >= 59
    assert NOT_FOUND not in found
    assert sum(lie is not None for lie in lies) >= 60
    assert {find(lie, NOWHERE, source).status for lie in lies if lie} == {NOT_FOUND}


def test_a_number_at_the_end_of_a_sentence_is_whole_before_that_of_the_next_clause() -> None:
    source = Source(document("2.1 It ends on 31 March 2029.\n\n2.2 It began in 2023, 2024 or so."))

    for quote in ("2.1 It ends on 31 March 2029.", "2.2 It began in 2023", "2024 or so"):
        assert find(quote, NOWHERE, source).status is FOUND
    assert find("It ends on 31 March 20", NOWHERE, source).status is NOT_FOUND


def test_a_quotation_runs_on_over_a_running_head_and_a_page() -> None:
    pages = ("Either party may ter-\n", "Page 2 of 9\nminate in writing.")
    head = Block(
        kind=BlockKind.HEADER_FOOTER,
        start=len(pages[0]),
        end=len(pages[0]) + 11,
        set_apart="running head",
    )
    whole = document(*pages)
    split = Document(digest="d", text=whole.text, blocks=(head,), pages=whole.pages)

    first = Cited(pages=frozenset({1}))
    assert find("may terminate in writing", first, Source(split)).status is FOUND
    assert find("Page 2 of 9", NOWHERE, Source(split)).status is NOT_FOUND


def test_the_cited_page_decides_among_several_places() -> None:
    source = Source(document("The fee is due. ", "Nothing. ", "The fee is due. "))

    assert find("The fee is due", Cited(pages=frozenset({3})), source).page == 3
    elsewhere = find("The fee is due", Cited(pages=frozenset({2})), source)
    assert (elsewhere.status, elsewhere.page) == (APPROXIMATE, 1)


@given(st.integers(0, len(TEXT) - 1), st.integers(12, 120))
def test_the_span_is_that_of_the_words(start: int, length: int) -> None:
    quote = TEXT[start : start + length].strip(" .,。")
    found = find(quote, NOWHERE, SOURCE)

    if found.status is FOUND:
        assert SOURCE.document.text[found.start : found.end] == quote


@given(st.text(max_size=80), st.text(max_size=200))
def test_any_text_can_be_looked_up_in_any(quote: str, text: str) -> None:
    found = find(quote, NOWHERE, Source(document(text)))

    if found.start is not None and found.end is not None:
        assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize("filling", ["x", "the fee ", "不", "a-"])
def test_a_source_of_one_word_over_and_over_is_no_trap(filling: str) -> None:
    text = filling * (100_000 // len(filling))
    source = Source(document(text))
    for quote in (filling * 40, "the fee is something else " + filling * 20, text[:5000] + "y"):
        find(quote, NOWHERE, source)  # would take hours, were all places looked at

    assert len([*source.exact(source.folded.text[:3])]) <= PLACES_AT_MOST


def test_the_search_for_what_is_alike_looks_at_few_windows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[int] = []
    alike = fuzz.partial_ratio_alignment

    def counting(needle: str, window: str, score_cutoff: float) -> object:
        looked_at.append(len(window))
        return alike(needle, window, score_cutoff=score_cutoff)

    monkeypatch.setattr("tasks.merge.lookup.source.fuzz.partial_ratio_alignment", counting)
    find("the remedis of the Customer under this clause", NOWHERE, Source(document(TEXT * 500)))

    assert 0 < len(looked_at) <= WINDOWS
    assert max(looked_at) < 150
