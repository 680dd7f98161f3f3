"""What other parts of a Word file show in its text, and where that has an end."""

import io
import zipfile

from tasks.core.documents import BlockKind
from tests.extract.documents import read_docx
from tests.extract.docx.building import docx, p, table, tc

CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:ser>'
    '<c:val><c:pt idx="0"><c:v>7</c:v></c:pt></c:val></c:ser></c:chartSpace>'
)
DRAWN = '<w:r><w:drawing><c:chart r:id="chart"/></w:drawing></w:r>'


def taking_in(inner: bytes, *, times: int) -> bytes:
    stream = io.BytesIO(docx("<w:altChunk r:id='aFChunk'/>" * times, aFChunk="inner.docx"))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/inner.docx", inner)
    return stream.getvalue()


def test_a_file_that_is_taken_in_a_billion_times_is_read_once() -> None:
    data = docx(p("The fee."))
    for _ in range(3):
        data = taking_in(data, times=1000)

    assert read_docx(data).text == "The fee."


def test_files_in_files_have_an_end_that_is_named() -> None:
    data = docx(p("The fee."))
    for _ in range(5):
        data = taking_in(data, times=1)
    document = read_docx(data)

    assert document.text == ""
    assert ["a file in a file in a file" in lack for lack in document.unread] == [True]


def test_links_of_a_file_taken_in_are_kept() -> None:
    page = '<p>See <a href="https://a.example/">the lease</a> and <a href="https://b.example/">it</a>.</p>'
    data = docx("<w:altChunk r:id='aFChunk'/>", parts={"word/a.html": page}, aFChunk="a.html")
    document = read_docx(data)

    assert document.text == "See the lease and it."
    assert [(document.text_of(k), k.target) for k in document.links] == [
        ("the lease", "https://a.example/"),
        ("it", "https://b.example/"),
    ]


def test_a_chart_in_a_cell_is_a_part_of_its_text() -> None:
    cells = table([tc(p("Sales")), tc(p(DRAWN))])
    document = read_docx(docx(cells, parts={"word/chart.xml": CHART}, chart="chart.xml"))

    assert [block.kind for block in document.blocks] == [BlockKind.TABLE]
    assert document.text.splitlines()[0] == "| Sales | [Chart] 7 |"


def test_a_chart_that_nobody_sees_is_set_apart() -> None:
    hidden = DRAWN.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
    document = read_docx(docx(p(hidden), parts={"word/chart.xml": CHART}, chart="chart.xml"))

    assert all(block.set_apart == "hidden text" for block in document.blocks)
    assert "7" in document.text


def test_the_text_of_a_locked_canvas_is_read() -> None:
    drawing = '<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:r><a:t>{}</a:t></a:r></a:p>'
    inner = "".join(map(drawing.format, ("one", "two")))
    document = read_docx(docx(p(f"<w:r><w:t>before</w:t><w:drawing>{inner}</w:drawing></w:r>")))

    assert document.text.split() == ["before", "one", "two"]
