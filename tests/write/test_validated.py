"""Word and Excel files as a validator sees them, which has read the same schemas as Office."""

from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from tasks.core.outputs import Citation, CitationStatus, Conflict, Passage, Record, Variant
from tasks.write.formats import render
from tests.write.docx.house import template
from tests.write.docx.test_contents import LONG
from tests.write.docx.test_render import HOSTILE, LIST
from tests.write.made import SOURCE, an_output, placed
from tests.write.tables.test_xlsx import ACTING, RENT

pytestmark = pytest.mark.full

BODY = (
    f"{LONG}\n\n{LIST}\n\n{HOSTILE}\n\n> a quote\n\n```\ncode\n```\n\n"
    "| a | b |\n|---|--:|\n| c | [d](https://example.org) |\n\n---\n\n"
    "שלום (Act) עולם\n\n| שלום |\n|---|\n| ב |\n\n契約の期間は五年とする。\n\n"
    "“said so” [p. 2] and more.\n"
)
CITATIONS = placed(
    BODY, Citation(quote="said so", status=CitationStatus.APPROXIMATE, cited_page=2, page=2)
)
ODD = Record(
    fields=tuple((f"f{n}", text) for n, text in enumerate(ACTING)),
    conflicts=(Conflict(field="f1", variants=(Variant(value="=1"), Variant(value=[1, 2]))),),
    sources=(Passage(start=0, end=1, page=1, quote="=x"),),
)


def findings(path: Path) -> list[str]:
    result = OpenXmlValidator().validate(str(path))
    return [f"{error.part_uri} {error.path}: {error.description}" for error in result.errors]


@pytest.mark.parametrize("fmt", ["docx", "xlsx"])
def test_files_are_valid(fmt: str, tmp_path: Path) -> None:
    output = an_output(
        BODY, citations=CITATIONS, records=(RENT, ODD), flaws=("Page 3 is missing.",)
    )
    path = tmp_path / f"output.{fmt}"
    path.write_bytes(render(output, SOURCE, fmt))

    assert findings(path) == []


def test_files_in_the_look_of_a_template_are_valid(tmp_path: Path) -> None:
    house = tmp_path / "house.docx"
    house.write_bytes(template())
    path = tmp_path / "output.docx"
    output = an_output(BODY, citations=CITATIONS)
    path.write_bytes(render(output, SOURCE, "docx", template=house))

    assert findings(path) == []
