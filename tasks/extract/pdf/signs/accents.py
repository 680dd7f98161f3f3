"""Putting accents back on their letters, and taking ligatures apart.

TeX and others draw "é" as an accent and a letter at one place, and pdfium gives the accent wherever
the file draws it, with spaces about it that nobody sees.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from tasks.core.documents import Box
from tasks.extract.pdf.pdfium.chars import Chars, Edits

_COMBINING = {
    "`": "\u0300",
    "\u00b4": "\u0301",
    "^": "\u0302",
    "\u02c6": "\u0302",
    "~": "\u0303",
    "\u02dc": "\u0303",
    "\u00af": "\u0304",
    "\u02d8": "\u0306",
    "\u02d9": "\u0307",
    "\u00a8": "\u0308",
    "\u02da": "\u030a",
    "\u02dd": "\u030b",
    "\u02c7": "\u030c",
    "\u00b8": "\u0327",
    "\u02db": "\u0328",
}
_ACCENTS = re.compile("[" + re.escape("".join(_COMBINING)) + "]")
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
_NEAR = 3
_FAR = 300
_FAR_SEARCHES = 200  # on a page; each may cost a thousand questions
_TOUCHING = 0.15  # of the height


def find_edits(chars: Chars) -> Edits:
    """Find the characters of a page that are to be read otherwise than they are drawn."""
    edits = {m.start(): _apart(m[0]) for m in _LIGATURES.finditer(chars.text)}
    searches = 0
    for match in _ACCENTS.finditer(chars.text):
        index, box = match.start(), chars.box(match.start())
        letter = _under(chars, index, box, _around(index, _NEAR, len(chars.text)))
        if letter is None and searches < _FAR_SEARCHES and match[0] not in "`^~":
            searches += 1
            letter = _under(chars, index, box, _around(index, _FAR, len(chars.text)))
        if letter is not None:
            edits[letter] = _composed(chars.text[letter], match[0])
            edits |= dict.fromkeys(_gap_about(chars, index), "")
    return edits


def _apart(ligature: str) -> str:
    return unicodedata.normalize("NFKC", ligature)


def _around(index: int, reach: int, end: int) -> Iterator[int]:
    for step in range(1, reach + 1):
        if index + step < end:
            yield index + step
        if index - step >= 0:
            yield index - step


def _under(chars: Chars, index: int, accent: Box, near: Iterator[int]) -> int | None:
    """Find the letter that an accent stands on and makes a known letter with."""
    centre = (accent.left + accent.right) / 2
    for at in near:
        letter = chars.text[at]
        if not letter.isalpha() or len(_composed(letter, chars.text[index])) != 1:
            continue
        box = chars.box(at)
        overlap = min(box.bottom, accent.bottom) - max(box.top, accent.top)
        if box.left <= centre <= box.right and 2 * overlap > box.bottom - box.top:
            return at
    return None


@lru_cache(maxsize=4096)
def _composed(letter: str, accent: str) -> str:
    plain = _DOTLESS.get(letter, letter)
    return unicodedata.normalize("NFC", plain + _COMBINING[accent])


def _gap_about(chars: Chars, index: int) -> Iterator[int]:
    """Give the accent and the spaces about it that no gap in the drawn line explains."""
    yield index
    text = chars.text
    before, after = index - 1, index + 1
    spaces = [at for at in (before, after) if 0 <= at < len(text) and text[at] == " "]
    spaces = [at for at in spaces if chars.is_generated(at)]
    before -= before in spaces
    after += after in spaces
    if not (before >= 0 and after < len(text)) or text[after] in "\r\n" or text[before] == "\n":
        yield from spaces
        return
    left, right = chars.box(before), chars.box(after)
    gap = right.left - left.right
    if abs(gap) < _TOUCHING * (right.bottom - right.top):
        yield from spaces
    else:
        yield from spaces[1:]
