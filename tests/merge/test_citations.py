import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.documents import Document
from tasks.core.outputs import CitationStatus
from tasks.merge.citations import check_citations
from tests.merge.building import document, without_pages

FOUND, APPROXIMATE, NOT_FOUND = CitationStatus

SOURCE = document(
    "The fee is 4,200 euros\na month, payable in advance. ",
    "Either party may terminate with ninety days’ notice. ",
    "协议自签署之日起生效。 The Supplier shall not sub-contract any part.",
)


def statuses(body: str, source: Document = SOURCE) -> list[CitationStatus]:
    return [citation.status for citation in check_citations(body, {"": source})[1]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("“The fee is 4,200 euros a month” [p. 1]", FOUND),
        ('"The fee is 4,200 euros a month" [p. 1]', FOUND),
        ("“terminate with ninety days' notice” [p. 2]", FOUND),
        ("“协议自签署之日起生效。” [p. 3]", FOUND),
        ("“The fee is 4,200 euros a month” [p. 2]", APPROXIMATE),
        ("“Either party may terminate with ninety day’s notice” [p. 2]", APPROXIMATE),
        ("“The fee is 4,300 euros a month” [p. 1]", NOT_FOUND),
        ("“The Customer is bound to pay for the whole year” [p. 1]", NOT_FOUND),
        ("“200 euros a month” [p. 1]", NOT_FOUND),
        ("“fee is 4” [p. 1]", NOT_FOUND),
        ("“Neither party may terminate” [p. 2]", NOT_FOUND),
        ("**“Nobody ever said this”** [p. 1]", NOT_FOUND),
        ("„Das hat niemand je gesagt“ [p. 1]", NOT_FOUND),
        ("«The fee is 4,200 euros a month» [p. 1]", FOUND),
        ("‘Nobody ever said this’ [p. 1]", NOT_FOUND),
        ("「自签署之日起」 [p. 3]", FOUND),
        ("“The fee is 4,200 euros a month” [pp. 1-2]", FOUND),
        ("“The fee is 4,200 euros a month” [p. 3, 1]", FOUND),
        ("The fee is due [pp. 1-3].", FOUND),
        ("The fee is due [pp. 1–900].", NOT_FOUND),
        ("The fee is due [p. 1, 900].", NOT_FOUND),
        ("The fee is due [Page 900].", NOT_FOUND),
        ("The fee is due [p. 2].", FOUND),
        ("The fee is due [p. 9].", NOT_FOUND),
    ],
)
def test_looks_each_citation_up(body: str, status: CitationStatus) -> None:
    assert statuses(body) == [status]


def test_a_term_in_quotes_is_no_quotation() -> None:
    assert statuses("The “Master Agreement” binds both.") == []


def test_says_where_a_quote_stands() -> None:
    _, (citation,) = check_citations("“4,200 euros a month”", {"": SOURCE})

    assert citation.page == 1
    assert SOURCE.text[citation.start : citation.end] == "4,200 euros\na month"


def test_marks_what_is_doubtful_in_the_text() -> None:
    body, _ = check_citations(
        "“The fee is 4,200 euros a month” [p. 1], “Nobody ever said this at all” [p. 2].",
        {"": SOURCE},
    )

    assert body.count("not found in the source") == 1
    assert body.index("Nobody") < body.index("not found")


def test_says_where_each_citation_stands_in_the_marked_body() -> None:
    written = ["“Nobody ever said this at all” [p. 2]", "[p. 9]", "“The fee is 4,200 euros”"]

    body, citations = check_citations(
        f"A {written[0]}, b {written[1]}; c {written[2]}.", {"": SOURCE}
    )

    assert body.count("not found in the source") == 2
    assert [body[c.body_start : c.body_end] for c in citations] == written


@given(st.data())
def test_any_words_of_the_source_are_found_where_they_are(data: st.DataObject) -> None:
    words = SOURCE.text.split()
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    quote = " ".join(words[start:end])

    _, (citation,) = check_citations(f"“{quote}” [p. 1]", {"": SOURCE})

    assert citation.status is not NOT_FOUND
    found = " ".join(SOURCE.text[citation.start : citation.end].split())
    assert found == quote.rstrip(".,。’")


