"""From the pages of a PDF, as they were read, to its document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tasks.core.documents import BlockKind, Document, Page
from tasks.core.errors import DamagedError, NeedsOcrError
from tasks.extract.assemble import Assembler
from tasks.extract.limits import ExtractionLimits
from tasks.extract.pdf.heads import running_heads
from tasks.extract.pdf.hyphens import Hyphens
from tasks.extract.pdf.layout import Outline, lay_out
from tasks.extract.pdf.lines import BROKEN_WORD, Line, PageText
from tasks.extract.pdf.quality import NEEDS_OCR, junk_share, with_problem

RUNNING_HEAD = "running head"
HIDDEN_NOTE = "hidden note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a PDF: pages, outline by page index, metadata."""

    pages: tuple[PageText, ...]
    outline: Mapping[int, Outline]
    metadata: tuple[tuple[str, str], ...]


def build_document(reading: Reading, digest: str, limits: ExtractionLimits) -> Document:
    """Lay out all pages and join them.

    Raises `NeedsOcrError` when no page has text of its own but some show pictures, and
    `DamagedError` when no page can be read.
    """
    heads = running_heads(reading.pages)
    bodies = [_body(page, indices) for page, indices in zip(reading.pages, heads, strict=True)]
    pages = [_judged(page, body) for page, body in zip(reading.pages, bodies, strict=True)]
    _refuse_without_text(pages, bodies)
    hyphens = Hyphens((line.text for body in bodies for line in body), BROKEN_WORD)
    assembler = Assembler(max_chars=limits.max_output_chars)
    for index, (page, body) in enumerate(zip(pages, bodies, strict=True)):
        above, below = _heads(page, heads[index])
        _add_heads(assembler, above)
        for piece in lay_out(body, reading.outline.get(index, {}), hyphens):
            assembler.add(piece.text, piece.kind, level=piece.level)
        for note in page.notes:
            apart = HIDDEN_NOTE if note.hidden else None
            assembler.add(note.text, note.kind, set_apart=apart)
        _add_heads(assembler, below)
        assembler.page_break(_facts(page))
    return assembler.document(
        digest=digest, metadata=reading.metadata, warnings=_warnings(pages, bodies)
    )


def _facts(page: PageText) -> Page:
    """Give what is known of a page but its number and span."""
    return Page(
        number=0, start=0, end=0, label=page.label, problem=page.problem, height=page.height
    )


def _body(page: PageText, heads: frozenset[int]) -> tuple[Line, ...]:
    return tuple(line for index, line in enumerate(page.lines) if index not in heads)


def _heads(page: PageText, heads: frozenset[int]) -> tuple[list[Line], list[Line]]:
    """Part the running heads from the feet; a PDF may draw both before the text."""
    lines = [page.lines[index] for index in sorted(heads)]
    above = [line for line in lines if line.place and line.place.top < page.height / 2]
    return above, [line for line in lines if line not in above]


def _add_heads(assembler: Assembler, lines: Sequence[Line]) -> None:
    for line in lines:
        text = line.text.replace(BROKEN_WORD, "-")
        assembler.add(text, BlockKind.HEADER_FOOTER, set_apart=RUNNING_HEAD)


def _judged(page: PageText, body: Sequence[Line]) -> PageText:
    """Name what is wrong with a page: a scan may bear a stamped number and still be a scan."""
    if page.problem is None and page.pictured and not body and not page.notes:
        return replace(page, problem=NEEDS_OCR)
    return with_problem(page)


def _refuse_without_text(pages: Sequence[PageText], bodies: Sequence[Sequence[Line]]) -> None:
    if any(map(_has_text, pages, bodies)):
        return
    if not pages:
        raise DamagedError("it holds no page. Fetch it again or print it anew.")
    if any(page.problem and page.problem.startswith(NEEDS_OCR) for page in pages):
        raise NeedsOcrError(
            "its pages are pictures without a text layer. Run it through OCR (ocrmypdf, say) first."
        )
    problem = next((page.problem for page in pages if page.problem), None)
    if problem:
        raise DamagedError(f"none of its pages can be read (page 1 {problem}). Print it anew.")


def _has_text(page: PageText, body: Sequence[Line]) -> bool:
    return bool(page.notes) or (bool(body) and junk_share(body) < 1)


def _warnings(pages: Sequence[PageText], bodies: Sequence[Sequence[Line]]) -> list[str]:
    if not any(map(_has_text, pages, bodies)):
        return ["there is no text: every page is blank"]
    return [
        f"page {number}: {page.problem}"
        for number, page in enumerate(pages, start=1)
        if page.problem
    ]
