"""Words whose letters a page draws far apart, as titles are: pdfium puts a space at each gap."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from tasks.core.documents import Box
from tasks.extract.pdf.pdfium.chars import Chars, Edits

_SIGN = re.compile(r" \w \w \w ")  # quick to look for; most pages have none
_LETTERS = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){4,}(?!\S)")
_LEAST, _MOST = 0.08, 0.6  # of the height, from letter to letter
_UNEVEN = 0.5
_NEXT_WORD = 1.6  # times as far as from letter to letter


def find_spaced(chars: Chars) -> Edits:
    """Take out the spaces that pdfium put between the letters of a word, not those of the file."""
    if not _SIGN.search(chars.text):
        return {}
    return {
        space: ""
        for run in _LETTERS.finditer(chars.text)
        if _may_be_words(run[0].replace(" ", ""))
        for space in _within_words(range(run.start() + 1, run.end(), 2), chars)
    }


def _may_be_words(letters: str) -> bool:
    """Tell a title from letters in a list: A B C D E, à À â Â."""
    is_cased = letters.isupper() or letters[1:].islower() or letters.upper() == letters.lower()
    return is_cased and any(one >= other for one, other in pairwise(letters.lower()))


def _within_words(spaces: Sequence[int], chars: Chars) -> Iterator[int]:
    """Give those of a run of spaces at which no wider gap parts two words."""
    if not all(map(chars.is_generated, spaces)):
        return
    boxes = [chars.box(at) for at in (spaces[0] - 1, *(space + 1 for space in spaces))]
    gaps = [other.left - one.right for one, other in pairwise(boxes)]
    usual, height = median(gaps), _height(boxes[0])
    if _LEAST * height < usual < _MOST * height and min(gaps) > _UNEVEN * usual:
        yield from (s for s, gap in zip(spaces, gaps, strict=True) if gap < _NEXT_WORD * usual)


def _height(box: Box) -> float:
    return box.bottom - box.top
