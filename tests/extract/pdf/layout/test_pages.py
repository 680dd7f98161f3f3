import random

from tasks.core.documents import Box
from tasks.extract.pdf.layout.pages import Pages
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.reader import build_pdf
from tasks.extract.reader import Request


def page(number: int, *texts: str, apart: str | None = None) -> PageText:
    """Make a page with one line at its head, one at its foot and the others between."""
    tops = [20, *(300 + 12 * n for n in range(len(texts) - 2)), 780]
    lines = (
        Line(text, Box(50, top, 300, top + 10), apart=apart)
        for text, top in zip(texts, tops, strict=False)
    )
    return PageText(number=number, height=800, lines=tuple(lines))


def test_a_page_that_comes_again_takes_the_place_of_the_first() -> None:
    pages = Pages()
    for each in (page(1, "The fee"), page(2, "the fxx"), page(2, "The lease")):
        pages.put(each)

    assert [known.page.text for known in pages.in_order()] == ["The fee", "The lease"]
    assert +pages.words == {"the": 2, "fee": 1, "lease": 1}


def test_words_that_nobody_sees_are_not_learned() -> None:
    pages = Pages()
    pages.put(page(1, "The fee", apart="hidden text"))

    assert not pages.words
    assert not pages.in_order()[0].letters


def test_a_page_that_did_not_come_says_so() -> None:
    pages = Pages()
    pages.put(page(2, "The fee"))

    assert [known.page.problem for known in pages.in_order()] == ["was not come to", None]


def test_the_order_in_which_pages_come_changes_nothing() -> None:
    broken = ("The tenant pays the de\x02", "posit of the com\x02", "munity deposit")
    pages = [page(n, "A Lease", f"{n * n} words", *broken, f"page {n}") for n in range(1, 9)]
    document = build_pdf(pages, Request())
    random.Random(0).shuffle(pages)

    assert build_pdf(pages, Request()) == document
    assert "the deposit of the community deposit" in document.text.replace("\n", " ")
    assert sum(block.set_apart == "running head" for block in document.blocks) == 16
