"""Word files that are refused, each by the error that says why."""

import pytest

from tasks.core.documents import Document
from tasks.core.errors import (
    DamagedError,
    EncryptedError,
    LimitError,
    NeedsOcrError,
    UnsupportedFormatError,
)
from tasks.extract.limits import ExtractionLimits
from tests.extract.documents import read_docx
from tests.extract.docx.building import docx, p, part, relationships, zipped

LIMITS = ExtractionLimits()
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(body: str, *, parts: dict[str, str] | None = None, **links: str) -> Document:
    return read_docx(docx(body, parts=parts, **links), LIMITS)


def test_a_package_locked_with_a_password_is_encrypted() -> None:
    with pytest.raises(EncryptedError, match="password"):
        read_docx(OLE_MAGIC + "EncryptedPackage".encode("utf-16-le"), LIMITS)


def test_a_zip_locked_with_a_password_is_encrypted() -> None:
    locked = bytearray(docx(p("x")))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(signature) + flags] |= 1

    with pytest.raises(EncryptedError, match="password"):
        read_docx(bytes(locked), LIMITS)


def test_the_old_binary_format_is_unsupported() -> None:
    with pytest.raises(UnsupportedFormatError, match="save it as"):
        read_docx(OLE_MAGIC + b"WordDocument", LIMITS)


def test_another_office_file_is_unsupported() -> None:
    sheet = {
        "_rels/.rels": relationships(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": "<workbook/>",
    }
    with pytest.raises(UnsupportedFormatError, match="xl/workbook"):
        read_docx(zipped(sheet), LIMITS)
    with pytest.raises(UnsupportedFormatError, match="no Office file"):
        read_docx(zipped({"a.txt": "a"}), LIMITS)


@pytest.mark.parametrize(
    "document", ["<broken", f'<!DOCTYPE d [<!ENTITY e "x">]>{part("w:document", "&e;")}']
)
def test_broken_xml_and_entities_are_refused(document: str) -> None:
    with pytest.raises(DamagedError, match=r"word/document\.xml"):
        read("", parts={"word/document.xml": document})


def test_a_document_without_body_is_damaged() -> None:
    with pytest.raises(DamagedError, match="body"):
        read("", parts={"word/document.xml": part("w:document", "")})


def test_pictures_without_any_text_need_ocr() -> None:
    with pytest.raises(NeedsOcrError, match="OCR"):
        read(p("<w:r><w:drawing/></w:r>"), image1="media/1.png")


def test_pictures_do_not_keep_a_file_inside_from_being_read() -> None:
    parts = {"word/embeddings/fee.txt": "The fee."}
    document = read(
        p("<w:r><w:drawing/></w:r>"), parts=parts, image="media/1.png", package="embeddings/fee.txt"
    )

    assert document.text == ""
    assert [each.name for each in document.attachments] == ["fee.txt"]
    assert document.unread == ("needs_ocr: it holds pictures but no text: read it with OCR",)


def test_nesting_and_texts_beyond_measure_are_refused() -> None:
    depth = 400
    with pytest.raises(LimitError):
        read("<w:sdt>" * depth + "</w:sdt>" * depth)
    with pytest.raises(LimitError):
        read_docx(docx(p("x" * 1001)), ExtractionLimits(max_output_chars=1000))


def test_an_unzipped_size_beyond_the_limit_is_refused() -> None:
    with pytest.raises(LimitError):
        read_docx(docx(p("x" * 5000)), ExtractionLimits(max_zip_entry_bytes=4000))
