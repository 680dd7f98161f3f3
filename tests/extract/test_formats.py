import io
import zipfile

import pytest

from tasks.core.errors import EncryptedError, UnsupportedFormatError
from tasks.extract.formats import (
    ARCHIVE,
    DOCX,
    EPUB,
    FORMATS,
    HTML,
    MAIL,
    MARKDOWN,
    OLD_WORD,
    OUTLOOK,
    PDF,
    PPTX,
    TEXT,
    WEB_ARCHIVE,
    XLSX,
    Format,
    recognise,
)
from tasks.extract.reader import Reader

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"%PDF-1.7", "a.pdf", PDF),
        (b"%PDF-1.7", "a.docx", PDF),
        (b"mail header\n%PDF-1.7", "a", PDF),
        (b"header gone", "a.PDF", PDF),
        (zipped("word/document.xml"), "a.docx", DOCX),
        (zipped("word/document.xml"), "a.pdf", DOCX),
        (zipped("other/main.xml"), "a.docx", DOCX),
        (zipped("word/document.xml"), "a.docm", DOCX),
        (zipped("word/document.xml"), "a.dotx", DOCX),
        (b"text", "a.txt", TEXT),
        (b"# text", "a.md", MARKDOWN),
        (zipped("xl/workbook.xml"), "a.docx", XLSX),
        (zipped("ppt/presentation.xml"), "a.zip", PPTX),
        (zipped("odd/part.xml"), "a.xlsx", XLSX),
        (zipped("mimetypeapplication/epub+zip"), "a.epub", EPUB),
        (OLE + "__properties_version1.0".encode("utf-16-le"), "a", OUTLOOK),
        (b"<p>text", "a.HTM", HTML),
        (b"From: x", "a.eml", MAIL),
        (b"From: x", "a.mht", WEB_ARCHIVE),
        (OLE + "WordDocument".encode("utf-16-le"), "a", OLD_WORD),
        (b"{\\rtf1", "a.doc", OLD_WORD),
        (zipped("mimetypeapplication/vnd.oasis.opendocument.text"), "a.odt", OLD_WORD),
        (b"<HTML><p>saved as", "a.doc", HTML),
        (zipped("any"), "a.zip", ARCHIVE),
        (zipped("papers/word/document.xml"), "a.zip", ARCHIVE),
        (zipped("mimetypeapplication/epub+zip"), "a.zip", EPUB),
        (zipped("mimetypeapplication/vnd.oasis.opendocument.text"), "a.zip", OLD_WORD),
        (b"PK\x03\x04 and no more", "a.zip", ARCHIVE),
    ],
)
def test_content_tells_the_format_before_the_suffix(
    data: bytes, name: str, expected: Format
) -> None:
    assert recognise(data, name) is expected


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (OLE, "a.xls", "old binary format .* save it as .docx"),
        (b"text", "a.doc", "named like a document of Word or LibreOffice, and is none inside"),
        (zipped("any"), "a.jar", "zip archive"),
        (b"\x89PNG\r\n", "a.txt", "PNG picture"),
        (b"\x78\x9f\x3e\x22\x01", "winmail.dat", "TNEF.* have it sent as HTML or plain text"),
        (b"a,b", "a.csv", r"files named \.csv are not read. docmill reads PDF"),
        (b"a", "README", "without a suffix"),
    ],
)
def test_says_what_a_file_is_that_it_does_not_read(data: bytes, name: str, said: str) -> None:
    with pytest.raises(UnsupportedFormatError, match=said):
        recognise(data, name)


def test_knows_a_word_file_under_a_password() -> None:
    with pytest.raises(EncryptedError, match="remove the password"):
        recognise(OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx")


def test_every_reader_of_the_registry_exists() -> None:
    assert all(isinstance(known.reader(), Reader) for known in FORMATS)
