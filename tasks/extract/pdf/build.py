"""From the pages of a PDF, as they were read, to its document."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tasks.core.documents import BlockKind, Document, Page
from tasks.core.errors import DamagedError, InputError, NeedsOcrError
from tasks.extract.assemble import Assembler
from tasks.extract.ocr import how_to_get
from tasks.extract.pdf.files import Files
from tasks.extract.pdf.hidden.judge import REASONS
from tasks.extract.pdf.layout.heads import running_heads
from tasks.extract.pdf.layout.hyphens import Hyphens, words_of
from tasks.extract.pdf.layout.pages import Known
from tasks.extract.pdf.layout.paragraphs import Outline, Passage, goes_on
from tasks.extract.pdf.layout.sheets import Sheet, Sheets, laid_out
from tasks.extract.pdf.layout.titles import Style, Titles, letters_of
from tasks.extract.pdf.layout.turns import joined_over_turns
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD
from tasks.extract.pdf.quality import NEEDS_OCR, junk_share
from tasks.extract.pdf.tables.overleaf import joined_overleaf
from tasks.extract.reader import Ask, Request

RUNNING_HEAD = "running head"
HIDDEN_NOTE = "hidden note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a PDF, and what was not.

    Pages, the number of times that they have each word, outline by page index, files inside it;
    and who helps to lay it out.
    """

    pages: tuple[Known, ...]
    words: Mapping[str, int]
    outline: Mapping[int, Outline]
    metadata: tuple[tuple[str, str], ...]
    files: Files = Files()  # noqa: RUF009 a frozen value
    unread: tuple[str, ...] = ()
    helpers: tuple[Ask, ...] = ()


def build_document(reading: Reading, request: Request) -> Document:
    """Lay out all pages and join them.

    Raises `NeedsOcrError` when no page has text of its own but some show pictures, and
    `DamagedError` when no page can be read, unless a file inside can.
    """
    read = [known.page for known in reading.pages]
    heads = running_heads(read, [known.edges for known in reading.pages])
    bodies = [_body(page, indices) for page, indices in zip(read, heads, strict=True)]
    pages = [_judged(known, body) for known, body in zip(reading.pages, bodies, strict=True)]
    textless = list(_without_text(pages, bodies, request.options.ocr_languages))
    if textless and not any(each.digest for each in reading.files.attachments):
        raise textless[0]
    apart = [page.lines[at] for page, indices in zip(read, heads, strict=True) for at in indices]
    hyphens = _hyphens(reading.words, bodies, apart)
    titles = _titles(reading.pages, apart)
    pages = joined_overleaf(pages, heads)
    pages = joined_over_turns(pages, heads, hyphens)
    outlines = (reading.outline.get(index, {}) for index in range(len(pages)))
    sheets = tuple(map(Sheet, pages, heads, outlines))
    laid = laid_out(Sheets(sheets, hyphens), reading.helpers)
    assembler = Assembler(max_chars=request.limits.max_output_chars)
    last = Passage(BlockKind.HEADING, "")
    for page, indices, passages in zip(pages, heads, laid, strict=True):
        above, below = _heads(page, indices)
        _add_heads(assembler, above)
        for passage in titles.marked(passages, page.height):
            last = _add(assembler, passage, last, hidden=request.options.hidden_text)
        _add_notes(assembler, page)
        _add_heads(assembler, below)
        assembler.page_break(_facts(page))
    return assembler.document(
        digest=request.digest,
        metadata=reading.metadata,
        warnings=(*_warnings(pages, bodies), *reading.files.warnings),
        attachments=reading.files.attachments,
        unread=(
            *(error.reported for error in textless),
            *reading.unread,
            *reading.files.unread,
        ),
    )


def _add(assembler: Assembler, passage: Passage, last: Passage, *, hidden: bool) -> Passage:
    """Add a passage and give the last one of the page's text."""
    apart = None if hidden and passage.apart in REASONS else passage.apart
    turned = passage.apart is None and goes_on(last, passage)
    assembler.add(
        passage.text,
        passage.kind,
        level=passage.level,
        set_apart=apart,
        box=passage.box,
        continues=passage.continues or turned,
        marks=passage.marks,
    )
    return last if passage.apart else passage


