"""What a PDF's pages show beside their text: filled form fields, typed notes, comments, stamps."""

import ctypes
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import BlockKind, Box
from tasks.extract.pdf.pdfium.chars import Frame
from tasks.extract.pdf.pdfium.widgets import Widgets

_IGNORED = {pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP}
_ON_THE_PAGE = {pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_WIDGET}
_DRAWN = {pdfium_c.FPDF_ANNOT_STAMP, pdfium_c.FPDF_ANNOT_INK}
_SHOWN = {pdfium_c.FPDF_ANNOT_STAMP, pdfium_c.FPDF_ANNOT_FREETEXT}
_PIN = pdfium_c.FPDF_ANNOT_FILEATTACHMENT
_NEITHER = (None, None)
_HIDDEN = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW


@dataclass(frozen=True, slots=True)
class Note:
    """Text that lies on a page without being of it; `drawn` for a stamp or ink.

    `look` is the place among the page's annotations of one without text whose look may have some;
    `pins` that of one which pins a file to the page. `placed`: it stands among its page's lines.
    """

    kind: BlockKind
    text: str
    hidden: bool = False
    drawn: bool = False
    box: Box | None = None
    look: int | None = None
    placed: bool = False
    pins: int | None = None


def read_notes(page: pdfium.PdfPage, frame: Frame, links: Container[int] = ()) -> tuple[Note, ...]:
    """Read the notes of a page in their order in the file; drawn ones may have no text.

    `links` are at these places among its annotations, and no notes; a page may have thousands.
    """
    with suppress(pdfium.PdfiumError, ValueError):
        notes = _notes(page, frame, links)
        return tuple(n for n in notes if n.text.strip() or n.drawn or (n.look, n.pins) != _NEITHER)
    return ()


def _notes(page: pdfium.PdfPage, frame: Frame, links: Container[int]) -> Iterator[Note]:
    widgets: Widgets | None = None
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page.raw)):
        if index in links:
            continue
        annotation = pdfium_c.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
            if kind == pdfium_c.FPDF_ANNOT_WIDGET:
                widgets = widgets or Widgets(page.pdf)
                value = widgets.value(annotation)
                text = _string(annotation, b"V") if value is None else value
                note = _note(annotation, kind, frame, text)
                has_look = widgets.is_signature(annotation)
            elif kind not in _IGNORED:
                note = _note(annotation, kind, frame, _string(annotation, b"Contents"))
                has_look = kind in _SHOWN
            else:
                continue
            speaks = has_look and not note.text.strip() and not note.hidden
            shown = speaks and pdfium_c.FPDFAnnot_GetObjectCount(annotation) > 0
            note = replace(note, look=index) if shown else note
            yield replace(note, pins=index) if kind == _PIN else note
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)


def _note(annotation: object, kind: int, frame: Frame, text: str) -> Note:
    return Note(
        kind=BlockKind.PARAGRAPH if kind in _ON_THE_PAGE else BlockKind.COMMENT,
        text=text,
        hidden=bool(pdfium_c.FPDFAnnot_GetFlags(annotation) & _HIDDEN),
        drawn=kind in _DRAWN,
        box=_box(annotation, frame),
    )


def _box(annotation: object, frame: Frame) -> Box | None:
    rect = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
        return None
    return frame.box(rect.left, rect.bottom, rect.right, rect.top)


def _string(annotation: object, key: bytes) -> str:
    """Give a string of an annotation."""
    if pdfium_c.FPDFAnnot_GetValueType(annotation, key) != pdfium_c.FPDF_OBJECT_STRING:
        return ""
    size = pdfium_c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = ctypes.create_string_buffer(size)
    units = ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR))
    pdfium_c.FPDFAnnot_GetStringValue(annotation, key, units, size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
