from pathlib import Path

import pytest

from tasks.extract import ocr
from tasks.extract.options import ReadingOptions
from tasks.extract.pdf.reader import READER
from tests.extract.documents import read_with

SCAN = Path(__file__).parents[1] / "samples" / "scan.pdf"


def test_languages_without_data_are_not_usable() -> None:
    assert ocr.usable(("no-such-language",)) == ()
    assert ocr.usable(()) == ()


def test_says_how_to_get_what_is_missing() -> None:
    assert "tesseract-ocr-deu tesseract-ocr-chi-sim" in ocr.how_to_get(("deu", "chi_sim"))


@pytest.mark.full
def test_reads_a_scan_and_keeps_its_doubts() -> None:
    assert ocr.usable(("eng",)), ocr.how_to_get(("eng",))
    document = read_with(READER, SCAN.read_bytes(), options=ReadingOptions(ocr_languages=("eng",)))

    assert "We can replace the coil for 1,380 pounds" in " ".join(document.text.split())
    assert [page.reader for page in document.pages] == ["ocr", "ocr"]
    assert all(page.confidence and 0.7 < page.confidence < 1 for page in document.pages)
    assert all(0 <= doubt.confidence < 0.6 for doubt in document.doubts)
    assert all(document.text_of(doubt).strip() for doubt in document.doubts)
    assert all(block.box for block in document.blocks)
