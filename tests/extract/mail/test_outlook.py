"""Outlook messages, made of the storages and streams that their files hold (MS-OXMSG)."""

import struct
from collections.abc import Mapping

import pytest
from compressed_rtf import compress
from oxmsg import Message
from oxmsg.storage import Storage, Stream

from tasks.core.documents import Document
from tasks.core.errors import DamagedError
from tasks.extract.inside import unpacked
from tasks.extract.mail.eml import READER as MAIL
from tasks.extract.mail.outlook import READER, unpack_outlook
from tasks.extract.reader import Request
from tests.extract.documents import read_with

SUBJECT, BODY, HTML, RTF = 0x0037, 0x1000, 0x1013, 0x1009
FILE_NAME, CONTENT, MIME, CONTENT_ID = 0x3707, 0x3701, 0x370E, 0x3712
NAME, CODEPAGE, BODY_CODEPAGE = 0x3001, 0x3FFD, 0x3FDE
HEADERS = {"message": 32, "embedded": 24, "attachment": 8, "recipient": 8}
RICH = (
    b"{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag64 <p>}Dear Bo, it is \\'80 9."
    b"\\htmlrtf\\par\\htmlrtf0 {\\*\\htmltag72 </p>}It is due.\\par}"
)


class Narrow(bytes):
    """A text of eight bits a character, as older messages have them."""


Value = str | bytes | int


def storage(path: str, kind: str, properties: Mapping[int, Value], *inside: Storage) -> Storage:
    """Lay out a storage: its properties, each longer one in a stream of its own."""
    table = bytearray(HEADERS[kind])
    streams = []
    for name, value in properties.items():
        if isinstance(value, int):
            table += struct.pack("<HHIII", 0x0003, name, 0, value, 0)
            continue
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        form = 0x001F if isinstance(value, str) else 0x0102
        form = 0x001E if isinstance(value, Narrow) else form
        table += struct.pack("<HHIII", form, name, 0, len(data), 0)
        streams.append(Stream(f"{path}/__substg1.0_{name:04X}{form:04X}", data))
    streams.append(Stream(f"{path}/__properties_version1.0", bytes(table)))
    return Storage(path, tuple(streams), inside)


def attached(number: int, properties: Mapping[int, Value], *inside: Storage) -> Storage:
    name = f"__attach_version1.0_#{number:08X}"
    return storage(name, "attachment", properties, *inside)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> dict[bytes, Storage]:
    """Give the storages that files are said to hold, by their bytes."""
    holds: dict[bytes, Storage] = {}
    monkeypatch.setattr(Message, "load", lambda stream: Message(holds[stream.read()]))
    return holds


def texts(document: Document) -> list[str]:
    return [document.text_of(block) for block in document.blocks]


def test_a_message_is_read_like_an_e_mail(opened: dict[bytes, Storage]) -> None:
    note = attached(0, {FILE_NAME: "note.txt", CONTENT: b"text"})
    logo = attached(1, {FILE_NAME: "a.png", CONTENT: b"x", MIME: "image/png", CONTENT_ID: "a"})
    properties: dict[int, Value] = {
        SUBJECT: "Offer",
        BODY: "Dear Bo",
        HTML: b"<p>Dear <b>Bo</b></p>",
    }
    opened[b"msg"] = storage("", "message", properties, note, logo)
    document = read_with(READER, b"msg")

    assert texts(document) == ["Offer", "Attachments: note.txt", "Dear Bo"]
    assert [each.digest is not None for each in document.attachments] == [True]
    assert document.warnings == ("1 picture in its text was not read",)


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("cp950", {BODY_CODEPAGE: 950}),
        ("cp950", {CODEPAGE: 950}),
        ("utf-8", {CODEPAGE: 1252, BODY_CODEPAGE: 950}),
        ("utf-8", {}),
    ],
)
def test_texts_are_read_in_the_encoding_that_they_are_in(
    opened: dict[bytes, Storage], written: str, pages: dict[int, Value]
) -> None:
    to = storage("__recip_version1.0_#00000000", "recipient", {NAME: Narrow("張".encode(written))})
    said = {SUBJECT: Narrow("格式".encode(written)), BODY: Narrow("測試".encode(written))}
    opened[b"msg"] = storage("", "message", pages | said, to)

    assert texts(read_with(READER, b"msg")) == ["格式", "To: 張 <>", "測試"]


def test_texts_that_are_not_in_the_encoding_they_say_are_read(opened: dict[bytes, Storage]) -> None:
    said: dict[int, Value] = {
        BODY_CODEPAGE: 65001,
        SUBJECT: "Offer",
        BODY: Narrow("fünf".encode("cp1252")),
    }
    opened[b"msg"] = storage("", "message", said)

    assert texts(read_with(READER, b"msg")) == ["Offer", "fünf"]


def test_rich_text_is_read_where_there_is_no_other(opened: dict[bytes, Storage]) -> None:
    opened[b"msg"] = storage("", "message", {SUBJECT: "Offer", RTF: compress(RICH)})

    assert texts(read_with(READER, b"msg")) == ["Offer", "Dear Bo, it is € 9.", "It is due."]


def test_rich_text_that_is_damaged_is_an_error_with_a_name(opened: dict[bytes, Storage]) -> None:
    opened[b"msg"] = storage("", "message", {RTF: compress(RICH)[:-9]})

    with pytest.raises(DamagedError, match="rich text"):
        read_with(READER, b"msg")


def test_a_message_in_a_message_is_an_e_mail_with_all_that_is_attached_to_it(
    opened: dict[bytes, Storage],
) -> None:
    deep = attached(0, {FILE_NAME: "deep.txt", CONTENT: b"deep text"})
    name = "__attach_version1.0_#00000000/__substg1.0_3701000D"
    inner = storage(name, "embedded", {SUBJECT: "Inner", BODY: "It is due."}, deep)
    opened[b"msg"] = storage("", "message", {SUBJECT: "Outer"}, attached(0, {}, inner))
    (mail,) = unpack_outlook(b"msg", Request())

    assert mail.name == "Inner.eml"
    assert texts(read_with(MAIL, mail.data)) == ["Inner", "Attachments: deep.txt", "It is due."]
    assert unpacked(MAIL, mail.data, "deep.txt", Request()) == b"deep text"
    assert unpack_outlook(b"msg", Request()) == (mail,)


def test_a_broken_message_is_damaged() -> None:
    with pytest.raises(DamagedError, match="Outlook"):
        read_with(READER, b"\xd0\xcf\x11\xe0 and no more")
