import io

import pypdf
import pytest
from hypothesis import given, settings

from tasks.core.outputs import Citation, CitationStatus
from tasks.write.pdf.render import render_pdf
from tests.write.docx.test_contents import LONG
from tests.write.docx.test_render import HOSTILE
from tests.write.made import SOURCE, an_output, placed
from tests.write.test_inert import MARKDOWN

BODY = (
    "# Terms\n\n“rent is due” [p. 1] and **bold** [x](https://a.b).\n\n1. one\n   - two\n\n"
    "> quote\n\n"
    "| a | b |\n|---|--:|\n| c | d |\n\n```\ncode\n```\n\nשלם (Act)\n"
)
FOUND = Citation(quote="rent is due", status=CitationStatus.APPROXIMATE, cited_page=1, page=1)


def opened(body: str, **changes: object) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render_pdf(an_output(body, **changes), SOURCE)))


def text_of(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_all_is_there_with_citations_as_footnotes() -> None:
    pdf = opened(BODY, citations=placed(BODY, FOUND))
    text = text_of(pdf)

    for words in (
        "Summary of the lease",
        "Pages 3–4 have no answer.",
        "Terms",
        "one",
        "two",
        "code",
    ):
        assert words in text
    assert "lease.pdf, p. 1: approximate: “rent is due”" in text.replace("\u00a0", " ")
    assert "About this document" in text
    assert "Page 1 of 1" in text
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Summary of the lease"


def test_a_long_text_has_contents() -> None:
    assert "Contents" in text_of(opened(LONG))
    assert "Contents" not in text_of(opened(BODY))


def test_hostile_text_is_only_text() -> None:
    body = HOSTILE + '\n\n#read("/etc/passwd") \\#panic() $x$ @y "]); #"\n'
    pdf = opened(body, title='#panic("x") "', citations=())
    links = [a.get_object() for page in pdf.pages for a in page.get("/Annots", ())]

    assert "<script>alert(1)</script>" in text_of(pdf)
    assert '#read("/etc/passwd")' in text_of(pdf)
    assert not [link for link in links if "/URI" in str(link.get("/A"))]


def test_the_same_output_gives_the_same_bytes() -> None:
    assert len({render_pdf(an_output(BODY), SOURCE) for _ in range(2)}) == 1


@pytest.mark.parametrize("body", ["> " * 60 + "deep text", "- " * 60 + "deep text", "**a " * 500])
def test_deeply_nested_text_is_set(body: str) -> None:
    assert body.rsplit(maxsplit=1)[-1] in text_of(opened(body))


@settings(max_examples=25)
@given(MARKDOWN)
def test_any_markdown_can_be_set(body: str) -> None:
    assert opened(body).pages
