"""Which reader takes which file: by its content first, by its suffix where content says nothing."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from tasks.core.errors import EncryptedError, UnsupportedFormatError
from tasks.extract.reader import Reader
from tasks.extract.zips import entry_names


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
OLD_WORD = Format(
    "Word before 2007, rich text", (".doc", ".dot", ".rtf", ".odt"), "office.old_word"
)
TEXT = Format("plain text", (".txt", ".text"), "text")
MARKDOWN = Format("Markdown", (".md", ".markdown"), "markdown")
HTML = Format("HTML", (".html", ".htm", ".xhtml"), "html.reader")
WEB_ARCHIVE = Format("web page in one file", (".mht", ".mhtml"), "web_archive")
MAIL = Format("e-mail", (".eml",), "mail.eml")
MBOX = Format("mail archive", (".mbox",), "mail.mbox")
OUTLOOK = Format("Outlook", (".msg",), "mail.outlook")
EPUB = Format("EPUB", (".epub",), "epub")
PPTX = Format("PowerPoint", (".pptx", ".pptm", ".ppsx", ".potx"), "pptx.reader")
XLSX = Format("Excel", (".xlsx", ".xlsm", ".xltx"), "xlsx.reader")
ARCHIVE = Format("zip archive", (".zip",), "zip_archive")
FORMATS = (
    *(PDF, DOCX, OLD_WORD, TEXT, MARKDOWN, HTML, WEB_ARCHIVE, MAIL, MBOX, OUTLOOK, EPUB, PPTX),
    *(XLSX, ARCHIVE),
)

_READ = "docmill reads " + ", ".join(f"{f.name} ({' '.join(f.suffixes)})" for f in FORMATS)
_SAVE_AS_DOCX = "Open it in Word or LibreOffice and save it as .docx or PDF."
_EPUB_MARK, _TEXT_DOCUMENT = b"epub+zip", b"opendocument.text"
_ZIPS = (
    (b"word/document", DOCX),
    (b"ppt/presentation", PPTX),
    (b"xl/workbook", XLSX),
    (_EPUB_MARK, EPUB),
)
_OTHERS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"GIF8", "a GIF picture"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x78\x9f\x3e\x22", "a message of Outlook alone (TNEF): have it sent as HTML or plain text"),
)
_ZIPPED = tuple(known for _, known in _ZIPS)
_OLE_MESSAGE = "__properties_version1.0".encode("utf-16-le")
_OLE_WORD = "WordDocument".encode("utf-16-le")
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD_BYTES = 1024
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
        return _ole_format(data, suffix)
    if data.startswith(b"{\\rtf"):
        return OLD_WORD
    for magic, what in _OTHERS:
        if data.startswith(magic):
            raise UnsupportedFormatError(f"this is {what}. {_READ}.")
    known = _format_by_suffix(suffix)
    return _misnamed(data) if known is OLD_WORD else known


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
    by_suffix = format_by_suffix(f"x{suffix}")
    if by_suffix is ARCHIVE:
        return _archive_format(data)
    known = [known for mark, known in _ZIPS if mark in data]
    if by_suffix in known or (not known and by_suffix in _ZIPPED):
        return by_suffix
    if known:
        return known[0]
    if _TEXT_DOCUMENT in data:
        return OLD_WORD
    if b"opendocument" in data:
        raise UnsupportedFormatError(f"this is an OpenDocument file. {_SAVE_AS_DOCX}")
    raise UnsupportedFormatError(f"this is a zip archive. Name it .zip; {_READ}.")


def _archive_format(data: bytes) -> Format:
    """Tell an archive, which may hold documents, from a document that is named like one."""
    if _EPUB_MARK in data[:_HEAD_BYTES]:
        return EPUB
    if _TEXT_DOCUMENT in data[:_HEAD_BYTES]:
        return OLD_WORD
    names = [name.encode() for name in entry_names(data)]
    known = (known for mark, known in _ZIPS for name in names if name.startswith(mark))
    return next(known, ARCHIVE)


def _misnamed(data: bytes) -> Format:
    """Tell what a file named like an old Word file is if it is none inside: often a web page."""
    if b"<html" in data[:_HEAD_BYTES].lower():
        return HTML
    raise UnsupportedFormatError(
        f"it is named like a document of Word or LibreOffice, and is none inside. {_SAVE_AS_DOCX}"
    )


def _ole_format(data: bytes, suffix: str) -> Format:
    """Tell formats apart that Microsoft's programs wrote before 2007, and some do to this day."""
    if suffix in OUTLOOK.suffixes or _OLE_MESSAGE in data:
        return OUTLOOK
    if _OLE_ENCRYPTED in data:
        raise EncryptedError(
            "it is locked with a password. Open it in Word, remove the password and save it again."
        )
    if _OLE_WORD in data:
        return OLD_WORD
    raise UnsupportedFormatError(
        f"this is an Office file in the old binary format (.xls, .ppt). {_SAVE_AS_DOCX}"
    )
