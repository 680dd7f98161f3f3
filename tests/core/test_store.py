from pathlib import Path

import pytest

from tasks.core.documents import Document
from tasks.core.errors import ConfigError, DamagedError
from tasks.core.store import DocumentRef, DocumentStore, document_key

DOCUMENT = Document(digest="d", text="Größe 漢")
KEY = document_key("d", "1")


def test_gives_back_what_was_kept(tmp_path: Path) -> None:
    store = DocumentStore(str(tmp_path))

    store.keep(KEY, DOCUMENT)

    assert store.get(KEY) == DOCUMENT
    assert not list(tmp_path.rglob("*.tmp"))


def test_lies_at_any_fsspec_url() -> None:
    store = DocumentStore("memory://documents")

    store.keep(KEY, DOCUMENT)

    assert store.get(KEY) == DOCUMENT


def test_a_damaged_file_counts_as_absent(tmp_path: Path) -> None:
    store = DocumentStore(str(tmp_path))
    store.keep(KEY, DOCUMENT)
    next(tmp_path.rglob("*.json")).write_text("{half", encoding="utf-8")

    assert store.get(KEY) is None


def test_a_document_that_left_the_store_is_named(tmp_path: Path) -> None:
    ref = DocumentRef(key=KEY, digest="d", name="lease.pdf", path="in/lease.pdf")

    with pytest.raises(DamagedError, match=r"lease\.pdf"):
        DocumentStore(str(tmp_path)).fetch(ref)


def test_another_reader_or_option_is_another_document() -> None:
    keys = {document_key("d", "1"), document_key("d", "2"), document_key("d", "1", "ocr=eng")}

    assert len(keys) == 3


@pytest.mark.parametrize("url", ["foo://documents", "foo://"])
def test_a_place_that_nobody_knows_is_refused_at_once(url: str) -> None:
    with pytest.raises(ConfigError, match=r"DOCMILL_STORE.*foo"):
        DocumentStore(url)


def test_a_store_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").touch()
    store = DocumentStore(str(tmp_path / "store"))

    with pytest.raises(ConfigError, match=r"store cannot be used.*DOCMILL_STORE"):
        store.keep(KEY, DOCUMENT)
