"""Pages of a PDF that are pictures: rendered, and read by OCR."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from statistics import median

import pypdfium2 as pdfium

from tasks.core.documents import Box, Doubt
from tasks.extract.ocr import DPI, Ocr, Picture, SeenWord
from tasks.extract.pdf.lines.boxes import around
from tasks.extract.pdf.lines.line import Line, is_upright
from tasks.extract.pdf.page import OCR, PageText
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD, Frame
from tasks.extract.reader import At

_POINTS_PER_INCH = 72
_MOST_PIXELS = 50_000_000
_DOUBTFUL = 0.6
_LOW, _HIGH = 0.5, 1.7  # a line without tall letters, one with brackets


def read_scans(
    pdf: pdfium.PdfDocument, pages: Sequence[PageText], languages: Sequence[str]
) -> Iterator[PageText | At]:
    """Read pages by OCR; one in which nothing is seen stays out."""
    with closing(Ocr(languages)) as ocr:
        for page in pages:
            yield At(page.number)
            with closing(pdf[page.number - 1]) as raw:
                read = _read(raw, page, ocr)
            if read.lines:
                yield read


def _read(raw: pdfium.PdfPage, page: PageText, ocr: Ocr) -> PageText:
    picture, scale = _picture(raw)
    seen = [line for line in ocr.lines(picture) if line]
    words = [word for line in seen for word in line]
    usual = median(word.box.bottom - word.box.top for word in words) if words else 0.0
    return replace(
        page.reread(tuple(_line(line, usual, scale) for line in seen), OCR),
        pictured=False,
        scanned=False,
        confidence=sum(word.confidence for word in words) / len(words) if words else None,
    )


def _picture(raw: pdfium.PdfPage) -> tuple[Picture, float]:
    """Render a page as a scanner would see it; gives pixels per point, too."""
    frame = Frame.of(raw)
    scale = DPI / _POINTS_PER_INCH
    area = frame.width * frame.height * scale * scale
    if area > _MOST_PIXELS:
        scale *= (_MOST_PIXELS / area) ** 0.5
    bitmap = raw.render(scale=scale, grayscale=True)
    try:
        pixels = bytes(bitmap.buffer)
        return Picture(pixels, bitmap.width, bitmap.height, bitmap.stride), scale
    finally:
        bitmap.close()


def _line(words: Sequence[SeenWord], usual: float, scale: float) -> Line:
    """Make a line; its height is the usual one, unless its letters are clearly of another size."""
    text, marks = "", []
    for word in words:
        text += f" {word.text}" if text else word.text
        if word.confidence < _DOUBTFUL:
            start = len(text) - len(word.text)
            marks.append(Doubt(start=start, end=len(text), confidence=round(word.confidence, 3)))
    if text.endswith("-") and text[-2:-1].isalpha():
        text = text[:-1] + BROKEN_WORD
    box = around(word.box for word in words)
    if box and _LOW * usual < box.bottom - box.top < _HIGH * usual:
        middle = (box.top + box.bottom) / 2
        box = Box(box.left, middle - usual / 2, box.right, middle + usual / 2)
    if box is None:
        return Line(text, marks=tuple(marks))
    place = _in_points(box, scale)
    return Line(text, place, marks=tuple(marks), upright=is_upright(text, place))


def _in_points(box: Box, scale: float) -> Box:
    return Box(box.left / scale, box.top / scale, box.right / scale, box.bottom / scale)
