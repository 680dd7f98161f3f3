"""What a passage is by its font: a heading that no outline names, a footnote.

Headings are short and larger or bolder than the document's text, footnotes smaller, marked, and at
the foot of their page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tasks.core.documents import BlockKind
from tasks.extract.pdf.layout.paragraphs import Passage
from tasks.extract.pdf.lines.line import Line

_LARGER = 1.12  # times the height of the text
_SMALLER = 0.95
_NOTE_SIZE = 0.92
_FOOT = 0.5  # of the page
_NOTE_MARK = re.compile(r"(?:\d{1,3}|[*\u2020\u2021\u00a7\u2217\u22c6]{1,3})[ \t]?[^\W\d_]")
_LONGEST_TITLE = 160  # characters
_MOST_LINES = 3
_MOST_LEVELS = 6
_FULL_STOP = re.compile(r"[.,;:]\s*\Z")
_NUMBERED = re.compile(r"(?:[A-Z]|[IVXLC]+|\d+)(?:\.\d+)*[.)]?\s+\S")
_CAPTION = re.compile(r"(fig|figure|table|tab|abb|abbildung|tabelle)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{3,}")

Style = tuple[float, bool]
"""The height of a font in points, and whether it is bold; heights to half a point are one."""


def letters_of(lines: Iterable[Line]) -> Counter[Style]:
    """Count the letters of lines by their style."""
    letters: Counter[Style] = Counter()
    for line in lines:
        if line.box:
            letters[line.height, line.bold] += len(line.text)
    return letters


class Titles:
    """Knows the height of a document's text, and the styles of the lines that may be titles."""

    def __init__(self, letters: Mapping[Style, int]) -> None:
        """Learn from the number of letters in each style."""
        rounded: Counter[Style] = Counter()
        for (height, bold), count in letters.items():
            rounded[_rounded(height), bold] += count
        self._usual = max(rounded, key=rounded.__getitem__, default=(0.0, False))
        larger = sorted((style for style in rounded if self._stands_out(style)), reverse=True)
        self._levels = {style: min(n, _MOST_LEVELS) for n, style in enumerate(larger, start=1)}

    def marked(self, passages: Iterable[Passage], page_height: float = 0) -> Iterator[Passage]:
        """Give a page's passages with titles as headings, with their levels, and footnotes."""
        for passage in passages:
            style = (_rounded(passage.height), passage.bold)
            if style in self._levels and self._is_title(passage):
                yield passage._replace(kind=BlockKind.HEADING, level=self._levels[style])
            elif self._is_footnote(passage, page_height):
                yield passage._replace(kind=BlockKind.NOTE)
            else:
                yield passage

    def _stands_out(self, style: Style) -> bool:
        height, bold = style
        usual, usually_bold = self._usual
        if height >= _LARGER * usual:
            return True
        return bold and not usually_bold and height >= _SMALLER * usual

    def _is_footnote(self, passage: Passage, page_height: float) -> bool:
        if passage.kind is not BlockKind.PARAGRAPH or passage.apart or passage.box is None:
            return False
        low = passage.box.top > _FOOT * page_height
        small = 0 < passage.height <= _NOTE_SIZE * self._usual[0]
        return low and small and _NOTE_MARK.match(passage.text) is not None

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
