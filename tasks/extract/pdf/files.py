"""The files inside a PDF: those that docmill reads are documents of their own."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass

import pypdfium2 as pdfium

from tasks.core.documents import Attachment
from tasks.extract.inside import listed, named_apart
from tasks.extract.reader import Inside, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """A part of a PDF that is no page: what lies in it, and what is to be said of that."""

    attachments: tuple[Attachment, ...] = ()
    warnings: tuple[str, ...] = ()


def files_of(pdf: pdfium.PdfDocument) -> Files:
    """List the files inside; it takes all their bytes, so it is for the end."""
    facts = list(listed(_files(pdf)))
    return Files(
        attachments=tuple(each for fact in facts for each in fact.attachments),
        warnings=tuple(warning for fact in facts for warning in fact.warnings),
    )


def unpack_pdf(data: bytes, request: Request) -> Iterator[Inside]:
    """Give the files inside; none of a file that pdfium does not open."""
    with (
        suppress(pdfium.PdfiumError),
        closing(pdfium.PdfDocument(data, password=request.password)) as pdf,
    ):
        yield from _files(pdf)


def _files(pdf: pdfium.PdfDocument) -> Iterator[Inside]:
    return named_apart(map(_file, _attachments(pdf)))


def _attachments(pdf: pdfium.PdfDocument) -> Iterator[pdfium.PdfAttachment]:
    with suppress(pdfium.PdfiumError, ValueError):
        for index in range(pdf.count_attachments()):
            yield pdf.get_attachment(index)


def _file(attachment: pdfium.PdfAttachment) -> Inside:
    try:
        content = bytes(attachment.get_data())
    except pdfium.PdfiumError:  # it is named, and empty
        content = b""
    return Inside(attachment.get_name(), content)
