from collections.abc import Iterator
from contextlib import closing

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from tasks.extract.pdf.pdfium.addresses import address_of, by_address
from tests.extract.pdf.files import text_pdf

GET_OBJECT = by_address(pdfium_c.FPDFPage_GetObject)


@pytest.fixture
def page() -> Iterator[pdfium.PdfPage]:
    with (
        closing(pdfium.PdfDocument(text_pdf(["One line.\nAnd another."]))) as document,
        closing(document[0]) as page,
    ):
        yield page


def test_a_question_by_address_has_the_answer_of_one_by_pointer(page: pdfium.PdfPage) -> None:
    count = pdfium_c.FPDFPage_CountObjects(page.raw)
    asked = [GET_OBJECT(address_of(page.raw), index) for index in range(count)]
    told = [address_of(pdfium_c.FPDFPage_GetObject(page.raw, index)) for index in range(count)]
    assert asked == told
    assert asked
    assert all(asked)


def test_an_object_that_is_not_there_has_no_address(page: pdfium.PdfPage) -> None:
    assert not GET_OBJECT(address_of(page.raw), 1_000_000)
