"""From the lines of a PDF to paragraphs, headings and list items."""

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.core.documents import BlockKind
from tasks.extract.pdf.hyphens import Hyphens
from tasks.extract.pdf.lines import BROKEN_WORD, Line, Place

Outline = Mapping[str, int]
"""The outline entries of one page: what `title_key` makes of a title, and its level."""

_BULLET = re.compile(r"[•‣◦▪■●∙·\u2013\u2014*-]\s+\S")
_SENTENCE_END = re.compile(r"[.!?:;。\uff01\uff1f][)\]”\u2019\"']*\s*\Z")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_USUAL_LEADING = 1.2  # times the height of the font, where a page has too few lines to tell
_LONGEST_TITLE = 4  # lines
_MEASURED_LINES = 30
_SHORT_LINE = 0.8  # of the widest line


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together, as one text."""

    kind: BlockKind
    text: str
    level: int | None = None


def title_key(title: str) -> str:
    """Give the letters of a title: numbering, case and spaces differ between outline and page."""
    return _NOT_LETTERS.sub("", title).casefold()


def lay_out(lines: Sequence[Line], outline: Outline, hyphens: Hyphens) -> Iterator[Piece]:
    """Group the lines of one page, in the order given."""
    leading = _leading(lines)
    group: list[Line] = []
    at = 0
    while at < len(lines):
        title = _title_length(lines[at : at + _LONGEST_TITLE], outline)
        if group and (title or _parts(group, lines, at, leading)):
            yield _piece(group, hyphens)
            group = []
        if title:
            level = outline[title_key("".join(line.text for line in lines[at : at + title]))]
            text = _joined(lines[at : at + title], hyphens)
            yield Piece(BlockKind.HEADING, text, level)
        else:
            group.append(lines[at])
        at += title or 1
    if group:
        yield _piece(group, hyphens)


def _piece(group: Sequence[Line], hyphens: Hyphens) -> Piece:
    text = _joined(group, hyphens)
    if _BULLET.match(text):
        return Piece(BlockKind.LIST_ITEM, text, 1)
    return Piece(BlockKind.PARAGRAPH, text)


def _title_length(lines: Sequence[Line], outline: Outline) -> int:
    """Give how many lines, from the first on, spell a title of the outline; 0 for none."""
    spelt = ""
    for count, line in enumerate(lines if outline else (), start=1):
        spelt += title_key(line.text)
        if spelt in outline:
            return count
    return 0


def _leading(lines: Sequence[Line]) -> float:
    """Give the usual step from line to line, as a multiple of the font's height."""
    steps = [
        (below.place.bottom - above.place.bottom) / below.place.height
        for above, below in pairwise(lines)
        if above.place and below.place and below.place.height > 0
    ]
    usual = [step for step in steps if 0.8 < step < 3]
    return statistics.median(usual) if len(usual) >= 5 else _USUAL_LEADING


def _parts(group: Sequence[Line], lines: Sequence[Line], at: int, leading: float) -> bool:
    """Tell whether a new block begins with the line at `at`."""
    above, below = group[-1], lines[at]
    if _BULLET.match(below.text):
        return True
    if above.text.endswith(BROKEN_WORD) and _follows(above, below):
        return False
    if above.place is None or below.place is None:
        return above.place is not below.place
    if _same_line(above.place, below.place):
        return False
    if below.place.bottom < above.place.top:  # up again: the next column
        return bool(_SENTENCE_END.search(above.text)) or not below.text[:1].islower()
    return (
        _is_gap(above.place, below.place, leading)
        or _differs_in_size(above.place, below.place)
        or _is_indented(below.place, lines[at - 1 : at + 2])
        or _ended_early(group, below)
    )


def _same_line(above: Place, below: Place) -> bool:
    overlap = min(above.bottom, below.bottom) - max(above.top, below.top)
    return overlap > 0.4 * min(above.height, below.height)


def _is_gap(above: Place, below: Place, leading: float) -> bool:
    height = max(above.height, below.height, 1.0)
    return below.bottom - above.bottom > (leading + 0.35) * height


def _differs_in_size(above: Place, below: Place) -> bool:
    small, large = sorted((above.height, below.height))
    return large > 1.15 * max(small, 1.0)


def _is_indented(below: Place, around: Sequence[Line]) -> bool:
    """Tell a paragraph's first line: further in than the line above it and the line below it."""
    places = [line.place for line in around if line.place]
    if len(places) < 3:
        return False
    step = 0.8 * below.height
    return all(step < below.left - place.left < 6 * step for place in (places[0], places[2]))


def _ended_early(group: Sequence[Line], below: Line) -> bool:
    """Tell whether the last line ends a sentence well before the margin."""
    places = [line.place for line in (*group[-_MEASURED_LINES:], below) if line.place]
    left, right = min(p.left for p in places), max(p.right for p in places)
    last = group[-1]
    short = last.place is not None and last.place.right - left < _SHORT_LINE * (right - left)
    return short and bool(_SENTENCE_END.search(last.text)) and not below.text[:1].islower()


def _joined(group: Sequence[Line], hyphens: Hyphens) -> str:
    """Make one text of the lines, broken words mended where the next line goes on with them."""
    text: list[str] = []
    last = group[0].text
    for above, below in pairwise(group):
        if not last.endswith(BROKEN_WORD):
            text += last, _between(above, below)
            last = below.text
        elif _follows(above, below):
            last = hyphens.mend(last.removesuffix(BROKEN_WORD), below.text)
        else:
            text += last.removesuffix(BROKEN_WORD), "-\n"
            last = below.text
    if last.endswith(BROKEN_WORD):
        last = f"{last.removesuffix(BROKEN_WORD)}-"
    return "".join((*text, last))


def _follows(above: Line, below: Line) -> bool:
    """Tell whether a word broken at the end of a line may go on in the other one."""
    if not below.text[:1].isalnum():
        return False
    if above.place is None or below.place is None:
        return True
    step = below.place.bottom - above.place.bottom
    return step < 4 * above.place.height and not _differs_in_size(above.place, below.place)


def _between(above: Line, below: Line) -> str:
    """Give what stands between two lines: nothing where one is the other's superscript."""
    if above.place is None or below.place is None or not _same_line(above.place, below.place):
        return "\n"
    gap = below.place.left - above.place.right
    return "" if abs(gap) < 0.1 * above.place.height else " "
