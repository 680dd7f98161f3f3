r"""The characters of a page as pdfium gives them, each with its place.

pdfium gives characters in the order of the file, puts "\r\n" between lines and a space where it
sees a gap, and a hyphen of its own (code 2) where a word is broken at a line's end. A glyph without
a known character has code 0. Its ready-made text is quick to ask for and shows the last two as one
noncharacter; these few are asked for one by one.
"""

import ctypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import repeat
from operator import itemgetter
from struct import Struct
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tasks.core.documents import Box
from tasks.extract.pdf.pdfium.addresses import Address, address_of, answers, by_address

BROKEN_WORD = "\x02"
"""Ends a line whose last word goes on in the next one."""

Place = tuple[float, float, float, float]
"""What a `Box` holds, as it is asked for by the thousand: a box takes twice the time to make."""

Edits = dict[int, str]
"""What a character is to be read as, by its index; an empty text for one that is not to be."""

UNKNOWN = "\ufffd"
"""Stands for a glyph whose character nobody knows."""

_NO_CHARACTER, _HYPHEN = 0, 2
_EITHER = re.compile("\ufffe")
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "-bd", "cmbx")
_TEXT_BYTES = 128
_GET_BOX = by_address(pdfium_c.FPDFText_GetLooseCharBox)
_GET_WEIGHT = by_address(pdfium_c.FPDFText_GetFontWeight)
_GET_FONT = by_address(pdfium_c.FPDFText_GetFontInfo)
_GET_FONT_OF = by_address(pdfium_c.FPDFTextObj_GetFont)
_IS_UNMAPPED = by_address(pdfium_c.FPDFText_HasUnicodeMapError)
_GET_TEXT_OF = by_address(pdfium_c.FPDFTextObj_GetText)
_GET_NAME_OF = by_address(pdfium_c.FPDFFont_GetBaseFontName)
_GET_OBJECT = by_address(pdfium_c.FPDFText_GetTextObject)
_GET_UNICODE = by_address(pdfium_c.FPDFText_GetUnicode)
_GET_TEXT = by_address(pdfium_c.FPDFText_GetText)
_IS_GENERATED = by_address(pdfium_c.FPDFText_IsGenerated)
_RECT = Struct("4f")
_ENDS = itemgetter(0, 3, 2, 1)  # left, bottom, right and top of a rectangle as pdfium writes it
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
        if not turn:  # as most pages are
            high = to_top - from_bottom
            top, bottom = high - (top - from_bottom), high - (bottom - from_bottom)
            return _BOX((left - from_left, top, right - from_left, bottom))
        x0, x1, y0, y1 = (
            left - from_left,
            right - from_left,
            bottom - from_bottom,
            top - from_bottom,
        )
        width, height = to_right - from_left, to_top - from_bottom
        if turn == 90:
            return Box(y0, x0, y1, x1)
        if turn == 180:
            return Box(width - x1, y0, width - x0, y1)
        return Box(height - y1, width - x1, height - y0, width - x0)

    def places(self, ends: Iterable[Place]) -> list[Place]:
        """Give the places, as shown, of many rectangles."""
        if self.turn:
            return [self.box(*each) for each in ends]
        x, y, height = self.left, self.bottom, self.top - self.bottom
        return [
            (left - x, height - (top - y), right - x, height - (bottom - y))
            for left, bottom, right, top in ends
        ]


class _Answer:
    """Where pdfium writes the place of a character, or a short text, to; made once."""

    def __init__(self) -> None:
        self.rect = bytearray(_RECT.size)
        self.to_rect = ctypes.byref(ctypes.c_char.from_buffer(self.rect))
        self.text = ctypes.create_string_buffer(_TEXT_BYTES)


