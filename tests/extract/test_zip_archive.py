"""Zip archives: each file is a document, and the archive itself the list of them."""

import struct
from pathlib import Path

import pytest

from tasks.core.documents import Document
from tasks.core.errors import DamagedError, EncryptedError, InputError, LimitError
from tasks.core.store import DocumentStore
from tasks.extract.family import DEEPEST
from tasks.extract.inside import unpacked
from tasks.extract.limits import MIB, ExtractionLimits
from tasks.extract.options import ReadingOptions
from tasks.extract.read import Readers
from tasks.extract.reader import Request
from tasks.extract.reading import read_source
from tasks.extract.sources import Source
from tasks.extract.zip_archive import READER
from tests.extract.documents import read_with
from tests.extract.docx.building import docx, p, zipped

NOTE = "The fee is 9."


def read(data: bytes, limits: ExtractionLimits = ExtractionLimits()) -> Document:  # noqa: B008 a frozen value
    return read_with(READER, data, limits, name="papers.zip")


def flagged(data: bytes, flag: int) -> bytes:
    """Set a flag on the first entry, in its own head and in the directory."""
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + at
        struct.pack_into("<H", changed, place, flag)
    return bytes(changed)


def test_lists_the_files_by_their_paths_and_names_them_apart() -> None:
    entries = {"a/note.txt": NOTE, "a/": "", "b/note.txt": "x", "a_note.txt": "y", "logo.png": "z"}
    document = read(zipped(entries))

    assert document.text.split("\n\n") == [
        "Files",
        "a/note.txt (13 bytes)",
        "b/note.txt (1 bytes)",
        "a_note.txt (1 bytes)",
        "logo.png (1 bytes)",
    ]
    assert [(each.name, each.digest is not None) for each in document.attachments] == [
        ("a_note.txt", True),
        ("b_note.txt", True),
        ("a_note (2).txt", True),
        ("logo.png", False),
    ]
    assert ["logo.png was not read" in warning for warning in document.warnings] == [True]


def test_takes_a_file_out_by_its_name_alone() -> None:
    data = zipped({"a/note.txt": NOTE, "b/note.txt": "other"})

    assert unpacked(READER, data, "a_note.txt", Request()) == NOTE.encode()
    with pytest.raises(InputError, match="does not lie in it"):
        unpacked(READER, data, "a/note.txt", Request())


def test_what_systems_lay_beside_files_is_left_out() -> None:
    entries = {"__MACOSX/._note.txt": "x", ".git/note.txt": "x", "a/~$b.docx": "x", "note.txt": "x"}

    assert [each.name for each in read(zipped(entries)).attachments] == ["note.txt"]


def test_a_name_that_is_utf8_without_a_word_is_read_as_such() -> None:
    data = zipped({"Gebühr.txt": NOTE})

    assert read(data).attachments == read(flagged(data, 0)).attachments


def test_no_path_leads_out_of_an_archive() -> None:
    names = [each.name for each in read(zipped({"../../etc/a.txt": "x"})).attachments]

    assert names == [".._.._etc_a.txt"]


def test_a_file_under_a_password_is_named_and_costs_no_other() -> None:
    data = flagged(zipped({"a.txt": NOTE, "b.txt": NOTE}), 1)

    document = read(data)
    assert [(each.name, each.digest is None) for each in document.attachments] == [
        ("a.txt", True),
        ("b.txt", False),
    ]
    assert [lack.startswith("a.txt was not read") for lack in document.unread] == [True]
    with pytest.raises(EncryptedError):
        read(flagged(zipped({"a.txt": NOTE}), 1))


def test_bombs_and_empty_archives_are_refused() -> None:
    with pytest.raises(LimitError, match="packed"):
        read(zipped({"a.txt": bytes(64 * MIB)}))
    with pytest.raises(LimitError, match="entries"):
        read(zipped({"a": "", "b": ""}), ExtractionLimits(max_zip_entries=1))
    with pytest.raises(DamagedError, match="no file"):
        read(zipped({"folder/": ""}))


async def test_each_file_is_a_document_and_archives_may_lie_in_archives(tmp_path: Path) -> None:
    inner = zipped({"deep.txt": "Deep down."})
    path = tmp_path / "papers.zip"
    path.write_bytes(
        zipped({"note.txt": NOTE, "lease.docx": docx(p("The lease")), "in.zip": inner})
    )
    store = DocumentStore(str(tmp_path / "store"))
    async with Readers(ExtractionLimits()) as readers:
        read = await read_source(Source(path, path.name), readers, store, ReadingOptions())

    texts = {one.source.name: store.fetch(one.ref).text for one in read if one.ref}
    assert texts.pop("papers.zip").startswith("Files")
    assert texts.pop("papers.zip > in.zip").startswith("Files")
    assert texts == {
        "papers.zip > note.txt": NOTE,
        "papers.zip > lease.docx": "The lease",
        "papers.zip > in.zip > deep.txt": "Deep down.",
    }


async def test_archives_in_archives_without_end_are_refused_by_name(tmp_path: Path) -> None:
    data = zipped({"note.txt": NOTE})
    for _ in range(DEEPEST + 2):
        data = zipped({"a.zip": data})
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    store = DocumentStore(str(tmp_path / "store"))
    async with Readers(ExtractionLimits()) as readers:
        read = await read_source(Source(path, path.name), readers, store, ReadingOptions())

    assert [one.failure.partition(":")[0] for one in read] == ["", "", "", "", "limit"]
