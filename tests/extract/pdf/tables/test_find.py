"""Tables against cells that were typed by looking at the rendered pages."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from fpdf import FPDF

from tasks.core.documents import BlockKind, Document
from tests.extract.documents import read_pdf
from tests.extract.pdf.cells import cell_f1, tables
from tests.extract.pdf.expected import EXPECTED, Expected

SAMPLES = Path(__file__).parents[3] / "samples"
LEAST_F1 = 0.85


def ruled_pdf(rows: Sequence[Sequence[str]], *, borders: str = "ALL") -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    pdf.multi_cell(w=160, text="The fees are as follows.", new_x="LMARGIN", new_y="NEXT")
    with pdf.table(rows, borders_layout=borders, width=150):
        pass
    pdf.multi_cell(w=160, text="They are due at once.", new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


FEES = [
    ["Service", "First year", "Second year"],
    ["Help desk with a long name that takes two lines of its cell", "1,200", "1,250"],
    ["Network | cables", "300", ""],
    ["Sites", "40", "45"],
]


@pytest.mark.parametrize("borders", ["ALL", "NONE", "HORIZONTAL_LINES", "MINIMAL"])
def test_a_table_is_a_block_between_its_neighbours(borders: str) -> None:
    document = read_pdf(ruled_pdf(FEES, borders=borders))

    kinds = [block.kind for block in document.blocks]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.PARAGRAPH]
    assert tables(document) == [FEES]


def test_cells_that_are_merged_stand_once() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    with pdf.table(width=120) as table:
        row = table.row()
        row.cell("Region")
        row.cell("Sales of the year", colspan=2)
        for cells in (("North", "10", "12"), ("South", "7", "9")):
            table.row(cells)

    assert tables(read_pdf(bytes(pdf.output()))) == [
        [["Region", "Sales of the year", ""], ["North", "10", "12"], ["South", "7", "9"]]
    ]


@pytest.mark.parametrize("draw", ["line", "bar"])
@pytest.mark.parametrize("thick", [0.5, 1.5, 3, 6])
def test_a_rule_parts_rows_however_thick_it_is(draw: str, thick: float) -> None:
    pdf = FPDF(unit="pt")
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    words = [["Office", "Town"], ["North", "Leeds"], ["South", "Rye"]]
    for row, cells in enumerate(words):
        for column, cell in enumerate(cells):
            pdf.text(80 + 150 * column, 116 + 24 * row, cell)
    for across in (72, 222, 372):
        pdf.line(across, 100, across, 172)
    for down in (100, 148, 172):
        pdf.line(72, down, 372, down)
    pdf.set_line_width(thick)
    if draw == "line":
        pdf.line(72, 124, 372, 124)
    else:
        pdf.rect(72, 124 - thick / 2, 300, thick, style="F")

    assert tables(read_pdf(bytes(pdf.output()))) == [words]


def test_prose_in_columns_or_frames_is_no_table() -> None:
    rows = [["We went to the sea in the summer", "and to the hills in the winter"]] * 4

    assert tables(read_pdf(ruled_pdf(rows, borders="NONE"))) == []
    assert tables(read_pdf((SAMPLES / "two-columns.pdf").read_bytes())) == []


@pytest.mark.full
@pytest.mark.corpus
def test_tables_of_real_files_have_the_cells_that_a_person_reads(corpus: Path) -> None:
    read = {case.file: read_pdf((corpus / case.file).read_bytes()) for case in EXPECTED}
    scores = {
        (case.file, case.page, case.nth): cell_f1(_nth(read[case.file], case), case.rows)
        for case in EXPECTED
    }

    assert sum(scores.values()) / len(scores) >= LEAST_F1, scores


def _nth(document: Document, case: Expected) -> list[list[str]]:
    found = tables(document, case.page)
    return found[case.nth] if case.nth < len(found) else []
