import io
import subprocess
import sys
from itertools import pairwise
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.write.docx.render import render_docx
from tests.write.docx.rules import broken_rules
from tests.write.made import SOURCE, an_output
from tests.write.test_inert import MARKDOWN

LIST = "1. one\n   - a\n   - b\n2. two\n\n   more of two\n\ntext\n\n5) five\n"


def opened(body: str = "", **changes: object) -> DocumentType:
    return Document(io.BytesIO(render_docx(an_output(body, **changes), SOURCE)))


def styles(document: DocumentType) -> list[tuple[str, str]]:
    """Give the style and text of the paragraphs between the notices and the closing section."""
    shown = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    last = shown.index(("Heading 1", "About this document"))
    return [pair for pair in shown[:last] if pair[0] not in {"Title", "Intense Quote"}]


def part(body: str, name: str = "word/document.xml") -> str:
    with ZipFile(io.BytesIO(render_docx(an_output(body), SOURCE))) as package:
        return package.read(name).decode()


def numbering(body: str) -> list[tuple[str, int, int]]:
    """Give text, list identifier and level of the paragraphs that bear a mark."""
    found = [
        (paragraph.text, marks.numId.val, marks.ilvl.val)
        for paragraph in opened(body).paragraphs
        for marks in paragraph._p.xpath("w:pPr/w:numPr")
    ]
    return found[:-1]  # the last one is the gap in the closing section


def test_title_and_notices_open_the_document() -> None:
    first, second, *_ = opened("text").paragraphs

    assert (first.style.name, first.text) == ("Title", "Summary of the lease")  # type: ignore[union-attr]
    assert (second.style.name, second.text) == ("Intense Quote", "Pages 3–4 have no answer.")  # type: ignore[union-attr]


def test_what_is_amiss_stands_before_other_notices() -> None:
    texts = [p.text for p in opened("text", flaws=("amiss",)).paragraphs]

    assert texts[1:3] == ["amiss", "Pages 3–4 have no answer."]


@pytest.mark.parametrize("body", ["# A\n\n### B", "## A\n\n#### B"])
def test_the_highest_heading_of_a_body_is_heading_1(body: str) -> None:
    assert styles(opened(body)) == [("Heading 1", "A"), ("Heading 3", "B")]


def test_blocks_have_words_own_styles() -> None:
    body = "text\n\n> quote\n\n```\nline 1\nline 2\n```\n\n---\n"

    assert styles(opened(body)) == [
        ("Normal", "text"),
        ("Quote", "quote"),
        ("Code", "line 1\nline 2"),
        ("Rule", ""),
    ]


def test_list_items_have_words_own_styles() -> None:
    assert styles(opened(LIST)) == [
        ("List Number", "one"),
        ("List Bullet 2", "a"),
        ("List Bullet 2", "b"),
        ("List Number", "two"),
        ("List Continue", "more of two"),
        ("Normal", "text"),
        ("List Number", "five"),
    ]


def test_each_ordered_list_counts_for_itself() -> None:
    body = "1. a\n2. b\n\ntext\n\n1. c\n   1. d\n2. e\n"
    lists = {text: (number, level) for text, number, level in numbering(body)}

    assert lists["a"] == lists["b"]
    assert lists["c"] == lists["e"]
    assert len({lists["a"][0], lists["c"][0], lists["d"][0]}) == 3
    assert [lists[t][1] for t in "acd"] == [0, 0, 1]


def test_an_ordered_list_keeps_its_first_number_and_its_delimiter() -> None:
    root = parse_xml(part("7) seven", "word/numbering.xml").encode())
    (start,) = root.xpath("w:num[last()]/w:lvlOverride/w:startOverride")
    (scheme,) = root.xpath("w:num[last()]/w:abstractNumId/@w:val")
    (level,) = root.xpath(f"w:abstractNum[@w:abstractNumId={scheme}]/w:lvl[1]/w:lvlText")

    assert start.get(qn("w:val")) == "7"
    assert level.get(qn("w:val")) == "%1)"


def test_an_item_that_begins_with_a_list_keeps_its_mark() -> None:
    assert [(text, level) for text, _, level in numbering("- - nested")] == [("", 0), ("nested", 1)]


def test_tables_have_a_bold_header_row_that_repeats() -> None:
    table = opened("| a | b |\n|---|--:|\n| c | *d* |\n|  | e |").tables[0]

    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["a", "b"],
        ["c", "d"],
        ["", "e"],
    ]
    assert table._tbl.xpath("w:tr[1]/w:trPr/w:tblHeader")
    assert not table._tbl.xpath("w:tr[2]/w:trPr/w:tblHeader")
    assert table.cell(0, 0).paragraphs[0].style.font.bold
    assert table._tbl.xpath("w:tr[2]/w:tc[2]/w:p/w:pPr/w:jc/@w:val") == ["right"]


def test_a_table_too_wide_for_word_is_set_as_lines() -> None:
    row = " | ".join(str(n) for n in range(70))

    document = opened(f"| {row} |\n|{'---|' * 70}\n| {row} |")

    assert [text for _, text in styles(document)] == [row, row]


def test_emphasis_code_and_breaks_are_set() -> None:
    paragraph = next(p for p in opened("**b** *i* `c`\\\nd").paragraphs if p.text.startswith("b"))
    runs = {run.text: run for run in paragraph.runs}

    assert runs["b"].bold
    assert runs["i"].italic
    assert runs["c"].style is not None
    assert runs["c"].style.name == "Inline Code"
    assert paragraph.text == "b i c\nd"


