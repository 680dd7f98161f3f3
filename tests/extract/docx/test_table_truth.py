"""Tables of real and of our own files against cells that were written down by hand."""

from collections import Counter
from pathlib import Path

import pytest

from tasks.core.documents import BlockKind, Document
from tests.extract.documents import read_docx
from tests.extract.docx.table_truth import CORPUS, OWN, Truth
from tests.samples.features import features_docx
from tests.samples.make import HERE

LEAST_F1 = 0.95

Cells = Counter[tuple[int, int, str]]


def cells_of(table: str) -> Cells:
    """Give the filled cells of a Markdown table with their places; the rule is none of them."""
    head, _, *rows = table.replace("\\|", "¦").splitlines()
    return Counter(
        (row, column, cell.strip())
        for row, line in enumerate((head, *rows))
        for column, cell in enumerate(line.strip("|").split("|"))
        if cell.strip()
    )


def expected_cells(truth: Truth) -> Cells:
    return Counter(
        (row, column, cell.strip())
        for row, line in enumerate(truth.rows.strip().splitlines())
        for column, cell in enumerate(line.split("|"))
        if cell.strip()
    )


def f1(found: Cells, expected: Cells) -> float:
    return 2 * (found & expected).total() / (found.total() + expected.total())


def scores(document: Document, truths: list[Truth]) -> list[float]:
    tables = [document.text_of(b) for b in document.blocks if b.kind is BlockKind.TABLE]
    return [f1(cells_of(tables[truth.place]), expected_cells(truth)) for truth in truths]


def test_tables_of_our_own_have_their_cells() -> None:
    files = {"features.docx": features_docx()}
    files["annual-report.docx"] = (HERE / "annual-report.docx").read_bytes()
    found = [
        score for name, truths in OWN.items() for score in scores(read_docx(files[name]), truths)
    ]

    assert len(found) == sum(map(len, OWN.values()))
    assert sum(found) / len(found) >= LEAST_F1


@pytest.mark.corpus
@pytest.mark.parametrize("name", CORPUS)
def test_tables_of_real_files_have_their_cells(corpus: Path, name: str) -> None:
    document = read_docx((corpus / "docx" / name).read_bytes())

    assert min(scores(document, CORPUS[name])) >= LEAST_F1
