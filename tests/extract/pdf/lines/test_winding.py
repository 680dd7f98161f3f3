"""What pdfium takes for one line though it goes on elsewhere is taken apart."""

from fpdf import FPDF

from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.reader import read_pdf
from tasks.extract.reader import Request


def placed_pdf(*texts: tuple[float, float, str], size: float = 10) -> bytes:
    """Draw texts at places across and down, in mm, in the order given."""
    pdf = FPDF()
    pdf.set_auto_page_break(auto=False)
    pdf.add_page()
    pdf.set_font("Helvetica", size=size)
    for across, down, text in texts:
        pdf.text(across, down, text)
    return bytes(pdf.output())


def lines(data: bytes) -> list[tuple[str, int]]:
    pages = [part for part in read_pdf(data, Request()) if isinstance(part, PageText)]
    return [(line.text.strip(), round(line.box.left)) for line in pages[0].lines if line.box]


def test_a_line_that_goes_back_to_a_lower_one_is_two() -> None:
    data = placed_pdf((105, 30, "A deposit of three"), (10, 32, "The lease begins"))

    assert lines(data) == [("A deposit of three", 298), ("The lease begins", 28)]


def test_many_short_lines_that_overlap_are_so_many() -> None:
    texts = [(10.0 + 40 * (n % 2), 30.0 + 2 * n, f"Word number {n}") for n in range(30)]

    assert [text for text, _ in lines(placed_pdf(*texts))] == [text for _, _, text in texts]


def test_a_sign_of_a_formula_stays_in_its_line() -> None:
    data = placed_pdf((60, 28.5, "2"), (10, 30, "The sum of x"))

    assert [text for text, _ in lines(data)] == ["2 The sum of x"]