def _hyphens(
    words: Mapping[str, int], bodies: Sequence[Sequence[Line]], heads: Sequence[Line]
) -> Hyphens:
    """Learn the words of all pages without their heads."""
    of_bodies = Counter(words)
    of_bodies.subtract(words_of(line.text for line in heads))
    return Hyphens.of((line.text for body in bodies for line in body), BROKEN_WORD, of_bodies)


def _titles(pages: Sequence[Known], heads: Sequence[Line]) -> Titles:
    """Learn the styles of all pages without their heads."""
    letters: Counter[Style] = Counter()
    for known in pages:
        letters.update(known.letters)
    letters.subtract(letters_of(heads))
    return Titles(+letters)


def _facts(page: PageText) -> Page:
    """Give what is known of a page but its span."""
    return Page(
        number=page.number,
        start=0,
        end=0,
        label=page.label,
        problem=page.problem,
        width=page.width,
        height=page.height or None,
        rotation=page.rotation,
        reader=page.reader,
        confidence=page.confidence,
    )


def _body(page: PageText, heads: frozenset[int]) -> tuple[Line, ...]:
    return tuple(
        line for index, line in enumerate(page.lines) if index not in heads and not line.apart
    )


def _heads(page: PageText, heads: frozenset[int]) -> tuple[list[Line], list[Line]]:
    """Part the running heads from the feet; a PDF may draw both before the text."""
    lines = [page.lines[index] for index in sorted(heads)]
    above = [line for line in lines if line.box and line.box.top < page.height / 2]
    return above, [line for line in lines if line not in above]


def _add_heads(assembler: Assembler, lines: Sequence[Line]) -> None:
    for line in lines:
        text = line.text.replace(BROKEN_WORD, "-")
        kind = BlockKind.HEADER_FOOTER
        assembler.add(text, kind, set_apart=RUNNING_HEAD, box=line.box, marks=line.marks)


def _add_notes(assembler: Assembler, page: PageText) -> None:
    for note in page.notes:
        if note.placed:
            continue
        apart = HIDDEN_NOTE if note.hidden else None
        assembler.add(note.text, note.kind, set_apart=apart, box=note.box)


def _judged(known: Known, body: Sequence[Line]) -> PageText:
    """Name what is wrong with a page: a scan may bear a stamped number and still be a scan."""
    page = known.page
    if page.problem is None and page.pictured and not body and not page.notes:
        return replace(page, problem=NEEDS_OCR)
    return known.judged


def _without_text(
    pages: Sequence[PageText], bodies: Sequence[Sequence[Line]], languages: Sequence[str]
) -> Iterator[InputError]:
    """Say why a document has no text, if something is wrong."""
    if any(map(_has_text, pages, bodies)):
        return
    problem = next((page.problem for page in pages if page.problem), None)
    if not pages:
        yield DamagedError("it holds no page. Fetch it again or print it anew.")
    elif not any(page.problem and page.problem.startswith(NEEDS_OCR) for page in pages):
        if problem:
            yield DamagedError(f"none of its pages can be read (page 1 {problem}). Print it anew.")
    elif languages:
        yield NeedsOcrError("its pages are pictures in which OCR saw no text. Scan it anew.")
    else:
        yield NeedsOcrError(f"its pages are pictures without a text layer: {how_to_get(['eng'])}.")


def _has_text(page: PageText, body: Sequence[Line]) -> bool:
    return bool(page.notes) or (bool(body) and junk_share(body) < 1)


def _warnings(pages: Sequence[PageText], bodies: Sequence[Sequence[Line]]) -> Iterator[str]:
    if not any(page.problem for page in pages) and not any(map(_has_text, pages, bodies)):
        yield "there is no text: every page is blank"
        return
    for page in pages:
        if page.problem:
            yield f"page {page.number}: {page.problem}"
        yield from _hidden(page)


def _hidden(page: PageText) -> Iterator[str]:
    """Warn of what a person who looks at the page does not see."""
    for reason in REASONS:
        count = sum(len(line.text) for line in page.lines if line.apart == reason)
        if count:
            yield f"page {page.number}: {reason}, {count:,} characters, is set apart"
