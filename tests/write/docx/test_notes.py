import io
from zipfile import ZipFile

from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from tasks.core.documents import Document
from tasks.core.outputs import Citation, CitationStatus
from tasks.write.docx.render import render_docx
from tests.write.docx.rules import broken_rules
from tests.write.made import a_source, an_output, placed

TEXT = "The rent is due each month. It ends in May."
BODY = "“rent is due” [p. 1]. It “never was said” here. It “is due every month” so, see [p. 2].\n"
FOUND = Citation(quote="rent is due", status=CitationStatus.FOUND, cited_page=1, page=1)
LOST = Citation(quote="never was said", status=CitationStatus.NOT_FOUND, cited_page=7)
NEAR = Citation(
    quote="is due every month", status=CitationStatus.APPROXIMATE, page=1, start=9, end=26
)
PAGE = Citation(quote="", status=CitationStatus.FOUND, cited_page=2, page=2)
CITATIONS = placed(BODY, FOUND, LOST, NEAR, PAGE)


def written(body: str = BODY, citations: tuple[Citation, ...] = CITATIONS) -> bytes:
    source = a_source(documents={"": Document(digest="d", text=TEXT)})
    return render_docx(an_output(body, citations=citations), source)


def root(data: bytes, name: str) -> etree._Element:
    with ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def text_of(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(qn("w:t"))).strip()


def test_each_citation_is_a_footnote_with_document_page_words_and_doubt() -> None:
    notes = root(written(), "word/footnotes.xml").findall(qn("w:footnote"))

    assert [text_of(note) for note in notes if note.get(qn("w:type")) is None] == [
        "lease.pdf, p.\u00a01: “rent is due”",
        "lease.pdf, p.\u00a07 as cited: not found: “never was said”",
        "lease.pdf, p.\u00a01: approximate, the source reads: “is due each month”",
        "lease.pdf, p.\u00a02",
    ]


def test_a_note_names_the_paragraph_of_a_document_without_pages() -> None:
    found = Citation(quote="rent is due", status=CitationStatus.FOUND, paragraph=3)
    lost = Citation(quote="", status=CitationStatus.NOT_FOUND, cited_paragraph=9)
    body = "“rent is due” [¶ 3], see [¶ 9].\n"
    notes = root(written(body, placed(body, found, lost)), "word/footnotes.xml")

    assert [text_of(note) for note in notes.findall(qn("w:footnote"))][-2:] == [
        "lease.pdf, ¶\u00a03: “rent is due”",
        "lease.pdf, ¶\u00a09 as cited: not found",
    ]


def test_the_reference_stands_right_behind_its_citation() -> None:
    runs = root(written(), "word/document.xml").iter(qn("w:r"))
    shown = [
        "#" if run.find(qn("w:footnoteReference")) is not None else text_of(run) for run in runs
    ]

    assert "|".join(shown).startswith(
        "Summary of the lease|Pages 3–4 have no answer.|“rent is due” [p. 1]|#|. It “never was "
        "said”|#|here. It “is due every month”|#|so, see [p. 2]|#|."
    )
    assert broken_rules(written()) == []


def test_a_citation_that_is_not_shown_has_no_note_and_no_part() -> None:
    with ZipFile(io.BytesIO(written("text", (FOUND,)))) as package:
        assert "word/footnotes.xml" not in package.namelist()


def test_marks_of_ours_in_a_body_are_no_notes() -> None:
    document = root(written("\ue0001\ue001 text “rent is due”", ()), "word/document.xml")

    assert not list(document.iter(qn("w:footnoteReference")))
    assert "\ue000" not in text_of(document)


def test_an_endless_quotation_is_cut_in_its_note() -> None:
    quote = "word " * 200
    citation = Citation(
        quote=quote.strip(), status=CitationStatus.FOUND, body_start=0, body_end=len(quote) + 1
    )
    (*_, note) = root(written(f"“{quote}”", (citation,)), "word/footnotes.xml")

    assert len(text_of(note)) < 150
    assert "word … word" in text_of(note)
