"""Reading a PDF: pdfium for all of it, pypdf for the pages that pdfium reads badly.

bytes ─► pages of lines ─► second opinions ─► running heads, paragraphs, headings ─► Document
"""

import hashlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Document
from tasks.core.errors import DamagedError, EncryptedError, LimitError, NeedsOcrError
from tasks.extract.answer import Telling
from tasks.extract.limits import ExtractionLimits
from tasks.extract.pdf.build import Reading, build_document
from tasks.extract.pdf.layout import title_key
from tasks.extract.pdf.lines import Line, PageText, draws_text, read_lines, shows_pictures
from tasks.extract.pdf.notes import read_notes
from tasks.extract.pdf.quality import better, is_doubtful
from tasks.extract.pdf.second import LOCKED, read_alone, second_opinions

_SECOND_SHARE = 0.25  # of the time limit, for the second reader
_LITTLE_TEXT = 200  # characters; a page with more is no scan
_METADATA = {
    "Title": "title",
    "Author": "author",
    "Subject": "subject",
    "Keywords": "keywords",
    "Creator": "creator",
    "Producer": "producer",
    "CreationDate": "created",
    "ModDate": "modified",
}


def read_pdf(
    data: bytes,
    limits: ExtractionLimits,
    *,
    password: str | None = None,
    telling: Telling = Telling(),  # noqa: B008 a frozen value that tells nobody
) -> Document:
    """Read a PDF; one bad page becomes its page's `problem`, the others stay.

    Raises `EncryptedError`, `DamagedError`, `NeedsOcrError` when no page has text but some show
    pictures, and `LimitError`.
    """
    digest = hashlib.sha256(data).hexdigest()
    reading = _read(data, limits, password, telling)
    doubtful = [i for i, page in enumerate(reading.pages) if is_doubtful(page)]
    if doubtful:
        with suppress(NeedsOcrError, DamagedError):
            telling.draft(build_document(reading, digest, limits))
        opinions = second_opinions(
            data, doubtful, password=password, budget_s=_SECOND_SHARE * limits.timeout_s
        )
        reading = _with_opinions(reading, opinions)
    return build_document(reading, digest, limits)


def _read(data: bytes, limits: ExtractionLimits, password: str | None, telling: Telling) -> Reading:
    try:
        pdf = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        return _read_otherwise(error, data, limits, password)
    with closing(pdf):
        if len(pdf) > limits.max_pages:
            raise LimitError(_too_many_pages(limits))
        return Reading(
            pages=tuple(_pages(pdf, telling)), outline=_outline(pdf), metadata=_metadata(pdf)
        )


def _read_otherwise(
    error: pdfium.PdfiumError, data: bytes, limits: ExtractionLimits, password: str | None
) -> Reading:
    """Tell why pdfium cannot open a file, or have the second reader open it."""
    if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
        raise EncryptedError(LOCKED if password is None else f"the password is wrong: {LOCKED}")
    if error.err_code == pdfium_c.FPDF_ERR_SECURITY:
        raise EncryptedError("it is locked in a way that no reader here knows. Print it anew.")
    pages = read_alone(data, password=password, max_pages=limits.max_pages)
    if len(pages) > limits.max_pages:
        raise LimitError(_too_many_pages(limits))
    return Reading(
        pages=tuple(
            PageText(problem="cannot be read by any reader")
            if lines is None
            else PageText(lines=lines)
            for lines in pages
        ),
        outline={},
        metadata=(),
    )


def _pages(pdf: pdfium.PdfDocument, telling: Telling) -> Iterator[PageText]:
    for index in range(len(pdf)):
        telling.page(index + 1)
        label = pdf.get_page_label(index) or None
        try:
            with closing(pdf[index]) as page:
                yield replace(_page(page), label=label)
        except pdfium.PdfiumError as error:
            yield PageText(label=label, problem=f"cannot be read ({error})")


def _page(page: pdfium.PdfPage) -> PageText:
    lines = read_lines(page)
    notes = read_notes(page)
    little = sum(len(line.text) for line in lines) < _LITTLE_TEXT
    return PageText(
        lines=lines,
        height=page.get_height(),
        pictured=little and (shows_pictures(page) or any(note.drawn for note in notes)),
        undecoded=not lines and draws_text(page),
        notes=tuple(note for note in notes if note.text.strip()),
    )


def _outline(pdf: pdfium.PdfDocument) -> dict[int, dict[str, int]]:
    """Give the level of each outline title, by the page that it points to."""
    outline: dict[int, dict[str, int]] = {}
    with suppress(pdfium.PdfiumError, ValueError):
        for bookmark in pdf.get_toc():
            target = bookmark.get_dest()
            index = target.get_index() if target else None
            key = title_key(bookmark.get_title())
            if index is not None and key:
                outline.setdefault(index, {}).setdefault(key, bookmark.level + 1)
    return outline


def _too_many_pages(limits: ExtractionLimits) -> str:
    return f"it has more than {limits.max_pages:,} pages. Split it, or raise the limit."


def _metadata(pdf: pdfium.PdfDocument) -> tuple[tuple[str, str], ...]:
    with suppress(pdfium.PdfiumError, ValueError):
        found = pdf.get_metadata_dict(skip_empty=True)
        return tuple((name, found[key]) for key, name in _METADATA.items() if key in found)
    return ()


def _with_opinions(reading: Reading, opinions: dict[int, tuple[Line, ...]]) -> Reading:
    pages = (
        better(page, opinions[index]) if index in opinions else page
        for index, page in enumerate(reading.pages)
    )
    return replace(reading, pages=tuple(pages))
