"""Tables that go on overleaf have the header of the page before; others keep their own."""

from collections.abc import Sequence

import pytest
from fpdf import FPDF
from fpdf.fonts import FontFace

from tasks.core.documents import BlockKind, Document
from tasks.core.tables import rows_of
from tasks.extract.plain import plain_text
from tests.extract.documents import read_pdf

HEADER = ["Service", "First year", "Second year"]
FIGURES = [[f"Service {n}", f"{n * 37:,}", f"{n * 41:,}"] for n in range(1, 120)]
WORDS = [[f"Service {n}", "in the east", "by appointment"] for n in range(1, 120)]
PLAIN = FontFace(emphasis="")
BOLD = FontFace(emphasis="BOLD")


class _Footed(FPDF):
    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("Helvetica", size=8)
        self.cell(text=f"Page {self.page_no()}")


def overleaf_pdf(
    rows: Sequence[Sequence[str]],
    *,
    header: Sequence[str] = HEADER,
    borders: str = "ALL",
    style: FontFace = PLAIN,
    repeated: int = 0,
) -> bytes:
    """Draw a table that takes several pages, and a last line below it."""
    pdf = _Footed()
    pdf.set_auto_page_break(auto=True, margin=20)
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    pdf.multi_cell(w=160, text="The fees are as follows.", new_x="LMARGIN", new_y="NEXT")
    with pdf.table(
        [header, *rows],
        borders_layout=borders,
        width=150,
        repeat_headings=repeated,
        headings_style=style,
    ):
        pass
    pdf.set_font("Helvetica", size=10)
    pdf.multi_cell(w=160, text="They are due at once.", new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def two_tables_pdf(first: Sequence[Sequence[str]], second: Sequence[Sequence[str]]) -> bytes:
    """Draw a table a page, in the same columns."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=10)
    for rows in (first, second):
        pdf.add_page()
        with pdf.table(rows, width=150, headings_style=PLAIN):
            pass
    return bytes(pdf.output())


def tables(document: Document) -> list[tuple[int | None, bool, list[list[str]]]]:
    return [
        (block.page, block.continues, rows_of(document.text_of(block)))
        for block in document.blocks
        if block.kind is BlockKind.TABLE
    ]


@pytest.mark.parametrize("style", [PLAIN, BOLD])
@pytest.mark.parametrize(
    ("borders", "rows"), [("ALL", FIGURES), ("ALL", WORDS), ("NONE", FIGURES), ("MINIMAL", FIGURES)]
)
def test_rows_overleaf_stand_below_the_header_of_the_first_page(
    borders: str, rows: list[list[str]], style: FontFace
) -> None:
    document = read_pdf(overleaf_pdf(rows, borders=borders, style=style))
    found = tables(document)

    assert [(page, continues) for page, continues, _ in found] == [
        (1, False), (2, True), (3, True), (4, True),
    ]  # fmt: skip
    assert all(table[0] == HEADER for _, _, table in found)
    assert [row for _, _, table in found for row in table[1:]] == rows
    assert plain_text(document).count("Second year") == 1


@pytest.mark.parametrize("borders", ["ALL", "NONE"])
@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_rows_overleaf_are_the_rest_of_a_table(borders: str, count: int) -> None:
    on_first = len(tables(read_pdf(overleaf_pdf(FIGURES, borders=borders)))[0][2]) - 1
    rows = FIGURES[: on_first + count]
    found = tables(read_pdf(overleaf_pdf(rows, borders=borders)))

    assert found[1:] == [(2, True, [HEADER, *rows[on_first:]])]


@pytest.mark.parametrize("style", [PLAIN, BOLD])
@pytest.mark.parametrize(("borders", "rows"), [("ALL", WORDS), ("NONE", FIGURES)])
def test_a_header_that_each_page_draws_is_neither_row_nor_running_head(
    borders: str, rows: list[list[str]], style: FontFace
) -> None:
    document = read_pdf(overleaf_pdf(rows, borders=borders, style=style, repeated=1))
    found = tables(document)

    assert not any(continues for _, continues, _ in found)
    assert [row for _, _, table in found for row in table[1:]] == rows
    assert plain_text(document).count("Second year") == len(found)


def test_the_place_of_a_rest_is_its_own_page() -> None:
    document = read_pdf(overleaf_pdf(FIGURES[:50]))
    rest = next(block for block in document.blocks if block.continues)

    assert rest.page == 2
    assert rest.box is not None
    assert rest.box.top < 60
    assert rest.box.bottom < 400
    assert document.text_of(rest).startswith("| Service | First year | Second year |\n")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (FIGURES[:9], [["Town", "Sales", "Costs"], *FIGURES[:9]]),
        ([HEADER, *FIGURES[:9]], [["Town", "Sales", "Costs"], *FIGURES[:9]]),
        ([HEADER, *WORDS[:9]], [["Town", "Region", "Person"], *WORDS[:9]]),
    ],
)
def test_another_table_in_the_same_columns_keeps_its_header(
    first: list[list[str]], second: list[list[str]]
) -> None:
    assert tables(read_pdf(two_tables_pdf(first, second))) == [
        (1, False, first),
        (2, False, second),
    ]


def test_rows_in_other_columns_are_no_rest() -> None:
    wide = [["A service with a very long name, far to the right", *row[1:]] for row in FIGURES[:9]]
    pdf = FPDF()
    pdf.set_font("Helvetica", size=10)
    for rows, widths in (([HEADER, *FIGURES[:9]], (40, 50, 60)), (wide, (90, 30, 30))):
        pdf.add_page()
        with pdf.table(rows, width=150, col_widths=widths, headings_style=PLAIN):
            pass
    found = tables(read_pdf(bytes(pdf.output())))

    assert [continues for _, continues, _ in found] == [False, False]


def test_a_title_above_the_rows_is_not_repeated_as_their_header() -> None:
    found = tables(read_pdf(overleaf_pdf(FIGURES[:50], header=["Fees", "", ""], style=BOLD)))

    assert [(page, continues, table[0]) for page, continues, table in found] == [
        (1, False, ["Fees", "", ""]),
        (2, True, ["", "", ""]),
    ]
    assert [row for _, _, table in found for row in table[1:]] == FIGURES[:50]
