import hashlib
from email.message import EmailMessage

import pytest

from tasks.core.documents import Document
from tasks.core.errors import DamagedError, EncryptedError
from tasks.extract.mail.eml import READER, unpack_mail
from tasks.extract.reader import Request
from tests.extract.documents import read_with
from tests.extract.docx.building import docx, p
from tests.extract.pdf.files import picture_pdf


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": "Ada <ada@a.example>", "Subject": "The lëase", **headers}.items():
        made[name] = value
    return made


def read(made: EmailMessage) -> Document:
    return read_with(READER, made.as_bytes())


def texts(document: Document) -> list[str]:
    return [document.text_of(block) for block in document.blocks]


def test_reads_head_and_plain_text() -> None:
    made = message(To="Bo <bo@b.example>")
    made.set_content("Dear Bo,\n\nit is due.\n")
    document = read(made)

    assert texts(document) == [
        "The lëase",
        "From: Ada <ada@a.example>\nTo: Bo <bo@b.example>",
        "Dear Bo,",
        "it is due.",
    ]
    assert document.metadata == (("title", "The lëase"),)


def test_of_a_text_in_two_forms_the_richer_is_read() -> None:
    made = message()
    made.set_content("plain form")
    made.add_alternative(
        "<p>rich form</p><table><tr><td>a<td>b</table><p hidden>odd</p>", subtype="html"
    )
    document = read(made)

    assert texts(document)[2:] == ["rich form", "| a | b |\n| --- | --- |", "odd"]
    assert document.blocks[-1].set_apart == "hidden text"


def test_what_is_attached_among_the_forms_of_a_text_is_read_too() -> None:
    made = message()
    made.set_content("plain form")
    made.add_alternative("<p>rich form</p>", subtype="html")
    other = message()
    other.add_attachment(docx(p("The fee is 9.")), "application", "x", filename="fee.docx")
    made.attach(next(other.iter_attachments()))
    document = read(made)

    assert texts(document)[2:] == ["rich form"]
    assert texts(document)[1].endswith("Attachments: fee.docx")


def test_an_attachment_of_a_kind_that_is_not_read_is_a_warning() -> None:
    made = message()
    made.set_content("See attached.")
    made.add_attachment(b"GIF89a", "image", "gif", filename="logo.gif")
    document = read(made)

    assert not document.unread
    assert any("logo.gif was not read" in warning for warning in document.warnings)


def test_attachments_are_listed_with_what_it_takes_to_read_them() -> None:
    inner = message(Subject="Inside")
    inner.set_content("forwarded")
    made = message()
    made.set_content("See attached.")
    made.add_attachment(docx(p("The fee is 9.")), "application", "x", filename="fee.docx")
    made.add_attachment(inner)
    made.add_attachment(picture_pdf(), "application", "pdf", filename="scan.pdf")
    document = read(made)

    files = list(unpack_mail(made.as_bytes(), Request()))
    assert [file.name for file in files] == ["fee.docx", "Inside.eml", "scan.pdf"]
    assert [each.name for each in document.attachments] == [file.name for file in files]
    digests = [hashlib.sha256(file.data).hexdigest() for file in files]
    assert [each.digest for each in document.attachments] == digests
    assert texts(document)[1].endswith("Attachments: fee.docx, Inside.eml, scan.pdf")
    assert "The fee is 9." not in document.text
    assert not document.unread


def test_attachments_of_one_name_are_told_apart() -> None:
    made = message()
    made.set_content("See attached.")
    for text in ("one", "two"):
        made.add_attachment(text, filename="../a/b.txt")

    files = list(unpack_mail(made.as_bytes(), Request()))

    assert [file.name for file in files] == [".._a_b.txt", ".._a_b (2).txt"]
    assert [file.data.strip() for file in files] == [b"one", b"two"]


def test_pictures_in_the_text_are_counted_and_are_no_attachments() -> None:
    made = message()
    made.set_content("<p>Regards <img src=cid:logo></p>", subtype="html")
    made.add_related(b"\x89PNG", "image", "png", cid="<logo>", filename="logo.png")
    document = read(made)

    assert not document.attachments
    assert document.warnings == ("1 picture in its text was not read",)


def test_the_reason_why_a_mail_came_back_is_text() -> None:
    raw = (
        b"Subject: Undelivered\nContent-Type: multipart/report; boundary=b\n\n--b\n\nSorry.\n"
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\n"
        b"Status: 5.1.1\n\n--b--\n"
    )

    assert "Status: 5.1.1" in read_with(READER, raw).text


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "no-such-charset"])
def test_a_wrong_charset_loses_no_text(charset: str) -> None:
    raw = f"Subject: x\nContent-Type: text/plain; charset={charset}\n\nfee".encode() + b" \xe9\n"

    assert "fee" in read_with(READER, raw).text


@pytest.mark.parametrize("kind", ["application/pkcs7-mime", "multipart/encrypted; boundary=b"])
def test_a_mail_that_is_encrypted_says_so(kind: str) -> None:
    with pytest.raises(EncryptedError, match="S/MIME"):
        read_with(READER, f"Subject: x\nContent-Type: {kind}\n\nMIIB".encode())


def test_what_is_no_mail_is_damaged() -> None:
    with pytest.raises(DamagedError, match="no e-mail"):
        read_with(READER, b"\n\nno head")