LEASES = {"lease-a.pdf": document("The fee is 4,200 euros a month. "), "lease b [2].pdf": SOURCE}


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ("“The fee is 4,200 euros a month” [lease-a.pdf, p. 1]", FOUND, "lease-a.pdf"),
        ("“The fee is 4,200 euros a month” [lease b [2].pdf, p. 1]", FOUND, "lease b [2].pdf"),
        ("“The fee is 4,200 euros a month” [lease-a.pdf]", FOUND, "lease-a.pdf"),
        ("“The fee is 4,200 euros a month”", FOUND, "lease-a.pdf"),
        ("“terminate with ninety days’ notice” [p. 2]", FOUND, "lease b [2].pdf"),
        (
            "“terminate with ninety days’ notice” [lease-a.pdf, p. 1]",
            APPROXIMATE,
            "lease b [2].pdf",
        ),
        (
            "“The fee is 4,200 euros a month” [lease b [2].pdf, p. 2]",
            APPROXIMATE,
            "lease b [2].pdf",
        ),
        ("“terminate with ninety” [lease-a.pdf] [lease b [2].pdf, p. 2]", FOUND, "lease b [2].pdf"),
        ("“The fee is 5,200 euros a month” [lease-a.pdf, p. 1]", NOT_FOUND, "lease-a.pdf"),
        ("It is due [lease b [2].pdf, p. 3].", FOUND, "lease b [2].pdf"),
        ("It is due [lease-a.pdf, p. 3].", NOT_FOUND, "lease-a.pdf"),
        ("It is due [lease-a.pdf].", FOUND, "lease-a.pdf"),
        ("It is due [p. 1].", NOT_FOUND, ""),
    ],
)
def test_a_citation_among_several_documents_names_its_own(
    body: str, status: CitationStatus, name: str
) -> None:
    _, (citation, *more) = check_citations(body, LEASES)

    assert not more
    assert (citation.status, citation.document) == (status, name)


def test_a_mark_of_doubt_says_in_which_document_to_look() -> None:
    body, _ = check_citations("“terminate with ninety days’ notice” [lease-a.pdf, p. 1]", LEASES)

    assert body.endswith("*(quote approximate, see lease b [2].pdf, page 2)*")


NOTES = without_pages("The fee is 4,200 euros a month.", "It ends on 31 March of next year.")


@pytest.mark.parametrize(
    ("body", "status", "cited", "place"),
    [
        ("“The fee is 4,200 euros a month” [¶ 1].", FOUND, "¶ 1", "¶ 1"),
        ("“It ends on 31 March of next year” [¶¶ 1, 2]", FOUND, "¶ 1", "¶ 2"),
        ("“It ends on 31 March of next year” [¶ 1]", APPROXIMATE, "¶ 1", "¶ 2"),
        ("“It ends on 31 March of next year”", FOUND, "", "¶ 2"),
        ("“It ends on 30 March of next year” [¶ 2]", NOT_FOUND, "¶ 2", ""),
        ("It ends in March [¶ 2].", FOUND, "¶ 2", "¶ 2"),
        ("It ends in March [¶ 9].", NOT_FOUND, "¶ 9", ""),
        ("It ends in March [p. 2].", NOT_FOUND, "p. 2", ""),
    ],
)
def test_of_a_document_without_pages_paragraphs_are_looked_up(
    body: str, status: CitationStatus, cited: str, place: str
) -> None:
    (citation,) = check_citations(body, {"": NOTES})[1]

    assert (citation.status, citation.cited_place, citation.place) == (status, cited, place)


def test_a_bare_paragraph_leads_to_its_whole_text() -> None:
    (citation,) = check_citations("It ends in March [¶ 2].", {"": NOTES})[1]

    assert NOTES.text[citation.start : citation.end].startswith("It ends on 31 March")
    assert citation.end == len(NOTES.text)


def test_what_is_doubtful_of_a_paragraph_is_said() -> None:
    body, _ = check_citations("“The fee is 4,200 euros a month” [¶ 2], due [¶ 7].", {"": NOTES})

    assert body == (
        "“The fee is 4,200 euros a month” [¶ 2] *(quote approximate, see ¶ 1)*, "
        "due [¶ 7] *(paragraph not found in the source)*."
    )


def test_a_document_with_pages_has_no_paragraphs_to_name() -> None:
    assert statuses("The fee is due [¶ 1].") == [NOT_FOUND]


def test_of_several_documents_some_have_pages_and_some_paragraphs() -> None:
    body = "“The fee is 4,200 euros a month” [notes.md, ¶ 1]; it is high [lease.pdf, p. 1] [¶ 1]."
    citations = check_citations(body, {"notes.md": NOTES, "lease.pdf": SOURCE})[1]

    assert [(c.document, c.status, c.place) for c in citations] == [
        ("notes.md", FOUND, "¶ 1"),
        ("lease.pdf", FOUND, "p. 1"),
        ("", NOT_FOUND, ""),
    ]
