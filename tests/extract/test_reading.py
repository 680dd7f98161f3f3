import os
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from tasks.core.documents import Document
from tasks.core.store import DocumentStore
from tasks.extract.limits import ExtractionLimits
from tasks.extract.options import ReadingOptions
from tasks.extract.read import Readers, digest_of
from tasks.extract.reading import Reading, read_source
from tasks.extract.sources import Source

OPTIONS = ReadingOptions()


async def reading(path: Path, store: DocumentStore) -> Reading:
    async with Readers(ExtractionLimits()) as readers:
        (read,) = await read_source(Source(path, path.name), readers, store, OPTIONS)
        return read


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    return DocumentStore(str(tmp_path / "store"))


async def test_what_was_read_once_is_not_read_again(tmp_path: Path, store: DocumentStore) -> None:
    first, twin = tmp_path / "a.txt", tmp_path / "b.txt"
    for path in (first, twin):
        path.write_text("The fee is due.", encoding="utf-8")
    read = await reading(first, store)
    assert read.ref is not None
    store.keep(read.ref.key, Document(digest=read.ref.digest, text="From the store."))

    again = await reading(twin, store)

    assert again.ref is not None
    assert again.ref.key == read.ref.key
    assert store.fetch(again.ref).text == "From the store."


@pytest.mark.parametrize("text", ["", " \n\t\n "])
async def test_a_file_without_text_fails_by_name(
    text: str, tmp_path: Path, store: DocumentStore
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")

    read = await reading(path, store)

    assert read.ref is None
    assert "empty" in read.failure


async def test_a_file_of_which_nothing_can_be_read_says_why(
    tmp_path: Path, store: DocumentStore
) -> None:
    path = tmp_path / "a.html"
    path.write_text("<div>" * 3000 + "deep", encoding="utf-8")

    read = await reading(path, store)

    assert read.ref is None
    assert "nested too deeply" in read.failure


async def test_what_is_no_file_fails_by_name_and_holds_nobody_up(
    tmp_path: Path, store: DocumentStore
) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder").mkdir()

    for name in ("pipe.txt", "folder", "absent.txt"):
        read = await reading(tmp_path / name, store)
        assert read.ref is None
        assert name in read.failure


async def test_a_full_disk_is_that_documents_own_failure(
    tmp_path: Path, store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: DocumentStore, key: str, document: Document) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.txt"
    path.write_text("The fee is due.", encoding="utf-8")
    monkeypatch.setattr(DocumentStore, "keep", full)

    assert "No space left on device" in (await reading(path, store)).failure


async def test_a_document_whose_reading_was_stopped_is_read_again(
    tmp_path: Path, store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The fee is due.", encoding="utf-8")

    async def half(self: Readers, path: Path, options: ReadingOptions, **_: object) -> Document:
        return Document(digest=digest_of(path), text="The fee", unread=("out of time",))

    with monkeypatch.context() as patch:
        patch.setattr(Readers, "extract", half)
        first = await reading(path, store)
    second = await reading(path, store)

    assert first.ref is not None
    assert store.fetch(first.ref).text == "The fee"
    assert second.ref is not None
    assert store.fetch(second.ref).text == "The fee is due."


async def test_a_file_that_changes_while_it_is_read_is_not_kept_as_what_it_was(
    tmp_path: Path, store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The fee is due.", encoding="utf-8")

    async def later(self: Readers, path: Path, options: ReadingOptions, **_: object) -> Document:
        return Document(digest="of another content", text="No fee.")

    with monkeypatch.context() as patch:
        patch.setattr(Readers, "extract", later)
        first = await reading(path, store)
    second = await reading(path, store)

    assert "it changed while it was read" in first.failure
    assert second.ref is not None
    assert store.fetch(second.ref).text == "The fee is due."


async def test_each_choice_of_options_has_a_document_of_its_own(
    tmp_path: Path, store: DocumentStore
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The fee is due.", encoding="utf-8")
    keys = set()
    others = replace(OPTIONS, hidden_text=True), replace(OPTIONS, all_changes=True)
    async with Readers(ExtractionLimits()) as readers:
        for options in (OPTIONS, *others):
            (read,) = await read_source(Source(path, "a"), readers, store, options)
            assert read.ref is not None
            keys.add(read.ref.key)

    assert len(keys) == 3


def mail(*attached: tuple[str, bytes], subject: str = "The lease") -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada <ada@a.example>", subject
    made.set_content("See attached.")
    for name, data in attached:
        made.add_attachment(data, "application", "octet-stream", filename=name)
    return made.as_bytes()


async def family(path: Path, data: bytes, store: DocumentStore) -> tuple[Reading, ...]:
    path.write_bytes(data)
    async with Readers(ExtractionLimits(), at_once=2) as readers:
        return await read_source(Source(path, path.name), readers, store, OPTIONS)


async def test_attachments_are_documents_of_their_own_behind_their_mail(
    tmp_path: Path, store: DocumentStore
) -> None:
    inner = mail(("deep.md", b"# Deep"), subject="Inner")
    data = mail(("fee.md", b"The fee is 9."), ("inner.eml", inner), ("bad.pdf", b"%PDF-1.7"))

    readings = await family(tmp_path / "a.eml", data, store)

    names = ["", " > fee.md", " > inner.eml", " > inner.eml > deep.md", " > bad.pdf"]
    assert [reading.source.name for reading in readings] == [f"a.eml{name}" for name in names]
    assert [reading.ref is None for reading in readings] == [False] * 4 + [True]
    assert readings[4].failure.startswith("damaged: a.eml > bad.pdf: ")
    assert readings[3].ref is not None
    assert readings[3].ref.path == str(tmp_path / "a.eml > inner.eml > deep.md")
    assert store.fetch(readings[3].ref).text == "# Deep"


async def test_what_is_attached_to_two_mails_is_one_document_that_is_read_once(
    tmp_path: Path, store: DocumentStore
) -> None:
    first = await family(tmp_path / "a.eml", mail(("fee.md", b"The fee.")), store)
    assert first[1].ref is not None
    store.keep(first[1].ref.key, Document(digest=first[1].ref.digest, text="From the store."))

    second = await family(tmp_path / "b.eml", mail(("copy.md", b"The fee."), subject="B"), store)

    assert second[1].ref is not None
    assert second[1].ref.key == first[1].ref.key
    assert store.fetch(second[1].ref).text == "From the store."


async def test_mails_in_mails_have_an_end_that_is_named(
    tmp_path: Path, store: DocumentStore
) -> None:
    data = b"innermost"
    for number in range(6):
        data = mail((f"{number}.eml" if number else "in.txt", data))

    readings = await family(tmp_path / "a.eml", data, store)

    assert [len(reading.source.inside) for reading in readings] == [0, 1, 2, 3, 4]
    assert readings[4].failure.startswith("limit: a.eml > 5.eml > 4.eml > 3.eml > 2.eml: it lies")


async def test_a_mail_with_too_many_attachments_names_how_many_are_left(
    tmp_path: Path, store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.extract.family.MOST", 3)
    data = mail(*((f"{number}.md", b"text %d" % number) for number in range(5)))

    readings = await family(tmp_path / "a.eml", data, store)

    assert [reading.ref is None for reading in readings] == [False, False, False, True]
    assert "a.eml > 3 more attachments: only 3 documents are read" in readings[3].failure
