import hashlib
import io

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from tasks.core.documents import Attachment
from tasks.core.errors import NeedsOcrError
from tasks.extract.pdf.files import unpack_pdf
from tasks.extract.reader import Request
from tests.extract.documents import read_pdf
from tests.extract.pdf.files import picture_pdf, text_pdf

NOTE = b"The fee is 9."


def with_files(data: bytes, *files: tuple[str, bytes]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for name, content in files:
        writer.add_attachment(name, content)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def with_pinned(data: bytes, *files: tuple[int, str, bytes]) -> bytes:
    """Pin files to pages, as comments are."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page, name, content in files:
        inner = StreamObject()
        inner.set_data(content)
        file = DictionaryObject({NameObject("/Type"): NameObject("/Filespec")})
        file[NameObject("/F")] = file[NameObject("/UF")] = TextStringObject(name)
        embedded = DictionaryObject({NameObject("/F"): writer._add_object(inner)})
        file[NameObject("/EF")] = embedded
        pin = DictionaryObject({NameObject("/Subtype"): NameObject("/FileAttachment")})
        pin[NameObject("/Rect")] = ArrayObject([NumberObject(n) for n in (10, 10, 30, 30)])
        pin[NameObject("/FS")] = writer._add_object(file)
        writer.add_annotation(page, pin)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_files_inside_are_listed_and_can_be_taken_out() -> None:
    data = with_files(text_pdf(["The lease"]), ("a/note.txt", NOTE), ("invoice.xml", b"<x/>"))
    document = read_pdf(data)

    digest = hashlib.sha256(NOTE).hexdigest()
    assert sorted(document.attachments, key=lambda each: each.name) == [
        Attachment(name="a_note.txt", size_bytes=len(NOTE), digest=digest),
        Attachment(name="invoice.xml", size_bytes=4),
    ]
    assert ["invoice.xml was not read" in warning for warning in document.warnings] == [True]
    assert document.text == "The lease"
    files = {file.name: file.data for file in unpack_pdf(data, Request())}
    assert files == {"a_note.txt": NOTE, "invoice.xml": b"<x/>"}


def test_files_pinned_to_pages_are_documents_too() -> None:
    data = with_files(text_pdf(["The lease", "Its end"]), ("note.txt", b"own"))
    data = with_pinned(data, (1, "note.txt", NOTE), (0, "plan.txt", b"first"))
    document = read_pdf(data)

    names = ["note.txt", "plan.txt", "note (2).txt"]
    assert [each.name for each in document.attachments] == names
    files = {file.name: file.data for file in unpack_pdf(data, Request())}
    assert files == dict(zip(names, (b"own", b"first", NOTE), strict=True))
    digests = [hashlib.sha256(files[name]).hexdigest() for name in names]
    assert [each.digest for each in document.attachments] == digests


def test_a_file_that_cannot_be_taken_out_is_named() -> None:
    data = with_pinned(text_pdf(["The lease"]), (0, "note.txt", NOTE))
    document = read_pdf(data.replace(b"/EF", b"/EX"))

    assert [(each.name, each.digest) for each in document.attachments] == [("note.txt", None)]
    assert [lack.startswith("its attachment note.txt") for lack in document.unread] == [True]


def test_pages_that_need_ocr_do_not_keep_files_inside_from_being_read() -> None:
    document = read_pdf(with_files(picture_pdf(), ("note.txt", NOTE)))

    assert [each.name for each in document.attachments] == ["note.txt"]
    assert document.text == ""
    assert [lack.partition(":")[0] for lack in document.unread] == ["needs_ocr"]
    assert [page.problem for page in document.pages] == ["needs OCR"]


def test_files_that_are_not_read_do_not_hide_that_pages_need_ocr() -> None:
    with pytest.raises(NeedsOcrError):
        read_pdf(with_files(picture_pdf(), ("invoice.xml", b"<x/>")))


def test_files_are_found_where_the_second_reader_alone_opens_a_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = with_files(text_pdf(["The lease"]), ("a/note.txt", NOTE), ("invoice.xml", b"<x/>"))
    whole = read_pdf(data)

    def refuse(*_: object, **__: object) -> None:
        raise pypdfium2.PdfiumError("format", err_code=3)

    monkeypatch.setattr(pypdfium2, "PdfDocument", refuse)
    document = read_pdf(data)

    assert document.pages[0].reader == "pypdf"
    assert set(document.attachments) == set(whole.attachments)
    files = {file.name: file.data for file in unpack_pdf(data, Request())}
    assert files == {"a_note.txt": NOTE, "invoice.xml": b"<x/>"}


def test_a_file_that_does_not_open_has_nothing_inside() -> None:
    assert list(unpack_pdf(b"%PDF-1.7", Request())) == []
