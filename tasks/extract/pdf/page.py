"""What is read of one page of a PDF, before the pages are put together."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import pypdfium2 as pdfium

from tasks.extract.pdf.files import Files, pinned_files
from tasks.extract.pdf.hidden.judge import find_hidden
from tasks.extract.pdf.lines.fields import with_fields
from tasks.extract.pdf.lines.gutters import in_columns
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.lines.links import find_links, read_links, with_links
from tasks.extract.pdf.lines.read import read_lines
from tasks.extract.pdf.lines.upright import mended_upright
from tasks.extract.pdf.pdfium.chars import Chars, Frame, read_chars
from tasks.extract.pdf.pdfium.drawings import Drawings, read_drawings
from tasks.extract.pdf.pdfium.inks import DrawnText
from tasks.extract.pdf.pdfium.notes import Note, read_notes
from tasks.extract.pdf.plots.labels import PLOT_LABELS, plot_labels
from tasks.extract.pdf.signs.accents import find_edits
from tasks.extract.pdf.signs.backwards import find_backwards
from tasks.extract.pdf.signs.privates import find_privates
from tasks.extract.pdf.signs.spaced import find_spaced
from tasks.extract.pdf.signs.tex import find_tex_signs
from tasks.extract.pdf.tables.find import Table, find_tables

PDFIUM, PYPDF, OCR = "pdfium", "pypdf", "ocr"

LONGEST_STRING = 32_767
"""In bytes; pdfium cuts a longer one without a word."""

_LITTLE_TEXT = 200  # characters; a page with more is no scan


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The lines of a page, in reading order; measures are in points, as shown.

    `pictured`: it shows something that may hold text without being text; `scanned`: so much of it
    that the little text there is must be a stamp; `undecoded`: it draws text of which no character
    is known; `cut`: a text of it goes on where pdfium reads no further. `notes` lie over the text.
    """

    number: int = 0
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    width: float | None = None
    height: float = 0.0
    rotation: int = 0
    pictured: bool = False
    scanned: bool = False
    undecoded: bool = False
    cut: bool = False
    notes: tuple[Note, ...] = ()
    files: Files = Files()  # noqa: RUF009 a frozen value
    label: str | None = None
    problem: str | None = None
    reader: str = PDFIUM
    confidence: float | None = None

    def reread(self, lines: tuple[Line, ...], reader: str) -> "PageText":
        """Give the page with the lines of another reader, who saw nothing of what fills forms."""
        notes = tuple(replace(note, placed=False) for note in self.notes)
        return replace(
            self,
            lines=lines,
            tables=(),
            notes=notes,
            problem=None,
            undecoded=False,
            cut=False,
            reader=reader,
        )

    @property
    def text(self) -> str:
        """Give the page's lines as one text."""
        return "\n".join(line.text for line in self.lines)


def read_page(
    document: pdfium.PdfDocument, page: pdfium.PdfPage, *, layered_forms: bool = False
) -> PageText:
    """Read a page, whose forms may be on layers; raises `PdfiumError` where pdfium gives up."""
    frame = Frame.of(page)
    drawings = read_drawings(page, frame)
    if layered_forms:
        in_forms = (text._replace(layered=True) if text.matrix else text for text in drawings.texts)
        drawings.texts[:] = list(in_forms)
    links = find_links(page)
    notes = read_notes(page, frame, links)
    with closing(page.get_textpage()) as textpage:
        chars = read_chars(textpage, frame)
        edits = find_backwards(chars.text, chars.centre) | find_privates(chars.text, chars.font)
        edits |= find_tex_signs(chars, drawings.texts) | find_spaced(chars)
        chars = chars.edited(edits | find_edits(chars))
        lines = read_lines(chars, find_hidden(page, chars, drawings))
        lines = tuple(in_columns(lines, chars))
        areas = tuple(read_links(document, links.values(), frame))
        lines = mended_upright(with_links(lines, chars, areas), chars)
        lines = _without_labels(lines, drawings)
        lines, notes = with_fields(lines, notes, chars)
        tables = find_tables(lines, chars, drawings)
        is_cut = _is_cut(chars, drawings.texts)
    little = sum(len(line.text) for line in lines) < _LITTLE_TEXT
    pictured = little and (drawings.pictured or any(note.drawn for note in notes))
    return PageText(
        lines=lines,
        tables=tables,
        width=frame.width,
        height=frame.height,
        rotation=frame.turn,
        pictured=pictured,
        scanned=pictured and (not lines or drawings.are_a_scan(frame)),
        undecoded=bool(drawings.texts) and not lines,
        cut=is_cut,
        files=pinned_files(page, [note.pins for note in notes if note.pins is not None]),
        notes=tuple(note for note in notes if note.text.strip() or note.look is not None),
    )


def _is_cut(chars: Chars, texts: Sequence[DrawnText]) -> bool:
    """Tell whether a text is as long as pdfium reads one; its characters have a byte or two."""
    lengths = {LONGEST_STRING, LONGEST_STRING // 2}
    if len(chars.text) < min(lengths):
        return False  # as all pages but the strangest are
    return any(len(chars.text_of(text.address)) in lengths for text in texts)


def _without_labels(lines: Sequence[Line], drawings: Drawings) -> tuple[Line, ...]:
    """Set the labels of plots apart."""
    labels = plot_labels(lines, drawings)
    return tuple(
        line._replace(apart=line.apart or PLOT_LABELS) if index in labels else line
        for index, line in enumerate(lines)
    )
