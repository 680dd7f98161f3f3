import io
import re
import zipfile

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches, Pt

from tasks.core.documents import Document
from tasks.extract.guard import NOT_SHOWN, OFF_PAGE, TOO_SMALL, UNSEEN_COLOUR
from tasks.extract.pptx.reader import READER
from tests.extract.documents import read_with

TITLE_AND_BODY = 1


def presentation() -> bytes:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[TITLE_AND_BODY])
    slide.shapes.title.text = "The offer"
    slide.placeholders[1].text = "One\nTwo"
    run = slide.placeholders[1].text_frame.paragraphs[1].add_run()
    run.text, run.hyperlink.address = " and more", "https://a.example/"
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(2)).table
    for row, cells in enumerate([("Item", "Fee"), ("Setup", "900")]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "In a group"
    slide.notes_slide.notes_text_frame.text = "Say it slowly."
    second = made.slides.add_slide(made.slide_layouts[6])
    data = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["North", "South"]
    data.add_series("Sales", (1, 2.5))  # type: ignore[no-untyped-call]
    second.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(2), Inches(2), data)
    return saved(made)


def saved(made: object) -> bytes:
    stream = io.BytesIO()
    made.save(stream)  # type: ignore[attr-defined]  # python-pptx has no types
    return stream.getvalue()


@pytest.fixture(scope="module")
def document() -> Document:
    return read_with(READER, presentation())


def test_reads_slides_in_order_each_a_page(document: Document) -> None:
    found = [(b.kind.value, b.page, document.text_of(b)) for b in document.blocks]

    assert found[:6] == [
        ("heading", 1, "The offer"),
        ("paragraph", 1, "One"),
        ("paragraph", 1, "Two and more"),
        ("table", 1, "| Item | Fee |\n| --- | --- |\n| Setup | 900 |"),
        ("paragraph", 1, "In a group"),
        ("note", 1, "Say it slowly."),
    ]
    assert found[6:] == [
        ("paragraph", 2, "[Chart]"),
        ("table", 2, "|  | Sales |\n| --- | --- |\n| North | 1 |\n| South | 2.5 |"),
    ]
    assert len(document.pages) == 2


def test_links_say_where_they_lead(document: Document) -> None:
    assert [(document.text_of(k), k.target) for k in document.links] == [
        (" and more", "https://a.example/")
    ]


def test_no_character_of_a_slide_is_lost(document: Document) -> None:
    with zipfile.ZipFile(io.BytesIO(presentation())) as archive:
        slides = [n for n in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", n)]
        texts = [
            text
            for name in slides
            for text in re.findall(rb"<a:t>([^<]*)</a:t>", archive.read(name))
        ]
    assert texts
    assert [text for text in texts if text.decode() not in document.text] == []


def test_a_slide_that_cannot_be_read_is_named_and_the_others_stay() -> None:
    torn = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(presentation())) as whole, zipfile.ZipFile(torn, "w") as part:
        for name in whole.namelist():
            data = b"<p:sld" if name.endswith("slides/slide2.xml") else whole.read(name)
            part.writestr(name, data)
    document = read_with(READER, torn.getvalue())

    assert "The offer" in document.text
    assert "slide 2 was not read" in "; ".join(document.unread)


def test_what_layouts_and_masters_print_on_slides_is_set_apart_once() -> None:
    made = Presentation()
    for _ in range(2):
        made.slides.add_slide(made.slide_layouts[6])
    shapes = made.slide_master.shapes
    box = made.slides[0].shapes.add_textbox(0, 0, Inches(1), Inches(1))
    box.text_frame.text = "Confidential"
    shapes._spTree.append(box._element)  # moved from the slide to its master
    document = read_with(READER, saved(made))

    assert [(document.text_of(b), b.page, b.set_apart) for b in document.blocks] == [
        ("Confidential", 1, "running head")
    ]


def test_what_nobody_sees_is_set_apart_and_says_why() -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    for text, size, colour in (
        ("seen", 18, (0, 0, 0)),
        ("white", 18, (255, 255, 255)),
        ("tiny", 1, (0, 0, 0)),
    ):
        run = (
            slide.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.paragraphs[0].add_run()
        )
        run.text, run.font.size = text, Pt(size)
        run.font.color.rgb = RGBColor(*colour)  # type: ignore[no-untyped-call]
    slide.shapes.add_textbox(Inches(-5), 0, Inches(1), Inches(1)).text_frame.text = "beside"
    unseen = made.slides.add_slide(made.slide_layouts[6])
    unseen.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "skipped"
    unseen.element.set("show", "0")
    document = read_with(READER, saved(made))

    assert {document.text_of(b): b.set_apart for b in document.blocks} == {
        "seen": None,
        "white": UNSEEN_COLOUR,
        "tiny": TOO_SMALL,
        "beside": OFF_PAGE,
        "skipped": NOT_SHOWN,
    }
