"""Which rows are a table's header, and over which columns their words are put."""

from collections.abc import Sequence

import pytest
from fpdf import FPDF

from tasks.extract.pdf.tables.headers import with_header
from tests.extract.documents import read_pdf
from tests.extract.pdf.cells import tables

FIGURES = ("Fees", "10", "11", "20", "21")


def header(*above: Sequence[str]) -> tuple[str, ...]:
    return next(with_header([*map(tuple, above), FIGURES]))


@pytest.mark.parametrize("place", [1, 2])
def test_what_spans_columns_stands_over_the_first(place: int) -> None:
    over = ["", "", "", "", ""]
    over[place], over[place + 2] = "Three months", "Six months"

    assert header(over, ["", "2022", "2021", "2022", "2021"]) == (
        "",
        "Three months 2022",
        "2021",
        "Six months 2022",
        "2021",
    )


def test_the_second_line_of_what_spans_columns_goes_with_it() -> None:
    found = header(
        ["", "", "Three months", "", "Six months"],
        ["In millions", "", "to May", "", "to May"],
        ["", "2022", "2021", "2022", "2021"],
    )

    assert found == (
        "In millions",
        "Three months to May 2022",
        "2021",
        "Six months to May 2022",
        "2021",
    )


def test_two_lines_of_one_name_stay_together() -> None:
    found = header(["", "", "Net", "", "Net"], ["", "Cost", "value", "Cost", "value"])

    assert found == ("", "Cost", "Net value", "Cost", "Net value")


def test_names_that_differ_stay_where_they_are() -> None:
    assert header(["", "", "Net", "", "Fair"], ["", "A", "B", "C", "D"]) == (
        "",
        "A",
        "Net B",
        "C",
        "Fair D",
    )


def drawn(*rows: Sequence[tuple[float, str]]) -> bytes:
    """Draw words at their places across, a row below the other."""
    pdf = FPDF(unit="pt")
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    for number, row in enumerate(rows):
        for across, text in row:
            pdf.text(across, 100 + 13 * number, text)
    return bytes(pdf.output())


def test_the_first_line_of_one_name_is_of_the_header() -> None:
    rows = [
        [(300, "Cash")],
        [(200, "Cost"), (300, "and such")],
        *([(50, name), (205, "1.5"), (305, "2.5")] for name in ("North", "South", "West")),
    ]

    assert tables(read_pdf(drawn(*rows)))[0][0] == ["", "Cost", "Cash and such"]


def test_titles_with_their_pages_are_no_table() -> None:
    titles = ("Definitions", "Term and renewal", "Transition", "The services", "Fees")
    rows = [[(50, title), (400, str(3 + 2 * n))] for n, title in enumerate(titles)]
    document = read_pdf(drawn(*rows))

    assert tables(document) == []
    assert "Term and renewal 5" in document.text


def test_counts_that_go_up_and_down_are_a_table() -> None:
    rows = [[(50, f"Site {n}"), (400, str(n * 7 % 5))] for n in range(1, 6)]

    assert [len(table) for table in tables(read_pdf(drawn(*rows)))] == [6]
