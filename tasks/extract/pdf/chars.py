r"""The characters of a page as pdfium gives them, each with its place.

pdfium gives characters in the order of the file, puts "\r\n" between lines and a space where it
sees a gap, and a hyphen of its own (code 2) where a word is broken at a line's end. A glyph without
a known character has code 0. Its ready-made text is quick to ask for and shows the last two as one
noncharacter; these few are asked for one by one.
"""

import ctypes
import re
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Box

BROKEN_WORD = "\x02"
"""Ends a line whose last word goes on in the next one."""

UNKNOWN = "\ufffd"
"""Stands for a glyph whose character nobody knows."""

_NO_CHARACTER, _HYPHEN = 0, 2
_EITHER = re.compile("\ufffe")
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "-bd", "cmbx")
_NAME_BYTES = 128


class Frame(NamedTuple):
    """How a page lies in its own coordinates: the box that is shown, and its turn in degrees."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> "Frame":
        """Ask a page for its frame."""
        left, bottom, right, top = page.get_bbox()  # the crop box, inherited ones too
        return cls(left, bottom, right, top, page.get_rotation())

    @property
    def width(self) -> float:
        """Give the width in points, as shown."""
        return self.right - self.left if self.turn in {0, 180} else self.top - self.bottom

    @property
    def height(self) -> float:
        """Give the height in points, as shown."""
        return self.top - self.bottom if self.turn in {0, 180} else self.right - self.left

    def shows(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Tell whether a rectangle in the page's own coordinates is on the page, if in part."""
        across = left < self.right and right > self.left
        return across and bottom < self.top and top > self.bottom

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Give the place, as shown, of a rectangle in the page's own coordinates."""
        x0, x1 = left - self.left, right - self.left
        y0, y1 = bottom - self.bottom, top - self.bottom
        width, height = self.right - self.left, self.top - self.bottom
        if self.turn == 0:
            return Box(x0, height - y1, x1, height - y0)
        if self.turn == 90:
            return Box(y0, x0, y1, x1)
        if self.turn == 180:
            return Box(width - x1, y0, width - x0, y1)
        return Box(height - y1, width - x1, height - y0, width - x0)


@dataclass(frozen=True, slots=True)
class Chars:
    """The characters of an open page; `text` has one for each index that pdfium knows."""

    raw: object
    text: str
    frame: Frame

    def box(self, index: int) -> Box:
        """Give the place of a character: its advance across, its font's height down."""
        box = pdfium_c.FS_RECTF()
        pdfium_c.FPDFText_GetLooseCharBox(self.raw, index, ctypes.byref(box))
        return self.frame.box(box.left, box.bottom, box.right, box.top)

    def is_generated(self, index: int) -> bool:
        """Tell whether pdfium put a character in that the page does not draw."""
        return bool(pdfium_c.FPDFText_IsGenerated(self.raw, index) == 1)

    def is_bold(self, index: int) -> bool:
        """Tell whether a character is drawn in a bold font."""
        if pdfium_c.FPDFText_GetFontWeight(self.raw, index) >= _BOLD_WEIGHT:
            return True
        name = ctypes.create_string_buffer(_NAME_BYTES)
        pdfium_c.FPDFText_GetFontInfo(self.raw, index, name, _NAME_BYTES, None)
        font = name.value.decode("utf-8", "replace").lower()
        return any(part in font for part in _BOLD_NAMES)

    def object_of(self, index: int) -> int:
        """Give the address of the text object that draws a character; 0 for a generated one."""
        drawn = pdfium_c.FPDFText_GetTextObject(self.raw, index)
        return ctypes.cast(drawn, ctypes.c_void_p).value or 0


def read_chars(textpage: pdfium.PdfTextPage, frame: Frame) -> Chars:
    """Read the characters of a page; the text page must outlive what is asked of them."""
    raw, count = textpage.raw, textpage.count_chars()
    text = _quick_text(raw, count)
    if text is None:
        text = "".join(_character(raw, index) for index in range(count))
    else:
        text = _EITHER.sub(lambda found: _character(raw, found.start()), text)
    return Chars(raw, text, frame)


def _quick_text(raw: object, count: int) -> str | None:
    """Ask for all characters at once; None where there is not one for each index."""
    buffer = ctypes.create_string_buffer(2 * (count + 1))
    units = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    written = pdfium_c.FPDFText_GetText(raw, 0, count, units) - 1
    if written != count:
        return None
    return "".join(map(chr, memoryview(buffer).cast("B").cast("H")[:count]))


def _character(raw: object, index: int) -> str:
    """Ask for one character; pdfium's own hyphen differs from a glyph that has its code."""
    code = pdfium_c.FPDFText_GetUnicode(raw, index)
    if code == _HYPHEN and pdfium_c.FPDFText_IsHyphen(raw, index) == 1:
        return BROKEN_WORD
    if code in {_NO_CHARACTER, _HYPHEN}:
        return UNKNOWN
    return chr(code)
