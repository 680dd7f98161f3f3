import pytest

from tasks.core.documents import Document
from tests.extract.documents import read_pdf
from tests.extract.pdf.injections import page_pdf

ACUTE, DIAERESIS = "\xb4", "\xa8"


def drawn(*pieces: tuple[float, str]) -> Document:
    """Draw pieces of Helvetica at 10 points, each at its own place on one line."""
    shown = "".join(f"BT /F1 10 Tf 1 0 0 1 {x} 600 Tm ({text}) Tj ET\n" for x, text in pieces)
    return read_pdf(page_pdf(shown))


@pytest.mark.parametrize(
    ("pieces", "word"),
    [
        # Helvetica at 10 pt: U 7.22, n 5.56, T 6.11, h 5.56, e 5.56, f 2.78
        ([(72, "Cafe"), (90.9, ACUTE)], "Café"),
        ([(72, "Th"), (83.7, ACUTE), (83.67, "e au lait")], "Thé au lait"),
        ([(82.6, DIAERESIS), (72, "Cafe")], "Cäfe"),
    ],
)
def test_an_accent_is_put_on_the_letter_below_it(
    pieces: list[tuple[float, str]], word: str
) -> None:
    text = drawn(*pieces).text

    assert word in text
    assert ACUTE not in text
    assert DIAERESIS not in text


def test_an_accent_over_no_letter_stays() -> None:
    assert f"alone {ACUTE}" in drawn((72, f"alone {ACUTE}")).text
