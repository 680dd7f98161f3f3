import re
from dataclasses import replace
from html import unescape

import pytest

from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.outputs import Citation, CitationStatus
from tasks.core.sentences import sentences
from tasks.write.html.render import render_html
from tests.write.made import a_source, an_output, placed

TEXT = "TERMS\nThe rent is due monthly.\n\fIt ends in May."
DOCUMENT = Document(
    digest="d",
    text=TEXT,
    blocks=(
        Block(kind=BlockKind.HEADING, start=0, end=5),
        Block(kind=BlockKind.PARAGRAPH, start=6, end=30),
    ),
    pages=(Page(number=1, start=0, end=31), Page(number=2, start=32, end=len(TEXT))),
)
FOUND = Citation(
    quote="rent is due", status=CitationStatus.FOUND, cited_page=1, page=1, start=10, end=21
)
LOST = Citation(quote="never said", status=CitationStatus.NOT_FOUND, cited_page=2)
PAGE = Citation(quote="", status=CitationStatus.FOUND, cited_page=2, page=2)
BODY = "“rent is due” [p. 1]. Nobody knows. He “never said” so. It ends [p. 2].\n"


def the_reader(body: str, *citations: Citation, document: Document | None = DOCUMENT) -> str:
    output = an_output(body, citations=citations if body == "text" else placed(body, *citations))
    return render_html(output, a_source(documents={"": document} if document else {})).decode()


def sections(page: str) -> str:
    """Give the text of the source's side."""
    inner = "".join(re.findall(r"<section[^>]*>(.*?)</section>", page, re.DOTALL))
    return unescape(re.sub(r"<[^>]*>", "", inner))


def test_a_citation_leads_to_its_passage_its_page_or_its_entry() -> None:
    page = the_reader(BODY, FOUND, LOST, PAGE)
    article = page.split("<article>")[1].split("</article>")[0]

    assert re.findall(r'class="cite (\w+)" href="#(\w+)"', article) == [
        ("found", "s1"),
        ("not_found", "c2"),
        ("found", "p2"),
    ]
    assert '<a id="s1"></a><mark data-cites="1">rent is due</mark>' in page
    assert 'id="p2"' in page
    assert 'id="c2"' in page


def test_a_reference_stands_once_where_its_link_says_the_same() -> None:
    moved = Citation(quote="", status=CitationStatus.APPROXIMATE, cited_page=1, page=2)
    page = the_reader("It is so [p. 1]. It ends [p. 2]. None [p. 9].\n", moved, PAGE)
    article = page.split("<article>")[1].split("</article>")[0]
    shown = re.sub("<[^>]*>", "", article)

    assert "It is so [p. 1]≈ p.\u00a02. It ends p.\u00a02." in shown
    assert "None [p. 9]." in shown


def test_a_sentence_without_a_citation_is_recognisable() -> None:
    page = the_reader(BODY, FOUND, LOST, PAGE)

    assert page.count('class="uncited"') == 2  # one is in the legend
    assert 'Nobody knows.<span class="uncited"' in page


@pytest.mark.parametrize(
    "body",
    [
        "**Bold, said Mr. Salo.** It is *so.*\n\n- **Item**\n- An item. [p. 2]\n",
        "Of Art. 5 it is so. [p. 2] `Code. More.` A [link](http://a.example).\n\n1. One\n2. Two!",
        "# Heading\n\n> A quote. Of two.\n\n| a. b |\n|---|\n| c. d |\n\n费用到期。很高。\n",
    ],
)
def test_as_many_sentences_are_marked_as_are_counted_without_a_citation(body: str) -> None:
    at = body.find("[p. 2]")
    start, end = (at, at + 6) if at >= 0 else (None, None)
    citation = replace(PAGE, body_start=start, body_end=end)
    found = sentences(body, [citation])
    output = an_output(body, citations=(citation,), sentences=len(found))
    article = render_html(output, a_source()).decode().split("<article>")[1].split("</article>")[0]

    uncited = [sentence for sentence in found if not sentence.citations]
    assert article.count('class="uncited"') == len(uncited) > 0
    assert "**" not in article
    assert "\ue002" not in article


def test_passages_that_overlap_are_all_marked_and_no_text_is_lost() -> None:
    over = Citation(quote="x", status=CitationStatus.APPROXIMATE, page=1, start=2, end=40)
    page = the_reader("text", FOUND, over)

    assert '<mark data-cites="2 1">' in page
    assert sections(page) == TEXT.replace("\f", " ")


def test_a_source_without_pages_is_shown_whole() -> None:
    text = "A line of words. " * 1000
    page = the_reader("text", document=Document(digest="d", text=text))

    assert sections(page) == text


def test_hostile_text_does_nothing() -> None:
    hostile = '<script>alert(1)</script> ]]> " onload=x [a](javascript:alert(1)) ![i](http://x/i)'
    document = Document(digest="d", text=hostile)
    output = an_output(f'{hostile}\n\n```x" onload=y\n```', title=hostile, notices=(hostile,))
    page = render_html(output, a_source(name=hostile, documents={"": document})).decode()

    assert page.count("<script>") == 1
    assert "<img" not in page
    assert not re.search(r"<[^>]*javascript:", page)
    assert not re.search(r"<\w[^>\"]*\sonload", page)


def test_marks_of_ours_in_a_text_mean_nothing() -> None:
    page = the_reader("\ue0001\ue001 \ue002 word “rent is due”", FOUND)

    assert page.split("<article>")[1].split("</article>")[0].count('class="cite') == 1


def test_nothing_but_the_own_style_and_script_is_allowed() -> None:
    page = the_reader(BODY, FOUND)

    assert re.search(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; base", page
    )
    assert not re.search(r"<(link|img|iframe|object|form)\b|\b(src|srcset|style)=", page)


def test_a_sentence_within_a_quotation_is_none_of_the_answers() -> None:
    body = "He said “rent is due. It is 5. So **be it** all.” [p. 1] and left. Nobody knows.\n"
    quote = "rent is due. It is 5. So **be it** all."
    citation = Citation(quote=quote, status=CitationStatus.NOT_FOUND, cited_page=1)
    page = the_reader(body, citation)

    assert page.split("<article>")[1].count('class="uncited"') == 1
    assert "\ue003" not in page


def test_a_citation_behind_the_full_stop_is_the_sentences() -> None:
    page = the_reader("It ends in May. [p. 2]\n\nNobody knows.\n", PAGE)

    assert page.split("<article>")[1].count('class="uncited"') == 1
    assert 'Nobody knows.<span class="uncited"' in page


def test_lines_that_go_on_flow_and_others_stay() -> None:
    long = "a line that is long enough to be broken by the page alone"
    text = f"{long}\nand goes on.\n{long}.\nNew\n| a |\nshort\nlines"
    page = the_reader("text", document=Document(digest="d", text=text))

    assert sections(page) == f"{long} and goes on.\n{long}.\nNew\n| a |\nshort\nlines"


def test_a_source_without_line_breaks_is_shown_in_time() -> None:
    page = the_reader("text", document=Document(digest="d", text="word " * 200_000))

    assert len(page) > 1_000_000
