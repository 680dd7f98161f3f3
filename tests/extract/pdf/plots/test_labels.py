from tasks.core.documents import Box
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.pdfium.drawings import Drawings
from tasks.extract.pdf.plots.labels import plot_labels


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