def test_links_to_the_web_and_to_addresses_are_real() -> None:
    document = opened("[a](https://example.org/?q=1) <b@example.org>")
    links = [link for p in document.paragraphs for link in p.hyperlinks]

    assert [(link.text, link.address) for link in links] == [
        ("a", "https://example.org/?q=1"),
        ("b@example.org", "mailto:b@example.org"),
    ]


HOSTILE = (
    "<script>alert(1)</script> [js](javascript:alert(1)) [file](file:///etc/passwd) "
    "[share](\\\\\\\\host\\\\share) [rel](../x) [bad](https://[) "
    "![picture](https://t.example/p.png) "
    "]]> &#x202E;evil \u202etxt.exe\u2066 \x07\x1b[31m \ud800 {{x}} <!-- c -->\n\n<div>\n\n]]>\n"
)


def test_hostile_content_is_only_text() -> None:
    document = opened(HOSTILE)
    text = "\n".join(text for _, text in styles(document))

    assert not [link for p in document.paragraphs for link in p.hyperlinks]
    assert "<script>alert(1)</script> js file share rel bad picture ]]>" in text
    assert not set(text) & set("\u202e\u2066\x07\x1b\ud800")
    assert "\ufffd" in text


def test_no_part_points_outside_but_for_links() -> None:
    relations = part(HOSTILE, "word/_rels/document.xml.rels")

    assert "External" not in relations


def test_text_from_right_to_left_is_set_so() -> None:
    assert "<w:bidi/>" in part("שלום world")
    assert "<w:bidi/>" not in part("world שלום")
    assert part("world שלום").count("<w:rtl/>") == 1
    assert "<w:bidiVisual/>" in part("| שלום |\n|---|\n| x |")


def test_faces_and_spelling_follow_the_language() -> None:
    assert 'w:eastAsia="Yu Mincho"' in part("契約期間は五年とする。", "word/styles.xml")
    assert '<w:lang w:val="en-US" w:eastAsia="ja-JP"/>' in part("契約は", "word/styles.xml")
    assert 'w:bidi="he-IL"' in part("שלום", "word/styles.xml")
    assert '<w:lang w:val="de-DE"/>' in part(
        "Der Vertrag ist nicht von den Parteien und das Gericht", "word/styles.xml"
    )


def test_the_closing_section_gives_the_account() -> None:
    document = opened("text")
    table = document.tables[-1]
    facts = {row.cells[0].text: row.cells[1].text for row in table.rows}

    assert facts == {
        "Source": "lease.pdf",
        "Recipe": "summarize, version 0123456789ab",
        "Model": "minimax:m2.7@0",
        "Coverage": "80.0% (80 of 100 characters answered, 20 failed, 10 set apart and not sent)",
        "Citations looked up": "1 found, 0 approximate, 1 not found. "
        "A quote found in the source does not prove the sentence around it.",
        "Sentences with a citation": "3 of 4 sentences",
    }
    assert document.paragraphs[-1].text == "Pages 3–4: the provider refused it"


def test_the_properties_name_no_person_and_no_moment() -> None:
    properties = opened("text").core_properties

    assert (properties.title, properties.author) == ("Summary of the lease", "docmill")
    assert (properties.language, properties.comments) == ("en-US", "")
    assert properties.created == properties.modified
    assert properties.created is not None
    assert properties.created.year == 2000


def test_page_numbers_stand_in_the_footer_and_the_title_above_all_pages_but_the_first() -> None:
    section = opened("text").sections[0]

    for footer in (section.footer, section.first_page_footer):
        assert footer.paragraphs[0].text == "lease.pdf\tPage  of "
        assert footer._element.xpath("w:p/w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]
    assert section.header.paragraphs[0].text == "Summary of the lease"
    assert section.first_page_header.paragraphs[0].text == ""


RENDER = (
    "import hashlib; from tests.write.made import *;"
    "from tasks.write.docx.render import render_docx;"
    "body = '# A\\n\\n[x](https://a.example) "
    "[y](https://b.example)\\n\\n1. z\\n\\n|a|\\n|-|\\n|b|';"
    "print(hashlib.sha256(render_docx(an_output(body), SOURCE)).hexdigest())"
)


def test_two_processes_give_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", RENDER],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "TZ": zone},
            check=True,
            capture_output=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }

    assert len(digests) == 1


def test_the_parts_of_the_package_have_fixed_times_and_order() -> None:
    with ZipFile(io.BytesIO(render_docx(an_output("text"), SOURCE))) as package:
        parts = package.infolist()

    assert parts[0].filename == "[Content_Types].xml"
    assert all(a.filename < b.filename for a, b in pairwise(parts[1:]))
    assert {p.date_time for p in parts} == {(1980, 1, 1, 0, 0, 0)}


@settings(deadline=None, max_examples=150)
@given(MARKDOWN, st.text())
def test_any_markdown_gives_a_file_that_opens(body: str, title: str) -> None:
    data = render_docx(an_output(body, title=title, notices=(title,)), SOURCE)
    document = Document(io.BytesIO(data))

    assert broken_rules(data) == []
    assert document.paragraphs[0].style.name == "Title"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body",
    [
        ">" * 400 + " deep",
        "- " * 200 + "deep",
        "**a " * 3000,
        "[" * 3000,
        "999999999. x",
        "`" * 5000,
    ],
)
def test_markdown_beyond_measure_gives_a_file_that_opens(body: str) -> None:
    assert opened(body).paragraphs


@pytest.mark.parametrize("depth", [5, 30, 60, 300])
def test_deeply_nested_text_is_not_lost(depth: int) -> None:
    document = opened("> " * depth + "deep text")

    assert any("deep text" in p.text for p in document.paragraphs)
