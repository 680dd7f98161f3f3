"""Files embedded in Office files are listed, and taken out when they are to be read."""

import io

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from tasks.extract.docx.reader import READER
from tasks.extract.office.embedded import unpack_office
from tasks.extract.pptx.reader import READER as SLIDES
from tasks.extract.reader import Request
from tests.extract.documents import read_with
from tests.extract.docx.building import docx, p, relationships


def test_a_file_embedded_in_a_word_file_is_listed_and_can_be_taken_out() -> None:
    inner = "{\\rtf1 The fee.}"
    parts = {"word/embeddings/fee.rtf": inner, "word/embeddings/ole1.bin": "odd"}
    links = {"package": "embeddings/fee.rtf", "oleObject": "embeddings/ole1.bin"}
    data = docx(p("x"), parts=parts, **links)
    document = read_with(READER, data)

    assert [(each.name, each.digest is None) for each in document.attachments] == [
        ("fee.rtf", False),
        ("ole1.bin", True),
    ]
    assert ["ole1.bin was not read" in warning for warning in document.warnings] == [True]
    assert next(iter(unpack_office(data, Request()))).data == inner.encode()


def test_one_that_is_missing_is_said() -> None:
    document = read_with(READER, docx(p("x"), package="embeddings/fee.docx"))

    assert document.warnings == ("not read: its part word/embeddings/fee.docx is missing",)


def test_the_workbook_behind_a_chart_is_no_document() -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    data = CategoryChartData()  # type: ignore[no-untyped-call]  # python-pptx has no types
    data.categories = ["North"]
    data.add_series("Sales", (1,))  # type: ignore[no-untyped-call]
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Inches(2), Inches(2), data)
    book = io.BytesIO(docx(p("embedded")))
    slide.shapes.add_ole_object(book, "Word.Document.12", 0, 0)
    stream = io.BytesIO()
    made.save(stream)
    document = read_with(SLIDES, stream.getvalue())

    assert [each.digest is None for each in document.attachments] == [False]


def test_parts_that_link_to_others_are_found_by_their_listings() -> None:
    listing = relationships(package="../a.docx")
    parts = {"word/sub/_rels/more.xml.rels": listing, "word/a.docx": "x"}

    assert [f.name for f in unpack_office(docx(p("x"), parts=parts), Request())] == ["a.docx"]
