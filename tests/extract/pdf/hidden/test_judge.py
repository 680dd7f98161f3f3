import pytest

from tasks.core.documents import Document
from tasks.extract.options import ReadingOptions
from tasks.extract.pdf.reader import READER
from tests.extract.documents import read_pdf, read_with
from tests.extract.pdf.injections import ORDERS, VISIBLE, WAYS, Planted, page_pdf, planted


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def sent(document: Document) -> str:
    return letters("".join(document.text_of(b) for b in document.blocks if b.set_apart is None))


@pytest.mark.parametrize("case", [*planted()], ids=lambda case: f"{case.kind}-{case.order[:6]}")
def test_what_is_planted_is_set_apart_and_told(case: Planted) -> None:
    document = read_pdf(case.data)

    assert letters(case.order) not in sent(document)
    assert letters(case.order) in letters(document.text)
    assert all(letters(text) in sent(document) for text in VISIBLE)
    assert any("is set apart" in warning for warning in document.warnings)


def test_what_is_planted_is_sent_and_still_told_where_that_is_asked_for() -> None:
    data = WAYS["white"](ORDERS[0])
    document = read_with(READER, data, options=ReadingOptions(hidden_text=True))

    assert letters(ORDERS[0]) in sent(document)
    assert any("text in the colour of its background" in note for note in document.warnings)


def test_the_ocr_layer_of_a_scan_is_text_like_any_other() -> None:
    document = read_pdf(page_pdf(scan=True))

    assert all(letters(text) in sent(document) for text in VISIBLE)
    assert document.warnings == ()


@pytest.mark.parametrize("how", ["3 Tr", "/Clear gs"])
def test_an_ocr_layer_may_be_drawn_in_either_way_and_the_scan_have_margins(how: str) -> None:
    layer = f"BT {how} /F1 11 Tf 1 0 0 1 72 628 Tm (typed by OCR) Tj ET"
    document = read_pdf(page_pdf(f"q 475 0 0 475 60 200 cm /Im1 Do Q {layer}"))

    assert "typedbyOCR" in sent(document)
    assert document.warnings == ()


@pytest.mark.parametrize(
    "content",
    [
        "0.1 g 60 580 480 50 re f BT 1 g /F1 11 Tf 1 0 0 1 72 600 Tm (white on dark) Tj ET",
        "q 450 0 0 40 70 590 cm /Im1 Do Q BT 0 g /F1 11 Tf 1 0 0 1 72 600 Tm (over it) Tj ET",
        "0.9 g 60 580 480 50 re f BT 0 g /F1 11 Tf 1 0 0 1 72 600 Tm (on grey) Tj ET",
        "BT 1 Tr 1 g 0 G /F1 11 Tf 1 0 0 1 72 600 Tm (white with a black rim) Tj ET",
        "BT 0.6 g /F1 11 Tf 1 0 0 1 72 600 Tm (a grey watermark) Tj ET",
        "BT 0 g /F1 2 Tf 1 0 0 1 72 600 Tm (the smallest print) Tj ET",
        "BT 0 g /F1 11 Tf 1 0 0 1 -20 600 Tm (half on the page) Tj ET",
        "BT 0 g /F1 11 Tf 1 0 0 1 72 600 Tm (. . . . . .) Tj ET",
        "q BT 7 Tr /F1 40 Tf 72 600 Td (Headline) Tj ET 1 0 0 rg 60 580 400 60 re f Q",
        "BT 0 g /F1 11 Tf 72 600 Td (below a clip) Tj ET q 0 0 9 9 re W n 1 g 0 0 612 792 re f Q",
    ],
)
def test_what_can_be_seen_is_no_false_alarm(content: str) -> None:
    document = read_pdf(page_pdf(content))

    assert document.warnings == ()
    assert all(block.set_apart is None for block in document.blocks)
