"""Reading a PDF: pdfium for all of it, pypdf for the pages that pdfium reads badly.

bytes ─► pages of lines ─► second opinions ─► running heads, paragraphs, headings ─► Document
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Document
from tasks.core.errors import EncryptedError, LimitError
from tasks.extract.limits import ExtractionLimits
from tasks.extract.pdf.build import Reading, build_document
from tasks.extract.pdf.layout import title_key
from tasks.extract.pdf.lines import Line, PageText, draws_text, read_lines, shows_pictures
from tasks.extract.pdf.notes import read_notes
from tasks.extract.pdf.quality import better, is_doubtful
from tasks.extract.pdf.second import LOCKED, read_alone, second_opinions
from tasks.extract.reader import At, Reader, Request

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """A part of a PDF that is no page: its outline by page index, and its metadata."""

    outline: dict[int, dict[str, int]]
    metadata: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second reader has to say of the page at an index."""

    index: int
    lines: tuple[Line, ...]


def read_pdf(data: bytes, request: Request) -> Iterator[Front | PageText | Opinion | At]:
    """Read a PDF; one bad page becomes its page's `problem`, the others stay.

    Raises `EncryptedError`, `DamagedError` and `LimitError`.
    """
    doubtful: list[int] = []
    for part in _read(data, request.limits, request.password):
        if isinstance(part, At):
            at = part.page
        elif isinstance(part, PageText) and is_doubtful(part):
            doubtful.append(at - 1)
        yield part
    if doubtful:
        budget_s = _SECOND_SHARE * request.limits.timeout_s
        opinions = second_opinions(data, doubtful, password=request.password, budget_s=budget_s)
        yield from (Opinion(index, lines) for index, lines in opinions.items())


def build_pdf(parts: Iterable[object], request: Request) -> Document:
    """Lay out what was read; raises `NeedsOcrError` and `DamagedError` as `build_document` does."""
    pages: list[PageText] = []
    front = Front(outline={}, metadata=())
    for part in parts:
        match part:
            case PageText():
                pages.append(part)
            case Front():
                front = part
            case Opinion(index, lines):
                pages[index] = better(pages[index], lines)
    reading = Reading(pages=tuple(pages), outline=front.outline, metadata=front.metadata)
    document = build_document(reading, request.digest, request.limits)
    return replace(document, stopped=str(request.stopped) if request.stopped else None)


READER = Reader(read=read_pdf, build=build_pdf, parts=(Front, PageText, Opinion))


def _read(
    data: bytes, limits: ExtractionLimits, password: str | None
) -> Iterator[Front | PageText | At]:
    try:
        pdf = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        yield from _read_otherwise(error, data, limits, password)
        return
    with closing(pdf):
        if len(pdf) > limits.max_pages:
            raise LimitError(_too_many_pages(limits))
        yield Front(outline=_outline(pdf), metadata=_metadata(pdf))
        yield from _pages(pdf)


def _read_otherwise(
    error: pdfium.PdfiumError, data: bytes, limits: ExtractionLimits, password: str | None
) -> Iterator[PageText | At]:
    """Tell why pdfium cannot open a file, or have the second reader open it."""
    if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
        raise EncryptedError(LOCKED if password is None else f"the password is wrong: {LOCKED}")
    if error.err_code == pdfium_c.FPDF_ERR_SECURITY:
        raise EncryptedError("it is locked in a way that no reader here knows. Print it anew.")
    pages = read_alone(data, password=password, max_pages=limits.max_pages)
    if len(pages) > limits.max_pages:
        raise LimitError(_too_many_pages(limits))
    for number, lines in enumerate(pages, start=1):
        yield At(number)
        if lines is None:
            yield PageText(problem="cannot be read by any reader")
        else:
            yield PageText(lines=lines)


def _pages(pdf: pdfium.PdfDocument) -> Iterator[PageText | At]:
    for index in range(len(pdf)):
        yield At(index + 1)
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
