"""Headings that no outline names: short lines larger or bolder than the document's text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tasks.core.documents import BlockKind
from tasks.extract.pdf.layout import Passage
from tasks.extract.pdf.lines import Line

_LARGER = 1.12  # times the height of the text
_SMALLER = 0.95
_LONGEST_TITLE = 160  # characters
_MOST_LINES = 3
_MOST_LEVELS = 6
_FULL_STOP = re.compile(r"[.,;:]\s*\Z")
_NUMBERED = re.compile(r"(?:[A-Z]|[IVXLC]+|\d+)(?:\.\d+)*[.)]?\s+\S")
_CAPTION = re.compile(r"(fig|figure|table|tab|abb|abbildung|tabelle)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{3,}")

Style = tuple[float, bool]
"""The height of a font, to half a point, and whether it is bold."""


class Titles:
    """Knows the height of a document's text, and the styles of the lines that may be titles."""

    def __init__(self, bodies: Iterable[Sequence[Line]]) -> None:
        """Learn from the lines of all pages."""
        letters: Counter[Style] = Counter()
        for line in (line for body in bodies for line in body if line.box):
            letters[_rounded(line.height), line.bold] += len(line.text)
        self._usual = max(letters, key=letters.__getitem__, default=(0.0, False))
        larger = sorted((style for style in letters if self._stands_out(style)), reverse=True)
        self._levels = {style: min(n, _MOST_LEVELS) for n, style in enumerate(larger, start=1)}

    def marked(self, passages: Iterable[Passage]) -> Iterator[Passage]:
        """Give passages with those that are titles as headings, with their levels."""
        for passage in passages:
            style = (_rounded(passage.height), passage.bold)
            if style in self._levels and self._is_title(passage):
                yield replace(passage, kind=BlockKind.HEADING, level=self._levels[style])
            else:
                yield passage

    def _stands_out(self, style: Style) -> bool:
        height, bold = style
        usual, usually_bold = self._usual
        if height >= _LARGER * usual:
            return True
        return bold and not usually_bold and height >= _SMALLER * usual

    def _is_title(self, passage: Passage) -> bool:
        if passage.kind is not BlockKind.PARAGRAPH or passage.apart or passage.continues:
            return False
        if passage.lines > _MOST_LINES or len(passage.text) > _LONGEST_TITLE:
            return False
        text = passage.text.strip()
        if _FULL_STOP.search(text) or _CAPTION.match(text) or not _LETTERS.search(text):
            return False
        return text[0].isupper() or bool(_NUMBERED.match(text)) or not text[0].isalpha()


def _rounded(height: float) -> float:
    return round(2 * height) / 2
