"""Reading a PDF: pdfium for all of it, pypdf for the pages that pdfium reads badly.

bytes ─► pages of lines ─► second opinions ─► running heads, paragraphs, headings ─► Document
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.codec import prepare
from tasks.core.documents import Document
from tasks.core.errors import EncryptedError, LimitError
from tasks.extract.limits import ExtractionLimits
from tasks.extract.pdf.build import Reading, build_document
from tasks.extract.pdf.files import Files, files_of, files_otherwise, together, unpack_pdf
from tasks.extract.pdf.forms import check_forms, forms_on_layers
from tasks.extract.pdf.layout.pages import Pages
from tasks.extract.pdf.layout.paragraphs import title_key
from tasks.extract.pdf.layout.sheets import Laid, Sheets, lay_out_for_another
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.looks import with_looks
from tasks.extract.pdf.page import PYPDF, PageText, read_page
from tasks.extract.pdf.quality import better, is_doubtful, needs_ocr
from tasks.extract.pdf.scans import read_scans
from tasks.extract.pdf.second import LOCKED, read_alone, second_opinions
from tasks.extract.reader import Ask, At, Helping, Reader, Request, Stopped, Wanted

_SECOND_SHARE = 0.25  # of the time limit, for the second reader
_XFA = (
    "it is a form of the kind that only Adobe's programs draw (XFA): what it holds was not read. "
    "Print it to PDF from there"
)
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
    """A part of a PDF that is no page: its outline by page index, its metadata, what is unread."""

    outline: dict[int, dict[str, int]]
    metadata: tuple[tuple[str, str], ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second reader has to say of a page."""

    number: int
    lines: tuple[Line, ...]


def all_pages(count: int) -> Iterable[int]:
    """Ask for all pages that there are."""
    return range(1, count + 1)


def read_pdf(
    data: bytes, request: Request, wanted: Wanted = all_pages
) -> Iterator[Front | PageText | Opinion | Files | At]:
    """Read a PDF; one bad page becomes its page's `problem`, the others stay.

    Raises `EncryptedError`, `DamagedError` and `LimitError`.
    """
    doubtful: dict[int, PageText] = {}
    for part in _read(data, request, wanted):
        if isinstance(part, PageText) and (part.scanned or is_doubtful(part)):
            doubtful[part.number] = part
        yield part
    asked = [number for number, page in doubtful.items() if is_doubtful(page)]
    if asked:
        budget_s = _SECOND_SHARE * request.limits.timeout_s
        opinions = second_opinions(data, asked, password=request.password, budget_s=budget_s)
        for number, lines in opinions.items():
            yield Opinion(number, lines)
            doubtful[number] = better(doubtful[number], lines)
    scans = [page for page in doubtful.values() if page.scanned or needs_ocr(page)]
    if scans and request.options.ocr_languages:
        yield from _seen(data, scans, request)


def build_pdf(parts: Iterable[object], request: Request) -> Document:
    """Lay out what was read; raises `NeedsOcrError` and `DamagedError` as `build_document` does."""
    pages = Pages()
    front, files, unread = Front(outline={}, metadata=()), Files(), list[str]()
    helpers: list[Ask] = []
    for part in parts:
        match part:
            case PageText():
                pages.put(part)
            case Front():
                front = part
            case Files():
                files = part
            case Opinion(number, lines):
                pages.put(better(pages[number], lines))
            case Stopped():
                unread.append(str(part))
            case Helping(ask):
                helpers.append(ask)
    read = pages.in_order()
    reading = Reading(
        pages=read,
        words=pages.words,
        outline=front.outline,
        metadata=front.metadata,
        files=together(files, (known.page.files for known in read)),
        unread=(*front.unread, *unread),
        helpers=tuple(helpers),
    )
    return build_document(reading, request)


def get_ready() -> None:
    """Have pdfium look for the system's fonts, as it does for the first page that it loads."""
    prepare(Sheets, Laid)
    with closing(pdfium.PdfDocument.new()) as pdf:
        pdfium_c.FPDFFont_Close(pdfium_c.FPDFText_LoadStandardFont(pdf, b"Helvetica"))


def _seen(data: bytes, pages: Sequence[PageText], request: Request) -> Iterator[PageText | At]:
    """Read pages off their pictures; a file that pdfium does not open has none to show."""
    with (
        suppress(pdfium.PdfiumError),
        closing(pdfium.PdfDocument(data, password=request.password)) as pdf,
    ):
        yield from read_scans(pdf, pages, request.options.ocr_languages)


READER = Reader(
    read=read_pdf,
    build=build_pdf,
    parts=(Front, PageText, Opinion, Files),
    read_some=read_pdf,
    help=lay_out_for_another,
    unpack=unpack_pdf,
    warm=get_ready,
)


def _read(data: bytes, request: Request, wanted: Wanted) -> Iterator[Front | PageText | Files | At]:
    limits, password = request.limits, request.password
    check_forms(data)
    try:
        pdf = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        if 1 in wanted(1):  # to be read as a whole, and by one process
            yield from _read_otherwise(error, data, limits, password)
        return
    with closing(pdf):
        if len(pdf) > limits.max_pages:
            raise LimitError(_too_many_pages(limits))
        yield Front(outline=_outline(pdf), metadata=_metadata(pdf), unread=_unread(pdf))
        begins, layered = False, forms_on_layers(data)
        for number in wanted(len(pdf)):
            yield At(number)
            yield _page(pdf, number, layered_forms=layered)
            begins = begins or number == 1
        if begins:
            yield files_of(pdf)


def _read_otherwise(
    error: pdfium.PdfiumError, data: bytes, limits: ExtractionLimits, password: str | None
) -> Iterator[PageText | Files | At]:
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
        problem = "cannot be read by any reader" if lines is None else None
        yield PageText(number=number, lines=lines or (), problem=problem, reader=PYPDF)
    yield files_otherwise(data, password=password)


def _page(pdf: pdfium.PdfDocument, number: int, *, layered_forms: bool) -> PageText:
    label = pdf.get_page_label(number - 1) or None
    try:
        with closing(pdf[number - 1]) as page:
            read = read_page(pdf, page, layered_forms=layered_forms)
        read = replace(read, number=number, label=label)
        return with_looks(pdf, number - 1, read)
    except pdfium.PdfiumError as error:
        return PageText(number=number, label=label, problem=f"cannot be read ({error})")


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


def _unread(pdf: pdfium.PdfDocument) -> tuple[str, ...]:
    """Tell a form that Adobe's own program draws when it is opened; its pages hold a notice."""
    return (_XFA,) if pdf.get_formtype() == pdfium_c.FORMTYPE_XFA_FULL else ()


def _too_many_pages(limits: ExtractionLimits) -> str:
    return f"it has more than {limits.max_pages:,} pages. Split it, or raise the limit."


def _metadata(pdf: pdfium.PdfDocument) -> tuple[tuple[str, str], ...]:
    with suppress(pdfium.PdfiumError, ValueError):
        found = pdf.get_metadata_dict(skip_empty=True)
        return tuple((name, found[key]) for key, name in _METADATA.items() if key in found)
    return ()
