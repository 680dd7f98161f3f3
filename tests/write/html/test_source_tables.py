import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from tasks.core.documents import Block, BlockKind, Document, Page
from tasks.core.outputs import Citation, CitationStatus
from tasks.write.html.passages import source_html

TABLE = "| Month | Level |\n| --- | --- |\n| March | 88 \\| 90 |\n|  | <b>71</b> |"


def a_document(table: str = TABLE, *, pages: tuple[Page, ...] = ()) -> Document:
    text = f"Before.\n\n{table}\n\nAfter."
    block = Block(kind=BlockKind.TABLE, start=9, end=9 + len(table))
    return Document(digest="d", text=text, blocks=(block,), pages=pages)


def citing(start: int, end: int) -> Citation:
    return Citation(quote="q", status=CitationStatus.FOUND, cited_page=1, start=start, end=end)


def cells(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page)
    return [
        [unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd]>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def test_a_table_is_drawn_with_its_header() -> None:
    page = source_html(a_document(), [])

    assert cells(page) == [["Month", "Level"], ["March", "88 | 90"], ["", "<b>71</b>"]]
    assert page.count("<th>") == 2
    assert "Before.\n\n<table>" in page
    assert "</table>\n\nAfter." in page
    assert "---" not in page


def test_a_passage_over_cells_is_marked_in_each_and_can_be_gone_to() -> None:
    text = a_document().text
    start = text.index("| March")  # a bar, of which nothing is shown
    page = source_html(a_document(), [(1, citing(start, text.index(" |\n|  |")))])

    assert '<td><a id="s1"></a><mark data-cites="1">March</mark></td>' in page
    assert '<mark data-cites="1">88 | 90</mark>' in page
    assert page.count("<td>") == page.count("</td>") == 4


def test_a_part_of_a_cell_is_marked_alone() -> None:
    text = a_document().text
    start = text.index("rch")
    page = source_html(a_document(), [(1, citing(start, start + 2))])

    assert '<td>Ma<a id="s1"></a><mark data-cites="1">rc</mark>h</td>' in page


def test_a_table_that_a_page_ends_in_stays_lines() -> None:
    text = a_document().text
    middle = text.index("| March")
    pages = (Page(number=1, start=0, end=middle), Page(number=2, start=middle, end=len(text)))

    assert "<table>" not in source_html(a_document(pages=pages), [])


def test_lines_that_are_no_rows_stay_lines() -> None:
    for no_table in ("| a | b |\nand more", "a | b", "|", "", "| --- |"):
        page = source_html(a_document(no_table), [])

        assert "<table>" not in page
        assert unescape(re.sub("<[^>]*>", "", page)) == a_document(no_table).text


@given(
    rows=st.lists(st.lists(st.text("ab|<& ", max_size=5), min_size=3, max_size=3), min_size=1),
    ends=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=4),
)
def test_no_cell_is_lost_and_markup_stays_whole(
    rows: list[list[str]], ends: list[tuple[int, int]]
) -> None:
    written = [" ".join(cell.split()) for row in rows for cell in row]
    lines = [f"| {' | '.join(c.replace('|', chr(92) + '|') for c in row)} |" for row in rows]
    page = source_html(
        a_document("\n".join(lines)), [(n, citing(*sorted(e))) for n, e in enumerate(ends, 1)]
    )

    drawn = [" ".join(c.split()).replace("\\", "") for row in cells(page) for c in row]
    assert drawn == written  # a passage that ends within an escaped bar leaves its backslash
    for name in ("table", "tr", "td", "th", "mark"):
        assert len(re.findall(f"<{name}[> ]", page)) == page.count(f"</{name}>")
