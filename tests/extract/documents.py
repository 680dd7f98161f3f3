"""Reading bytes to a document in this process, as a child would."""

import hashlib

from tasks.core.documents import Document
from tasks.extract import markdown, text
from tasks.extract.docx import reader as docx
from tasks.extract.limits import ExtractionLimits
from tasks.extract.options import ReadingOptions
from tasks.extract.pdf import reader as pdf
from tasks.extract.reader import Reader, Request

LIMITS = ExtractionLimits()
OPTIONS = ReadingOptions()


def read_with(
    reader: Reader,
    data: bytes,
    limits: ExtractionLimits = LIMITS,
    options: ReadingOptions = OPTIONS,
    *,
    password: str | None = None,
    name: str = "",
) -> Document:
    digest = hashlib.sha256(data).hexdigest()
    request = Request(digest=digest, name=name, limits=limits, options=options, password=password)
    return reader.document(data, request)


def read_docx(
    data: bytes, limits: ExtractionLimits = LIMITS, options: ReadingOptions = OPTIONS
) -> Document:
    return read_with(docx.READER, data, limits, options)


def read_pdf(
    data: bytes, limits: ExtractionLimits = LIMITS, *, password: str | None = None
) -> Document:
    return read_with(pdf.READER, data, limits, password=password)


def read_text(data: bytes, limits: ExtractionLimits = LIMITS) -> Document:
    return read_with(text.READER, data, limits)


def read_markdown(data: bytes, limits: ExtractionLimits = LIMITS) -> Document:
    return read_with(markdown.READER, data, limits)
