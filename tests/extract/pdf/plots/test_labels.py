from fpdf import FPDF

from tasks.core.documents import Box
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.pdfium.drawings import Drawings
from tasks.extract.pdf.plots.labels import PLOT_LABELS, plot_labels
from tests.extract.documents import read_pdf


def at(left: float, top: float, text: str) -> Line:
    return Line(text, Box(left, top, left + 5 * len(text), top + 8))


CURVES = Drawings(curves=[(Box(120, 100, 280, 200), 80)] * 2)
AXES = [
    at(100, 100, "30"),
    at(100, 130, "20"),
    at(100, 160, "10"),
    at(105, 190, "0"),
    at(120, 210, "0 50 100 150"),
]


def test_the_numbers_of_axes_and_what_stands_among_the_curves_are_labels() -> None:
    lines = [*AXES, at(180, 120, "best fit"), at(120, 300, "A sentence below the figure goes on.")]

    assert plot_labels(lines, CURVES) == frozenset(range(6))


def test_an_axis_may_have_powers_of_ten() -> None:
    powers = [at(100, 100 + 30 * n, text) for n, text in enumerate(("103", "101", "10-1", "10-3"))]
    mixed = [at(100, 100 + 30 * n, text) for n, text in enumerate(("0.003", "0.002", "10-3"))]

    assert plot_labels([*powers, AXES[-1]], CURVES) == frozenset(range(5))
    assert plot_labels([*mixed, at(120, 180, "0 50 100")], CURVES) == frozenset(range(4))


def test_a_caption_is_no_label() -> None:
    lines = [*AXES, at(120, 225, "Fig. 1. Heat")]

    assert 5 not in plot_labels(lines, CURVES)


def test_numbers_beside_a_logo_are_no_plot() -> None:
    invoice = [at(100, 100, "Invoice 4711"), at(100, 130, "20"), at(100, 160, "10 20 30")]

    assert plot_labels(invoice, CURVES) == frozenset()


def test_a_table_whose_numbers_rise_downwards_is_no_plot() -> None:
    table = [at(100, 100 + 30 * n, str(10 * n)) for n in range(4)] + [AXES[-1]]

    assert plot_labels(table, CURVES) == frozenset()


def test_axes_without_a_drawing_are_no_plot() -> None:
    assert plot_labels(AXES, Drawings()) == frozenset()


def test_the_curves_of_a_plot_count_wherever_a_page_of_dots_draws_them() -> None:
    pdf = FPDF(unit="pt")
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    for dot in range(1700):
        pdf.rect(72 + dot % 50 * 4, 500 + dot // 50 * 4, 1, 1, style="F")
    for curve in range(3):
        bends = [(120 + 4 * n, 120 + 20 * curve + 10 * (n % 3)) for n in range(40)]
        pdf.polyline(bends)
    for number, down in zip(("30", "20", "10", "0"), (105, 135, 165, 195), strict=True):
        pdf.text(100, down, number)
    pdf.text(120, 215, "0   50   100   150")
    pdf.text(72, 700, "The dots are the stars, and the curves are the models.")

    document = read_pdf(bytes(pdf.output()))

    apart = [document.text_of(block) for block in document.blocks if block.set_apart == PLOT_LABELS]
    assert " ".join(apart).split() == ["30", "20", "10", "0", "0", "50", "100", "150"]
