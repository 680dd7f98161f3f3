"""Columns that a file draws line by line are read one after the other; rows of cells are not."""

import textwrap
from collections.abc import Sequence

import pytest
from fpdf import FPDF

from tests.extract.documents import read_pdf

LEFT = textwrap.wrap(
    "The lease begins on the first day of March and ends after five years, unless one of the "
    "parties gives notice in writing before the end of the fourth year. The tenant keeps the house "
    "in good repair and pays for the water, the light and the heating that he uses during this "
    "time. Pets are allowed in the garden but not in the hall or on the stairs of the house, where "
    "children sleep and old people walk.",
    44,
)
RIGHT = textwrap.wrap(
    "A deposit of three months of rent is paid into an account at a bank that both parties agree "
    "on, and the interest belongs to the tenant. When the lease ends the landlord gives the money "
    "back within six weeks, less what repairs have cost that were due to the tenant and not done "
    "by him before. Bicycles stand in the cellar and not in the yard, and nobody washes a car in "
    "front of the house.",
    44,
)
TITLE = "Rules of the house and of the lease that all of the parties have agreed upon in that year"


def alternating_pdf(*columns: Sequence[str], title: str = TITLE, drop: float = 0.0) -> bytes:
    """Draw the lines of columns from left to right, one height after the other."""
    pdf = FPDF("L" if len(columns) > 2 else "P")
    pdf.set_auto_page_break(auto=False)
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    pdf.text(10, 20, title)
    for number in range(max(map(len, columns))):
        for place, column in enumerate(columns):
            if number < len(column):
                pdf.text(10 + 95 * place, 35 + 5 * number + drop * place, column[number])
    pdf.text(10, 35 + 5 * 20, TITLE)
    return bytes(pdf.output())


def words(*parts: Sequence[str]) -> list[str]:
    return " ".join(line for part in parts for line in part).split()


@pytest.mark.parametrize("drop", [0.0, 1.2, 3.0])
def test_columns_drawn_line_by_line_are_read_one_after_the_other(drop: float) -> None:
    document = read_pdf(alternating_pdf(LEFT, RIGHT, drop=drop))

    assert document.text.split() == words([TITLE], LEFT, RIGHT, [TITLE])
    begin = next(b for b in document.blocks if document.text_of(b).startswith("A deposit"))
    assert begin.box is not None
    assert begin.box.left > 290


def test_three_columns_are_read_in_their_order() -> None:
    third = [*RIGHT[3:], *RIGHT[:3]]

    document = read_pdf(alternating_pdf(LEFT, RIGHT, third))
    assert document.text.split() == words([TITLE], LEFT, RIGHT, third, [TITLE])


def test_a_column_may_be_shorter_than_the_other() -> None:
    document = read_pdf(alternating_pdf(LEFT, RIGHT[:7]))
    assert document.text.split() == words([TITLE], LEFT, RIGHT[:7], [TITLE])


def test_a_word_broken_at_the_end_of_a_left_line_is_whole() -> None:
    left = [*LEFT[:3], "end of the fourth year. The tenant shall ob-", "serve what is", *LEFT[4:]]

    document = read_pdf(alternating_pdf(left, RIGHT))
    assert "The tenant shall observe" in " ".join(document.text.split())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["Rent", "Deposit", "Water", "Light", "Heating", "Garden", "Hall", "Stairs"], RIGHT),
        ([f"The {n} paragraph of the law of the land" for n in "abcdefgh"], RIGHT),
        (
            [f"Question {n}: what do you think of the house" for n in range(8)],
            ["Yes, it is a good house to live in", "No, it is too cold in winter for me"] * 4,
        ),
        (LEFT[:5], RIGHT[:5]),
    ],
)
def test_labels_rows_of_cells_and_few_lines_stay_side_by_side(
    left: list[str], right: list[str]
) -> None:
    document = read_pdf(alternating_pdf(left, right))

    rows = [words([one, other]) for one, other in zip(left, right, strict=False)]
    assert document.text.split() == words([TITLE], *rows, right[len(left) :], [TITLE])


def test_prose_across_the_page_is_left_alone() -> None:
    lines = textwrap.wrap(" ".join([*LEFT, *RIGHT]), 95)

    assert read_pdf(alternating_pdf(lines)).text.split() == words([TITLE], lines, [TITLE])
