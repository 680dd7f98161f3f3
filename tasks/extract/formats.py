"""Which reader takes which file: by its content first, by its suffix where content says nothing."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from tasks.core.errors import EncryptedError, UnsupportedFormatError
from tasks.extract.reader import Reader


@dataclass(frozen=True, slots=True)
class Format:
    """A format, and the module below this package that holds its `READER`."""

    name: str
    suffixes: tuple[str, ...]
    module: str

    def reader(self) -> Reader:
        """Import the reader."""
        reader: Reader = import_module(f"tasks.extract.{self.module}").READER
        return reader


PDF = Format("PDF", (".pdf",), "pdf.reader")
DOCX = Format("Word", (".docx", ".docm", ".dotx", ".dotm"), "docx.reader")
TEXT = Format("plain text", (".txt", ".text"), "text")
MARKDOWN = Format("Markdown", (".md", ".markdown"), "markdown")
FORMATS = (PDF, DOCX, TEXT, MARKDOWN)

_READ = "docmill reads " + ", ".join(f"{f.name} ({' '.join(f.suffixes)})" for f in FORMATS)
_SAVE_AS_DOCX = "Open it in Word or LibreOffice and save it as .docx or PDF."
_ZIPS = (
    (b"xl/workbook", "an Excel workbook"),
    (b"ppt/presentation", "a PowerPoint presentation"),
    (b"opendocument", "an OpenDocument file"),
    (b"epub+zip", "an e-book"),
)
_OTHERS = (
    (b"{\\rtf", "a rich text (.rtf) file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"GIF8", "a GIF picture"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_HEADER_WITHIN_BYTES = 1024  # where readers look for it; mailers put lines before it


def recognise(data: bytes, name: str) -> Format:
    """Tell the format of a file from its bytes and its name.

    Raises `UnsupportedFormatError` naming what the file seems to be and what is read, and
    `EncryptedError` for a Word file under a password, whose container is not a zip.
    """
    suffix = PurePath(name).suffix.lower()
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN_BYTES]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _zip_format(data, suffix)
    if data.startswith(_OLE):
        raise _ole_error(data)
    for magic, what in _OTHERS:
        if data.startswith(magic):
            raise UnsupportedFormatError(f"this is {what}. {_advice(what)}")
    return _format_by_suffix(suffix)


def format_of(name: str) -> Format:
    """Give the format of this name; KeyError where there is none."""
    return {known.name: known for known in FORMATS}[name]


def format_by_suffix(path: str) -> Format | None:
    """Give the format that a file's name promises."""
    suffix = PurePath(path).suffix.lower()
    return next((known for known in FORMATS if suffix in known.suffixes), None)


def _format_by_suffix(suffix: str) -> Format:
    known = format_by_suffix(f"x{suffix}")
    if known is not None:
        return known
    what = f"files named {suffix} are not read" if suffix else "a file without a suffix is not read"
    raise UnsupportedFormatError(f"{what}. {_READ}.")


def _zip_format(data: bytes, suffix: str) -> Format:
    if b"word/document" in data or suffix in DOCX.suffixes:
        return DOCX
    for mark, what in _ZIPS:
        if mark in data:
            raise UnsupportedFormatError(f"this is {what}. {_READ}.")
    raise UnsupportedFormatError(f"this is a zip archive. Unpack it first; {_READ}.")


def _ole_error(data: bytes) -> UnsupportedFormatError | EncryptedError:
    """Tell an encrypted Office file from one in the binary format before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return EncryptedError(
            "it is locked with a password. Open it in Word, remove the password and save it again."
        )
    return UnsupportedFormatError(
        f"this is an Office file in the old binary format (.doc, .xls, .ppt). {_SAVE_AS_DOCX}"
    )


def _advice(what: str) -> str:
    return _SAVE_AS_DOCX if "rtf" in what else f"{_READ}."
