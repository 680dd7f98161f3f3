import pytest

from tasks.core.documents import Document
from tasks.core.errors import LimitError
from tasks.extract.limits import ExtractionLimits
from tests.extract.documents import read_docx
from tests.extract.docx.building import docx, p, r, table

BREAK = '<w:r><w:br w:type="page"/></w:r>'
MARK = "<w:r><w:lastRenderedPageBreak/></w:r>"
BEFORE = "<w:pageBreakBefore/>"


def read(body: str) -> Document:
    return read_docx(docx(body), ExtractionLimits())


def pages(body: str) -> list[str]:
    """Give the text of each page, without the white space around it."""
    document = read(body)
    assert "".join(document.text_of(page) for page in document.pages) in ("", document.text)
    return [document.text_of(page).strip() for page in document.pages]


def section(kind: str) -> str:
    return f'<w:sectPr><w:type w:val="{kind}"/></w:sectPr>'


def test_without_any_break_there_are_no_pages() -> None:
    document = read(p("a") + p("b"))

    assert document.pages == ()
    assert {b.page for b in document.blocks} == {None}
    assert document.warnings == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p(r("a") + BREAK) + p("b"), ["a", "b"]),
        (p("a") + p(MARK + r("b")), ["a", "b"]),
        (p(r("a") + BREAK) + p(MARK + r("b")), ["a", "b"]),
        (p("a") + p(BREAK) + p(BREAK) + p("b"), ["a", "", "b"]),
        (p("a") + p("b", BEFORE), ["a", "b"]),
        (p("a") + p(MARK + r("b"), BEFORE), ["a", "b"]),
        (p("a", BEFORE) + p(MARK + r("b")), ["a", "b"]),
        (p("a", section("nextPage")) + p("b") + section("nextPage"), ["a", "b"]),
        (p("a", "<w:sectPr/>") + p(MARK + r("b")) + "<w:sectPr/>", ["a", "b"]),
        (p("a", section("nextPage")) + p(MARK + r("b")) + section("continuous"), ["a", "b"]),
        (p("<w:r><w:drawing/></w:r>") + p(MARK + r("b")), ["", "b"]),
    ],
    ids=[
        "typed", "rendered", "typed, then rendered", "typed twice", "before", "before and rendered",
        "before on the first page", "section", "section and rendered", "continuous section",
        "picture page",
    ],
)  # fmt: skip
def test_each_turn_of_the_page_counts_once(body: str, expected: list[str]) -> None:
    assert pages(body) == expected


def test_a_section_of_the_same_page_turns_nothing() -> None:
    assert read(p("a", section("nextPage")) + p("b") + section("continuous")).pages == ()


def test_a_paragraph_is_cut_where_the_page_turns_inside_it() -> None:
    document = read(p(r("One sentence ") + MARK + r("goes on.")) + p("Next"))

    assert document.text == "One sentence goes on.\n\nNext"
    assert [(document.text_of(b), b.page) for b in document.blocks] == [
        ("One sentence", 1),
        ("goes on.", 2),
        ("Next", 2),
    ]


def test_cells_of_a_row_turn_the_page_together() -> None:
    split = p(r("a ") + MARK + r("b"))

    assert pages(table([split, split], ["c", "d"]) + p("after"))[1:] == ["after"]


def test_pages_of_a_layout_are_trusted() -> None:
    assert read(p("x " * 6000) + p(MARK + r("b"))).warnings == ()


def test_pages_counted_by_typed_breaks_alone_are_doubted() -> None:
    document = read(p(r("a") + BREAK) + p("b"))

    assert len(document.pages) == 2
    assert "may differ" in document.warnings[0]


def test_pages_that_no_sheet_could_hold_are_left_out() -> None:
    document = read(p(r("x " * 6000) + BREAK) + p("b"))

    assert document.pages == ()
    assert "no page numbers" in document.warnings[0]


def test_more_pages_than_the_limit_are_refused() -> None:
    with pytest.raises(LimitError, match="pages"):
        read_docx(docx(p(BREAK * 11)), ExtractionLimits(max_pages=10))
