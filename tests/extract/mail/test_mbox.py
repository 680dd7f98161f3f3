"""Archives of mail: each message is a document, and the archive itself the list of them."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest

from tasks.core.errors import DamagedError
from tasks.core.store import DocumentStore
from tasks.extract.limits import ExtractionLimits
from tasks.extract.mail.mbox import READER, unpack_mbox
from tasks.extract.options import ReadingOptions
from tasks.extract.read import Readers
from tasks.extract.reader import Request
from tasks.extract.reading import read_source
from tasks.extract.sources import Source
from tests.extract.documents import read_with


def message(subject: str, text: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada <ada@a.example>", subject
    made["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    made.set_content(text)
    return made


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Write an archive as Python's own library does; it quotes lines that look like a start."""
    path = tmp_path / "in.mbox"
    box = mailbox.mbox(path)
    box.add(message("The lease", "Dear Bo,\n\nFrom May on it is due.\n"))
    box.add(message("", "Regards"))
    box.close()
    return path


def test_lists_the_messages(archive: Path) -> None:
    document = read_with(READER, archive.read_bytes())

    when = "Mon, 02 Mar 2026 09:00:00 +0000"
    assert [document.text_of(block) for block in document.blocks] == [
        "Messages",
        f"{when} | Ada <ada@a.example> | The lease",
        f"{when} | Ada <ada@a.example>",
    ]
    assert [(each.name, each.digest is None) for each in document.attachments] == [
        ("1 The lease.eml", False),
        ("2 no subject.eml", False),
    ]


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_messages_come_out_as_they_went_in(archive: Path, ends: bytes) -> None:
    files = list(unpack_mbox(archive.read_bytes().replace(b"\n", ends), Request()))

    assert len(files) == 2
    assert b"\nFrom May on it is due." in files[0].data
    assert files[0].data.startswith(b"From: Ada")


async def test_each_message_is_read_by_itself(archive: Path, tmp_path: Path) -> None:
    store = DocumentStore(str(tmp_path / "store"))
    async with Readers(ExtractionLimits()) as readers:
        source = Source(archive, archive.name)
        _, first, second = await read_source(source, readers, store, ReadingOptions())

    assert first.ref is not None
    assert second.ref is not None
    assert first.source.name == "in.mbox > 1 The lease.eml"
    assert store.fetch(first.ref).text.endswith("From May on it is due.")


def test_what_is_no_archive_is_damaged() -> None:
    with pytest.raises(DamagedError, match="archive of mail"):
        read_with(READER, b"no message")
