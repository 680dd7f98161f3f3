"""Sentences and their citations, as they are looked up in outputs of real answers."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.outputs import Citation, CitationStatus
from tasks.core.sentences import sentences
from tasks.merge.citations import check_citations
from tests.merge.building import document

SOURCE = {"": document("The fee is 4,200 euros a month. ", "It is due in May. ")}


def counts(body: str) -> tuple[int, int]:
    """Count the sentences of an answer and those with a citation, as it is written out."""
    said = sentences(*check_citations(body, SOURCE))
    return len(said), sum(bool(sentence.citations) for sentence in said)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("The fee is due [p. 2]. It is high.", (2, 1)),
        ("# Heading\n\n| a | b |\n|---|---|\n| c | d |", (0, 0)),
        ("# Heading [p. 1]\nThe fee is due [p. 2].\n---\nIt is high.", (2, 1)),
        ("```\nThe fee. It is due.\n```\n\nThe fee is due [p. 2].", (1, 1)),
        ("- “Quoted from it” [p. 1]\n- Not quoted\n\n- \n", (2, 1)),
        ("费用到期。[p. 2] 很高。", (2, 1)),
        ("", (0, 0)),
        ("Under Art. 5 Mr. Salo pays, e.g. in May. He did [p. 1].", (2, 1)),
        ("Gemäß § 3 Abs. 2 zahlt Dr. Thiessen bzw. der Käufer [p. 1]. Sonst nicht.", (2, 1)),
        ("J. Abernethy pays 4. She pays “no less than that sum” [p. 2]. Why? So!", (4, 1)),
        ("It is due. [p. 2] It is **high.** **The fee.** [p. 1]", (3, 2)),
        ("It ends. “It is due in June, says he. So be it.” [p. 2] Who knows?", (2, 1)),
    ],
)
def test_counts_sentences_with_and_without_citations(body: str, expected: tuple[int, int]) -> None:
    assert counts(body) == expected


def test_what_is_said_of_a_doubtful_citation_is_no_sentence() -> None:
    body = "The fee is due. [p. 9]\n\n“It was never said like this” [p. 1]\n\nIt is high [p. 8]."

    assert counts(body) == (3, 3)


def test_a_term_in_quotation_marks_is_no_citation() -> None:
    assert counts("On the “Effective Date” it begins.") == (1, 0)


@given(st.text(alphabet='aB. !\n-*“”"。#|[]1`', max_size=80), st.data())
def test_sentences_are_apart_in_order_and_have_each_citation_once(
    body: str, data: st.DataObject
) -> None:
    places = sorted(data.draw(st.sets(st.integers(0, len(body)), max_size=6)))
    cited = [
        Citation(quote="", status=CitationStatus.FOUND, body_start=a, body_end=b)
        for a, b in zip(places[::2], places[1::2], strict=False)
    ]

    found = sentences(body, cited)

    edges = [at for sentence in found for at in (sentence.start, sentence.end)]
    assert edges == sorted(edges)
    assert all(sentence.start < sentence.end for sentence in found)
    shown = [id(citation) for sentence in found for citation in sentence.citations]
    assert len(shown) == len(set(shown))


def test_long_quotations_take_no_longer_than_their_length() -> None:
    body = f"“{'It is due. ' * 2000}” and so on. " * 20
    cited = [
        Citation(quote="x", status=CitationStatus.FOUND, body_start=at, body_end=at + 22_001)
        for at in range(0, len(body) - 22_001, len(body) // 20)
    ]
    before = process_time()

    assert len(sentences(body, cited)) == 20
    assert process_time() - before < 2
