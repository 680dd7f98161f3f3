import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.samples.make import HERE, samples, write
from tests.samples.pdfs import PASSWORD

MAX_BYTES = 1_500_000


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return samples()


def content_of(name: str, data: bytes) -> Any:
    """Give what a file says, apart from how a version of zlib or fpdf2 happens to pack it."""
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(entry, archive.read(entry)) for entry in archive.namelist()]
    if name.endswith(".pdf") and name != "damaged.pdf":
        with pypdfium2.PdfDocument(data, password=PASSWORD) as file:
            return [
                (page.get_textpage().get_text_range(), page.render(scale=0.3).to_numpy().tolist())
                for page in file
            ]
    return len(data) > 10_000 if name == "damaged.pdf" else data


def pages_of(data: bytes) -> int:
    with pypdfium2.PdfDocument(data, password=PASSWORD) as file:
        return len(file)


def test_making_them_again_writes_the_same_bytes(tmp_path: Path, made: dict[str, bytes]) -> None:
    write(tmp_path)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == made


def test_the_committed_files_are_those_that_are_made(made: dict[str, bytes]) -> None:
    committed = {name: (HERE / name).read_bytes() for name in made}
    changed = [name for name in made if made[name] != committed[name]]

    assert [n for n in changed if content_of(n, made[n]) != content_of(n, committed[n])] == []
    assert sum(map(len, committed.values())) < MAX_BYTES


@pytest.mark.parametrize(
    ("name", "pages"),
    [("contract.pdf", 60), ("two-columns.pdf", 2), ("scan.pdf", 2), ("encrypted.pdf", 1)],
)
def test_pdfs_have_their_number_of_pages(made: dict[str, bytes], name: str, pages: int) -> None:
    assert pages_of(made[name]) == pages


def test_the_report_has_25_pages(made: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made["annual-report.docx"])) as archive:
        assert archive.read("word/document.xml").count(b'w:br w:type="page"') == 24


def test_the_contract_has_an_outline_of_articles_and_schedules(made: dict[str, bytes]) -> None:
    with pypdfium2.PdfDocument(made["contract.pdf"]) as file:
        titles = [entry.get_title() for entry in file.get_toc(max_depth=1)]

    assert len(titles) == 27 + 8 + 1
    assert titles[20] == "Article 21: Liability"


def test_the_scan_has_no_text(made: dict[str, bytes]) -> None:
    with pypdfium2.PdfDocument(made["scan.pdf"]) as file:
        assert "".join(page.get_textpage().get_text_range() for page in file) == ""


@pytest.mark.parametrize("name", ["encrypted.pdf", "damaged.pdf"])
def test_what_shall_not_open_does_not(made: dict[str, bytes], name: str) -> None:
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(made[name])


def test_facts_stand_on_several_pages_of_each_long_document(made: dict[str, bytes]) -> None:
    facts = json.loads(made["facts.json"])

    assert len({fact["page"] for fact in facts["contract.pdf"]}) >= 15
    assert len({fact["page"] for fact in facts["annual-report.docx"]}) >= 20
    assert all(fact["page"] is None for fact in facts["minutes.md"])
