"""The sample report, read: its facts stand on the pages on which they were written."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tasks.core.documents import Document
from tasks.extract.limits import ExtractionLimits
from tests.extract.documents import read_docx

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def report() -> Document:
    return read_docx((SAMPLES / "annual-report.docx").read_bytes(), ExtractionLimits())


def test_its_facts_stand_on_their_pages(report: Document) -> None:
    facts = json.loads((SAMPLES / "facts.json").read_text("utf-8"))["annual-report.docx"]
    text_of = {page.number: report.text_of(page) for page in report.pages}

    assert len(report.pages) == 25
    assert [fact for fact in facts if fact["fact"] not in text_of[fact["page"]]] == []


def test_its_structure_is_kept(report: Document) -> None:
    kinds = Counter((block.kind.value, block.level) for block in report.blocks)

    assert kinds["heading", 1] == 10
    assert min(kinds["heading", 2], kinds["heading", 3]) > 20
    assert kinds["list_item", 1] == 30
    assert kinds["table", None] == 9
    assert kinds["header_footer", None] == 2


def test_its_metadata_is_kept(report: Document) -> None:
    assert ("title", "Annual Report 2025") in report.metadata
    assert ("created", "2026-02-26T09:00:00Z") in report.metadata
