r"""From a page of pdfium to lines of text with their places.

pdfium gives characters in reading order, puts "\r\n" between lines, a hyphen of its own (code 2)
where a word is broken at a line's end, and code 0 for a glyph that has no known character. Asking
it character by character keeps these apart; its ready-made text shows the last two as one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.extract.pdf.notes import Note

BROKEN_WORD = "\x02"
"""Ends a line whose last word goes on in the next one."""

UNKNOWN = "\ufffd"
"""Stands for a glyph whose character nobody knows."""

_NO_CHARACTER, _HYPHEN, _NEWLINE, _SPACE = 0, 2, ord("\n"), ord(" ")
_LINE_ENDS = {ord("\r"), _NEWLINE}
_SURROGATE = re.compile("[\ud800-\udfff]")
_PICTURES = {pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING}
_MANY_PATHS = 10  # fewer are rules and frames; letters drawn as outlines are many


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line is, in points; `left` grows to the right, `top` and `bottom` downwards."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Give the height of the line's font."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; one from a reader that tells no places has none."""

    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The lines of a page, in reading order, and its height in points.

    `pictured`: it shows something that may hold text without being text, as a scan does;
    `undecoded`: it draws text of which no character is known. `notes` lie over the text.
    """

    lines: tuple[Line, ...] = ()
    height: float = 0.0
    pictured: bool = False
    undecoded: bool = False
    notes: tuple[Note, ...] = ()
    label: str | None = None
    problem: str | None = None

    @property
    def text(self) -> str:
        """Give the page's lines as one text."""
        return "\n".join(line.text for line in self.lines)


def read_lines(page: pdfium.PdfPage) -> tuple[Line, ...]:
    """Read the lines of a page; raises `PdfiumError` where pdfium gives up."""
    textpage = page.get_textpage()
    try:
        raw, frame = textpage.raw, _Frame.of(page)
        codes = [pdfium_c.FPDFText_GetUnicode(raw, i) for i in range(textpage.count_chars())]
        _mark_broken_words(raw, codes)
        return tuple(
            Line(text, frame.place_of(raw, [i for i in indices if codes[i] > _SPACE]))
            for indices in _line_indices(codes)
            if (text := _text(codes[i] for i in indices)).strip()
        )
    finally:
        textpage.close()


def shows_pictures(page: pdfium.PdfPage) -> bool:
    """Tell whether a page holds images, or drawings beyond rules and frames."""
    paths = 0
    for page_object in page.get_objects():
        if page_object.type in _PICTURES:
            return True
        paths += page_object.type == pdfium_c.FPDF_PAGEOBJ_PATH
        if paths >= _MANY_PATHS:
            return True
    return False


def draws_text(page: pdfium.PdfPage) -> bool:
    """Tell whether a page has text objects, readable or not."""
    return any(True for _ in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT]))


def _mark_broken_words(raw: object, codes: list[int]) -> None:
    """Tell pdfium's own hyphens from glyphs that happen to have their code."""
    for index, code in enumerate(codes):
        if code == _HYPHEN and pdfium_c.FPDFText_IsHyphen(raw, index) != 1:
            codes[index] = _NO_CHARACTER


def _line_indices(codes: Sequence[int]) -> Iterator[range]:
    """Cut the characters of a page into lines; a broken word ends one, too."""
    start = 0
    for index, code in enumerate(codes):
        if code in {_NEWLINE, _HYPHEN}:
            yield range(start, index + 1)
            start = index + 1
    yield range(start, len(codes))


def _text(codes: Iterable[int]) -> str:
    """Make text of UTF-16 units; what is no character becomes U+FFFD."""
    units = "".join(chr(code) if code else UNKNOWN for code in codes if code not in _LINE_ENDS)
    if _SURROGATE.search(units):
        units = units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return units


class _Frame(NamedTuple):
    """How a page lies in its own coordinates: the box that is shown, and its turn in degrees."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> "_Frame":
        left, bottom, right, top = page.get_cropbox()
        return cls(left, bottom, right, top, page.get_rotation())

    def place_of(self, raw: object, indices: Sequence[int]) -> Place | None:
        """Measure a line at its first, middle and last character; the middle one by height counts.

        A line may begin with a superscript or end with a subscript, and reads from right to left
        in some scripts.
        """
        if not indices:
            return None
        picks = {indices[0], indices[len(indices) // 2], indices[-1]}
        places = sorted((self._box(raw, pick) for pick in picks), key=lambda p: p.height)
        usual = places[len(places) // 2]
        return Place(
            left=min(p.left for p in places),
            right=max(p.right for p in places),
            top=usual.top,
            bottom=usual.bottom,
        )

    def _box(self, raw: object, index: int) -> Place:
        box = pdfium_c.FS_RECTF()
        pdfium_c.FPDFText_GetLooseCharBox(raw, index, box)
        x = (box.left - self.left, box.right - self.left)
        y = (box.bottom - self.bottom, box.top - self.bottom)
        width, height = self.right - self.left, self.top - self.bottom
        across, down = {
            0: (x, _mirrored(y, height)),
            90: (y, x),
            180: (_mirrored(x, width), y),
            270: (_mirrored(y, height), _mirrored(x, width)),
        }[self.turn]
        return Place(min(across), max(across), min(down), max(down))


def _mirrored(ends: tuple[float, float], length: float) -> tuple[float, float]:
    return length - ends[0], length - ends[1]
