"""Reading plain text: the document's text is the file's, with plain newlines."""

import codecs
import re

from tasks.core.documents import Block, BlockKind, Document
from tasks.core.errors import LimitError, UnsupportedFormatError
from tasks.extract.characters import clean, cleaning_warnings
from tasks.extract.limits import ExtractionLimits
from tasks.extract.reader import Request, reader_at_once

_BOMS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = "this is not text but binary data. Give the document that it was made from"
_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n[^\S\n]*\S(?:.*\S)?)*")


def read_text(data: bytes, request: Request) -> Document:
    """Read plain text; blank lines part its paragraphs."""
    text, warnings = decoded(data, request.limits)
    blocks = [
        Block(kind=BlockKind.PARAGRAPH, start=match.start(), end=match.end())
        for match in _PARAGRAPH.finditer(text)
    ]
    return Document(digest=request.digest, text=text, blocks=tuple(blocks), warnings=warnings)


READER = reader_at_once(read_text)


def paragraphs(text: str) -> list[str]:
    """Cut plain text at its blank lines."""
    return _PARAGRAPH.findall(text.replace("\r\n", "\n"))


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode text by its byte order mark, as UTF-8, as UTF-16, or else as Windows-1252.

    Gives the text and a warning where the encoding was guessed. Raises `UnsupportedFormatError`
    for what is not text.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _with_replacements(data, encoding)
    if b"\0" in data:
        return _with_replacements(data, _utf16_order(data))
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _decode_damaged(data)


def _with_replacements(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(encoding, errors="replace")
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return text, (f"some bytes are not {encoding} and became U+FFFD",)
    return text, ()


def _utf16_order(data: bytes) -> str:
    """Tell the byte order of UTF-16 without a mark: most texts hold zeros in one half only."""
    high, low = data[0::2].count(0), data[1::2].count(0)
    some = len(data) // 8
    if low > some and low > 4 * high:
        return "utf-16-le"
    if high > some and high > 4 * low:
        return "utf-16-be"
    raise UnsupportedFormatError(f"{_BINARY}.")


def _decode_damaged(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode what is nearly UTF-8 as such, and the rest as the encoding of old Windows files."""
    controls = sum(data.count(bytes([code])) for code in (*range(1, 9), *range(14, 32)))
    if controls > len(data) // 50:
        raise UnsupportedFormatError(f"{_BINARY}.")
    text = data.decode("utf-8", errors="replace")
    sound = sum(1 for char in text if char > "\x7f" and char != "\ufffd")
    if sound > 10 * text.count("\ufffd"):
        return text, ("some bytes are not UTF-8 and became U+FFFD",)
    return data.decode("cp1252", errors="replace"), ("not UTF-8: read as Windows-1252",)


def decoded(data: bytes, limits: ExtractionLimits) -> tuple[str, tuple[str, ...]]:
    """Give the text of a file, clean and with plain newlines, and what there is to say of it."""
    raw, warnings = decode(data)
    if len(raw) > limits.max_output_chars:
        raise LimitError(f"it holds more than {limits.max_output_chars:,} characters of text")
    text, changes = clean(raw)
    return text, (*warnings, *cleaning_warnings(changes))
