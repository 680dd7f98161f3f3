import pytest
from fpdf import FPDF

from tests.extract.documents import read_pdf
from tests.extract.pdf.files import written_pdf

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
VERTICAL = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /UniJIS-UTF16-V "
    b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 4 >> >>] >>"
)


def texts(content: str, font: bytes = HELVETICA) -> list[str]:
    document = read_pdf(written_pdf(content, font))
    return [document.text_of(block) for block in document.blocks]


def letters(text: str, *, x: int, y: float, turn: str, down: bool) -> str:
    """Draw each letter by itself, with the advance of Helvetica's letters."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    drawn = []
    for letter in text:
        drawn.append(f"BT /F1 12 Tf {turn} {x} {y:.2f} Tm ({letter}) Tj ET")
        width = pdf.get_string_width(letter) * pdf.k
        y += -width if down else width
    return "\n".join(drawn)


@pytest.mark.parametrize(("turn", "down"), [("0 -1 1 0", True), ("0 1 -1 0", False)])
def test_turned_letters_that_are_drawn_one_by_one_are_a_line(turn: str, *, down: bool) -> None:
    first = letters("Sales in the north", x=100, y=600 if down else 300, turn=turn, down=down)
    below = 85 if down else 115
    second = letters("and in the south", x=below, y=600 if down else 300, turn=turn, down=down)

    assert " ".join(texts(f"{first}\n{second}")).split() == (
        ["Sales", "in", "the", "north", "and", "in", "the", "south"]
    )


def test_turned_text_right_after_a_line_is_a_line_of_its_own() -> None:
    drawn = (
        "BT /F1 12 Tf 1 0 0 1 72 780 Tm (The sales of the year) Tj ET\n"
        "BT /F1 12 Tf 0 1 -1 0 100 500 Tm (Euros in thousands) Tj ET"
    )

    assert texts(drawn) == ["The sales of the year", "Euros in thousands"]


def test_letters_that_stand_below_each_other_stay_lines() -> None:
    prose = "BT /F1 12 Tf 1 0 0 1 100 700 Tm (Tick one of these for each question:) Tj ET\n"
    column = "".join(
        f"BT /F1 12 Tf 1 0 0 1 100 {600 - 14 * n} Tm ({letter}) Tj ET\n"
        for n, letter in enumerate("ABCDE")
    )

    assert "\n".join(texts(prose + column)).split("\n")[-5:] == list("ABCDE")


def test_numbers_along_an_axis_stay_lines() -> None:
    column = "".join(
        f"BT /F1 12 Tf 1 0 0 1 100 {600 - 14 * n} Tm ({number}) Tj ET\n"
        for n, number in enumerate(range(50, 0, -10))
    )

    assert "\n".join(texts(column)).split() == ["50", "40", "30", "20", "10"]
    assert all(len(line.split()) == 1 for text in texts(column) for line in text.split("\n"))


def test_vertical_writing_is_read_from_the_right() -> None:
    columns = ["第一行目は縦書きの文章です", "二行目", "三行目は長い文章です"]
    drawn = "".join(
        f"BT /F1 14 Tf 1 0 0 1 {500 - 25 * n} 700 Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"
        for n, text in enumerate(columns)
    )

    assert "".join("".join(texts(drawn, VERTICAL)).split()) == "".join(columns)
