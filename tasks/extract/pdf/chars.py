r"""The characters of a page as pdfium gives them, each with its place.

pdfium gives characters in the order of the file, puts "\r\n" between lines and a space where it
sees a gap, and a hyphen of its own (code 2) where a word is broken at a line's end. A glyph without
a known character has code 0. Its ready-made text is quick to ask for and shows the last two as one
noncharacter; these few are asked for one by one.
"""

import ctypes
import re
from dataclasses import dataclass, field
from functools import lru_cache, partial
from struct import Struct
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Box
from tasks.extract.pdf.addresses import Address, address_of, by_address

BROKEN_WORD = "\x02"
"""Ends a line whose last word goes on in the next one."""

UNKNOWN = "\ufffd"
"""Stands for a glyph whose character nobody knows."""

_NO_CHARACTER, _HYPHEN = 0, 2
_EITHER = re.compile("\ufffe")
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "-bd", "cmbx")
_NAME_BYTES = 128
_GET_BOX = by_address(pdfium_c.FPDFText_GetLooseCharBox)
_GET_WEIGHT = by_address(pdfium_c.FPDFText_GetFontWeight)
_GET_FONT = by_address(pdfium_c.FPDFText_GetFontInfo)
_GET_OBJECT = by_address(pdfium_c.FPDFText_GetTextObject)
_GET_UNICODE = by_address(pdfium_c.FPDFText_GetUnicode)
_GET_TEXT = by_address(pdfium_c.FPDFText_GetText)
_IS_GENERATED = by_address(pdfium_c.FPDFText_IsGenerated)
_FOUR_FLOATS = Struct("4f").unpack
_BOX = partial(tuple.__new__, Box)  # at a third of the cost, for what is made most often
_IS_HYPHEN = by_address(pdfium_c.FPDFText_IsHyphen)


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
        from_left, from_bottom, to_right, to_top, turn = self
        x0, x1, y0, y1 = (
            left - from_left,
            right - from_left,
            bottom - from_bottom,
            top - from_bottom,
        )
        width, height = to_right - from_left, to_top - from_bottom
        if turn == 0:
            return _BOX((x0, height - y1, x1, height - y0))
        if turn == 90:
            return Box(y0, x0, y1, x1)
        if turn == 180:
            return Box(width - x1, y0, width - x0, y1)
        return Box(height - y1, width - x1, height - y0, width - x0)


@dataclass(frozen=True, slots=True)
class Chars:
    """The characters of an open page; `text` has one for each index that pdfium knows."""

    address: Address
    text: str
    frame: Frame
    _rect: pdfium_c.FS_RECTF = field(default_factory=pdfium_c.FS_RECTF)
    _name: ctypes.Array[ctypes.c_char] = field(default_factory=ctypes.c_char * _NAME_BYTES)

    def box(self, index: int) -> Box:
        """Give the place of a character: its advance across, its font's height down."""
        rect = self._rect
        _GET_BOX(self.address, index, ctypes.byref(rect))
        left, top, right, bottom = _FOUR_FLOATS(rect)
        return self.frame.box(left, bottom, right, top)

    def is_generated(self, index: int) -> bool:
        """Tell whether pdfium put a character in that the page does not draw."""
        return bool(_IS_GENERATED(self.address, index) == 1)

    def is_bold(self, index: int) -> bool:
        """Tell whether a character is drawn in a bold font."""
        if _GET_WEIGHT(self.address, index) >= _BOLD_WEIGHT:
            return True
        self._name[0] = b"\0"
        _GET_FONT(self.address, index, self._name, _NAME_BYTES, None)
        return _is_bold_name(self._name.value)

    def object_of(self, index: int) -> int:
        """Give the address of the text object that draws a character; 0 for a generated one."""
        return _GET_OBJECT(self.address, index) or 0


@lru_cache(maxsize=1024)
def _is_bold_name(name: bytes) -> bool:
    font = name.decode("utf-8", "replace").lower()
    return any(part in font for part in _BOLD_NAMES)


def read_chars(textpage: pdfium.PdfTextPage, frame: Frame) -> Chars:
    """Read the characters of a page; the text page must outlive what is asked of them."""
    raw, count = address_of(textpage.raw), textpage.count_chars()
    text = _quick_text(raw, count)
    if text is None:
        text = "".join(_character(raw, index) for index in range(count))
    else:
        text = _EITHER.sub(lambda found: _character(raw, found.start()), text)
    return Chars(raw, text, frame)


def _quick_text(raw: Address, count: int) -> str | None:
    """Ask for all characters at once; None where there is not one for each index."""
    buffer = bytearray(2 * (count + 1))
    written = _GET_TEXT(raw, 0, count, ctypes.byref(ctypes.c_ushort.from_buffer(buffer))) - 1
    if written != count:
        return None
    text = buffer[: 2 * count].decode("utf-16-le", "surrogatepass")
    return text if len(text) == count else "".join(map(chr, memoryview(buffer).cast("H")[:count]))


def _character(raw: Address, index: int) -> str:
    """Ask for one character; pdfium's own hyphen differs from a glyph that has its code."""
    code = _GET_UNICODE(raw, index)
    if code == _HYPHEN and _IS_HYPHEN(raw, index) == 1:
        return BROKEN_WORD
    if code in {_NO_CHARACTER, _HYPHEN}:
        return UNKNOWN
    return chr(code)
