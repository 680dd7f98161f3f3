"""The files inside a PDF, its own and those pinned to its pages: documents, if they can be read."""

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Attachment
from tasks.extract.assemble import Facts
from tasks.extract.inside import listed, listed_apart, named_apart
from tasks.extract.pdf.second import files_alone
from tasks.extract.reader import Inside, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What lies in a PDF or is pinned to a page of it, and what is to be said of that."""

    attachments: tuple[Attachment, ...] = ()
    warnings: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def files_of(pdf: pdfium.PdfDocument) -> Files:
    """List a document's own files; it takes all their bytes, so it is for the end."""
    return _listed(named_apart(map(_file, _attachments(pdf))))


def files_otherwise(data: bytes, *, password: str | None) -> Files:
    """List the files inside a document that pdfium does not open."""
    return _listed(named_apart(files_alone(data, password=password)))


def unpack_pdf(data: bytes, request: Request) -> Iterator[Inside]:
    """Give the files inside."""
    try:
        pdf = pdfium.PdfDocument(data, password=request.password)
    except pdfium.PdfiumError:
        yield from named_apart(files_alone(data, password=request.password))
        return
    with closing(pdf):
        yield from named_apart(map(_file, chain(_attachments(pdf), _pinned_anywhere(pdf))))


def pinned_files(page: pdfium.PdfPage, places: Iterable[int]) -> Files:
    """List the files that are pinned to a page, at these places among its annotations.

    The names are their own, and perhaps others' too.
    """
    return _listed(map(_file, _pinned(page, places)))


def together(own: Files, pinned: Iterable[Files]) -> Files:
    """Join the files of a document with those of its pages, in their order."""
    every = (own, *pinned)
    return Files(
        attachments=tuple(listed_apart(each for files in every for each in files.attachments)),
        warnings=tuple(warning for files in every for warning in files.warnings),
        unread=tuple(lack for files in every for lack in files.unread),
    )


def _listed(files: Iterable[Inside]) -> Files:
    facts = [fact for file in files for fact in (listed([file]) if file.data else _lost(file))]
    return Files(
        attachments=tuple(each for fact in facts for each in fact.attachments),
        warnings=tuple(warning for fact in facts for warning in fact.warnings),
        unread=tuple(lack for fact in facts for lack in fact.unread),
    )


def _lost(file: Inside) -> Iterator[Facts]:
    """Name a file of which no bytes can be had: a PDF may say wrongly where they are."""
    lack = f"its attachment {file.name} was not read: it is empty, or cannot be taken out"
    yield Facts(attachments=(Attachment(name=file.name, size_bytes=0),), unread=(lack,))


def _attachments(pdf: pdfium.PdfDocument) -> Iterator[pdfium.PdfAttachment]:
    with suppress(pdfium.PdfiumError, ValueError):
        for index in range(pdf.count_attachments()):
            yield pdf.get_attachment(index)


def _pinned_anywhere(pdf: pdfium.PdfDocument) -> Iterator[pdfium.PdfAttachment]:
    for index in range(len(pdf)):
        with suppress(pdfium.PdfiumError), closing(pdf[index]) as page:
            yield from _pinned(page, range(pdfium_c.FPDFPage_GetAnnotCount(page.raw)))


def _pinned(page: pdfium.PdfPage, places: Iterable[int]) -> Iterator[pdfium.PdfAttachment]:
    for place in places:
        annotation = pdfium_c.FPDFPage_GetAnnot(page.raw, place)
        if not annotation:
            continue
        try:
            file = None
            if pdfium_c.FPDFAnnot_GetSubtype(annotation) == pdfium_c.FPDF_ANNOT_FILEATTACHMENT:
                file = pdfium_c.FPDFAnnot_GetFileAttachment(annotation)
            if file:
                yield pdfium.PdfAttachment(file, page.pdf)
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)


def _file(attachment: pdfium.PdfAttachment) -> Inside:
    try:
        content = bytes(attachment.get_data())
    except pdfium.PdfiumError:  # it is named, and empty
        content = b""
    return Inside(attachment.get_name(), content)