@dataclass(frozen=True, slots=True)
class Chars:
    """The characters of an open page; `text` has one for each index that pdfium knows.

    `read` has for each index what a person reads there.
    """

    address: Address
    text: str
    frame: Frame
    read: Sequence[str]
    _answer: _Answer = field(default_factory=_Answer)

    def edited(self, edits: Edits) -> "Chars":
        """Give them with some to be read otherwise."""
        if not edits:
            return self
        read = list(self.read)
        for index, text in edits.items():
            read[index] = text
        return replace(self, read=read)

    def box(self, index: int) -> Box:
        """Give the place of a character: its advance across, its font's height down."""
        _GET_BOX(self.address, index, self._answer.to_rect)
        left, top, right, bottom = _RECT.unpack(self._answer.rect)
        return self.frame.box(left, bottom, right, top)

    def centre(self, index: int) -> float:
        """Give how far from the left edge of the page the centre of a character stands."""
        if self.frame.turn:
            box = self.box(index)
            return (box.left + box.right) / 2
        _GET_BOX(self.address, index, self._answer.to_rect)
        left, _, right, _ = _RECT.unpack(self._answer.rect)
        return (left + right) / 2 - self.frame.left  # type: ignore[no-any-return]  # floats

    def places(self, indices: Sequence[int]) -> list[Place]:
        """Give the places of many characters."""
        of_page = repeat(self.address)
        rects = answers(_GET_BOX, len(indices), of_page, indices, written=("4f",))
        return self.frame.places(map(_ENDS, rects))

    def is_generated(self, index: int) -> bool:
        """Tell whether pdfium put a character in that the page does not draw."""
        return bool(_IS_GENERATED(self.address, index) == 1)

    def are_bold(self, indices: Sequence[int]) -> list[bool]:
        """Tell which characters are drawn in a bold font."""
        objects = map(_GET_OBJECT, repeat(self.address), indices)
        fonts = [_GET_FONT_OF(raw) if raw else None for raw in objects]
        one_of = dict(zip(fonts, indices, strict=True))
        bold = {font: self._is_bold(index) for font, index in one_of.items()}
        return [bold[font] for font in fonts]

    def is_unmapped(self, index: int) -> bool:
        """Tell a character that is but a place in its font, since nothing says what it means."""
        return bool(_IS_UNMAPPED(self.address, index) == 1)

    def fonts_of(self, objects: Sequence[Address]) -> list[Address]:
        """Give the fonts of text objects."""
        return list(map(_GET_FONT_OF, objects))

    def font_names(self, fonts: Iterable[Address]) -> dict[Address, str]:
        """Give the names of fonts, each asked for once."""
        return {font: self._name_of(font) for font in set(fonts)}

    def text_of(self, address: Address) -> str:
        """Give the characters of a text object."""
        buffer = self._answer.text
        size = _GET_TEXT_OF(address, self.address, buffer, _TEXT_BYTES)
        if size > _TEXT_BYTES:
            buffer = ctypes.create_string_buffer(size)
            _GET_TEXT_OF(address, self.address, buffer, size)
        return buffer.raw[:size].decode("utf-16-le", "surrogatepass").rstrip("\0")

    def _name_of(self, font: Address) -> str:
        name = self._answer.text
        name.value = b""
        _GET_NAME_OF(font, name, _TEXT_BYTES)
        return name.value.decode("utf-8", "replace")

    def font(self, index: int) -> str:
        """Give the name of a character's font, "" where it has none."""
        name = self._answer.text
        name.value = b""
        _GET_FONT(self.address, index, name, _TEXT_BYTES, None)
        return name.value.decode("utf-8", "replace")

    def _is_bold(self, index: int) -> bool:
        return _GET_WEIGHT(self.address, index) >= _BOLD_WEIGHT or _is_bold_name(self.font(index))

    def object_of(self, index: int) -> int:
        """Give the address of the text object that draws a character; 0 for a generated one."""
        return _GET_OBJECT(self.address, index) or 0


@lru_cache(maxsize=1024)
def _is_bold_name(font: str) -> bool:
    return any(part in font.lower() for part in _BOLD_NAMES)


def read_chars(textpage: pdfium.PdfTextPage, frame: Frame) -> Chars:
    """Read the characters of a page; the text page must outlive what is asked of them."""
    raw, count = address_of(textpage.raw), textpage.count_chars()
    text = _quick_text(raw, count)
    if text is None:
        text = "".join(_character(raw, index) for index in range(count))
    else:
        text = _EITHER.sub(lambda found: _character(raw, found.start()), text)
    return Chars(raw, text, frame, read=text)


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
