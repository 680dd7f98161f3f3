"""The words of stamps and signatures, which only their looks hold: drawn into the page, and read.

pdfium reads the text of pages alone. So a copy of the page is made on which everything else that
lies over it is hidden, and these are drawn into its content; what comes after its own text is
theirs.
"""

from collections.abc import Collection
from contextlib import closing, suppress
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Box
from tasks.extract.pdf.lines.line import readable
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.pdfium.chars import Chars, Frame, read_chars
from tasks.extract.pdf.pdfium.notes import Note

_MOST_CHARS = 20_000


def with_looks(document: pdfium.PdfDocument, index: int, page: PageText) -> PageText:
    """Give a page whose notes have the words that their looks show; one without any goes."""
    silent = {note.look for note in page.notes if note.look is not None}
    if not silent:
        return page
    with suppress(pdfium.PdfiumError):
        before = _drawn_in(document, index, silent)
        page = _told(document, index, page, before)
    return replace(page, notes=tuple(note for note in page.notes if note.text.strip()))


def _drawn_in(document: pdfium.PdfDocument, index: int, wanted: Collection[int | None]) -> str:
    """Draw some annotations into a page; give the text that it had before."""
    with closing(document[index]) as page:
        with closing(page.get_textpage()) as textpage:
            before = read_chars(textpage, Frame.of(page)).text
        for place in range(pdfium_c.FPDFPage_GetAnnotCount(page.raw)):
            annotation = pdfium_c.FPDFPage_GetAnnot(page.raw, place)
            if annotation and place not in wanted:
                pdfium_c.FPDFAnnot_SetFlags(annotation, pdfium_c.FPDF_ANNOT_FLAG_HIDDEN)
            if annotation:
                pdfium_c.FPDFPage_CloseAnnot(annotation)
        pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_NORMALDISPLAY)
    return before


def _told(document: pdfium.PdfDocument, index: int, page: PageText, before: str) -> PageText:
    with closing(document[index]) as drawn, closing(drawn.get_textpage()) as textpage:
        chars = read_chars(textpage, Frame.of(drawn))
        if not chars.text.startswith(before.rstrip()):
            return page
        end = min(len(chars.text), len(before) + _MOST_CHARS)
        new = [at for at in range(len(before.rstrip()), end) if not chars.text[at].isspace()]
        return replace(page, notes=tuple(_with_words(note, chars, new) for note in page.notes))


def _with_words(note: Note, chars: Chars, new: Collection[int]) -> Note:
    if note.look is None or note.box is None:
        return note
    inside = [at for at in new if _holds(note.box, chars.box(at))]
    words = readable(chars, inside[0], inside[-1] + 1) if inside else ""
    return replace(note, text=words.replace("\r\n", "\n").strip(), look=None)


def _holds(outer: Box, inner: Box) -> bool:
    across, down = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= across <= outer.right and outer.top <= down <= outer.bottom
