import pytest

from tasks.extract.pdf import second as pdf_second
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.quality import better, is_doubtful, junk_share, with_problem
from tests.extract.documents import read_pdf
from tests.extract.pdf.fonts import font, typed_pdf


def test_prefers_the_reading_with_less_junk_unless_it_lost_letters() -> None:
    junk = PageText(lines=(Line("words \ufffd\ue000(cid:12)"),))

    assert is_doubtful(junk)
    assert junk_share(junk.lines) == 10 / 15
    assert better(junk, (Line("words and more"),)).text == "words and more"
    assert better(junk, (Line("w"),)) is junk
    assert better(junk, (Line("words \ufffd\ue000(cid:12)"),)) is junk
    assert better(PageText(problem="x"), (Line("found"),)).problem is None


def test_names_of_glyphs_are_no_characters() -> None:
    unknown = pdf_second.without_glyph_names("/g9/g139 a/g3/C45\n/g3")
    known = "The service answers at /v1, and its settings lie in /etc/a1 on the machine."

    assert unknown == "\ufffd\ufffd a\ufffd\ufffd\n\ufffd"
    assert with_problem(PageText(lines=(Line(unknown),))).problem is not None
    assert pdf_second.without_glyph_names(known) == known


def test_names_a_page_whose_letters_have_no_characters() -> None:
    problem = with_problem(PageText(undecoded=True)).problem

    assert problem == "needs OCR: its letters have no known characters"


@pytest.mark.parametrize(("words", "reader"), [(6_500, "pdfium"), (9_000, "pypdf")])
def test_a_string_that_pdfium_cuts_is_read_whole(words: int, reader: str) -> None:
    drawn = b"BT /H 8 Tf 72 700 Td (%bend) Tj ET" % (b"word " * words)
    document = read_pdf(typed_pdf(drawn, {"H": font("Helvetica")}))

    assert document.pages[0].reader == reader
    assert document.text.split() == ["word"] * words + ["end"]


def test_a_string_that_stays_cut_is_named() -> None:
    page = PageText(lines=(Line("as far as it goes"),), cut=True)

    assert with_problem(better(page, (Line("as far"),))).problem is not None
    assert with_problem(better(page, (Line("as far as it goes, and on"),))).problem is None
