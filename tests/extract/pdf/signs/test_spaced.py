"""Letters drawn far apart make words; letters that stand alone do not."""

import pytest
from fpdf import FPDF

from tests.extract.documents import read_pdf
from tests.extract.pdf.files import written_pdf

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def read(text: str, *, apart: float, between: float) -> str:
    """Draw letters one by one, so many points apart, and words with more between them."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    x, drawn = 72.0, ""
    for letter in text:
        if letter == " ":
            x += between
            continue
        drawn += f"BT /F1 12 Tf {x:.2f} 700 Td ({letter}) Tj ET\n"
        x += pdf.get_string_width(letter) * pdf.k + apart
    prose = "BT /F1 12 Tf 72 650 Td (The fee is due on signing, and no later.) Tj ET"
    document = read_pdf(written_pdf(drawn + prose, FONT))
    return document.text_of(document.blocks[0])


def test_a_title_whose_letters_stand_apart_is_read_as_words() -> None:
    assert read("ANNUAL REPORT", apart=4, between=8) == "ANNUAL REPORT"


def test_letters_too_far_apart_to_be_a_word_stay_alone() -> None:
    assert read("ABCDEF", apart=12, between=0).split() == list("ABCDEF")


def test_letters_with_spaces_of_their_own_stay_alone() -> None:
    drawn = "BT /F1 12 Tf 72 700 Td (A B C D E F) Tj ET"

    assert read_pdf(written_pdf(drawn, FONT)).text == "A B C D E F"


@pytest.mark.parametrize("letters", ["ABCDEF", "aAeEoO"])
def test_letters_in_a_list_stay_alone(letters: str) -> None:
    assert read(letters, apart=4, between=0).split() == list(letters)
