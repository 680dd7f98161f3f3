from collections.abc import Callable
from typing import Any

import pytest

from tasks.core.documents import Box, Doubt, Link
from tasks.extract.pdf.layout.hyphens import Hyphens
from tasks.extract.pdf.layout.sheets import Sheet, Sheets, laid_out, lay_out_for_another
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD
from tasks.extract.pdf.tables.find import Table

HYPHENS = Hyphens.of(["an example", *["an ex#", "ample"] * 9], "#")


def sheet(number: int) -> Sheet:
    texts = ["Head", f"Title {number}", f"an ex{BROKEN_WORD}", "ample of all", "a", "b", "see 9"]
    link, doubt = Link(start=0, end=3, target="#page=9"), Doubt(start=4, end=5, confidence=0.5)
    lines = [
        Line(text, Box(50.1, 12 * n, 300.7, 12 * n + 10), marks=(link, doubt) if n == 6 else ())
        for n, text in enumerate(texts)
    ]
    table = Table((("a", "b"), ("", "1")), frozenset((4, 5)))
    page = PageText(number=number, height=800, lines=tuple(lines), tables=(table,))
    return Sheet(page, frozenset((0,)), {f"title{number}": 2, "title": 1})


SHEETS = Sheets(tuple(map(sheet, range(20))), HYPHENS)


def test_a_page_is_laid_out_the_same_by_whomever() -> None:
    asked: list[int] = []

    def ask(question: bytes) -> Callable[[], bytes]:
        asked.append(question.count(b'"number"'))
        return lambda: lay_out_for_another(question)

    alone = list(laid_out(SHEETS))

    assert "example of all" in alone[0][1].text
    assert list(laid_out(SHEETS, [ask])) == alone
    assert list(laid_out(SHEETS, [ask, ask])) == alone
    assert asked == [9, 6, 6]


def gone(*_: Any) -> Any:
    raise BrokenPipeError


@pytest.mark.parametrize(
    "ask", [gone, lambda _: gone, lambda _: lambda: b'Answer {"error":"LimitError"}']
)
def test_what_a_lost_helper_should_have_laid_out_is_laid_out(ask: Any) -> None:
    assert list(laid_out(SHEETS, [ask])) == list(laid_out(SHEETS))
