"""From the lines of a PDF page to paragraphs, headings, list items and tables."""

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from tasks.core.documents import BlockKind, Box, Doubt, Link
from tasks.extract.pdf.layout.breaks import mended
from tasks.extract.pdf.layout.hyphens import Hyphens
from tasks.extract.pdf.lines.boxes import around
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD

Outline = Mapping[str, int]
"""The outline entries of one page: what `title_key` makes of a title, and its level."""

_BULLET = re.compile(r"[•‣◦▪■□●○◆❖❑❒➢➔✓∙·\u2013\u2014*\uf0b7-]\s+\S")
_SENTENCE_END = re.compile(r"[.!?:;。\uff01\uff1f][)\]”\u2019\"']*\s*\Z")
_LETTER = re.compile(r"[^\W\d_]")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_USUAL_LEADING = 1.2  # times the height of the font, where a page has too few lines to tell
_LONGEST_TITLE = 4  # lines
_MEASURED_LINES = 30
_SHORT_LINE = 0.8  # of the widest line


class Passage(NamedTuple):
    """Lines that belong together, as one text; `height` is that of their font."""

    kind: BlockKind
    text: str
    level: int | None = None
    apart: str | None = None
    box: Box | None = None
    marks: tuple[Link | Doubt, ...] = ()
    height: float = 0.0
    bold: bool = False
    lines: int = 1
    continues: bool = False


@lru_cache(maxsize=1024)
def title_key(title: str) -> str:
    """Give the letters of a title: numbering, case and spaces differ between outline and page."""
    return _NOT_LETTERS.sub("", title).casefold()


def lay_out(
    lines: Sequence[Line], outline: Outline, hyphens: Hyphens, leading: float | None = None
) -> Iterator[Passage]:
    """Group lines of one page, in the order given; what is set apart is grouped by itself."""
    leading = leading or usual_leading(lines)
    last, apart_before = Passage(BlockKind.PARAGRAPH, ""), False
    whole = _mended_over_columns(lines, hyphens)
    for apart, run in groupby(whole, key=lambda line: line.apart):
        for passage in _passages(tuple(run), outline, hyphens, leading):
            if apart is not None:
                yield passage._replace(kind=BlockKind.PARAGRAPH, level=None, apart=apart)
            else:
                goes = apart_before and goes_on(last, passage)
                yield passage._replace(continues=True) if goes else passage
                last, apart_before = passage, False
        apart_before = apart is not None


def _mended_over_columns(lines: Sequence[Line], hyphens: Hyphens) -> Sequence[Line]:
    """Make the words whole that a column's end breaks, in the column that they begin in."""
    whole = list(lines)
    for index, (above, below) in enumerate(pairwise(lines)):
        if above.text.endswith(BROKEN_WORD) and _is_next_column(above, below):
            whole[index : index + 2] = mended(whole[index], below, hyphens) or (above, below)
    return whole


def _is_next_column(above: Line, below: Line) -> bool:
    """Tell whether a line goes on at the top of another column."""
    return bool(above.box and below.box and below.box.bottom < above.box.top)


def goes_on(before: Passage, after: Passage) -> bool:
    """Tell whether a paragraph that was broken off, by a page's end perhaps, goes on in another."""
    if before.kind is not BlockKind.PARAGRAPH or after.kind is not BlockKind.PARAGRAPH:
        return False
    return after.text[:1].islower() and not _SENTENCE_END.search(before.text)


def _passages(
    lines: Sequence[Line], outline: Outline, hyphens: Hyphens, leading: float
) -> Iterator[Passage]:
    group: list[Line] = []
    at = 0
    while at < len(lines):
        title = _title_length(lines[at : at + _LONGEST_TITLE], outline) if outline else 0
        if group and (title or _parts(group, lines, at, leading)):
            yield _passage(group, hyphens)
            group = []
        if title:
            level = outline[title_key("".join(line.text for line in lines[at : at + title]))]
            heading = _passage(lines[at : at + title], hyphens)
            yield heading._replace(kind=BlockKind.HEADING, level=level)
        else:
            group.append(lines[at])
        at += title or 1
    if group:
        yield _passage(group, hyphens)


def _passage(group: Sequence[Line], hyphens: Hyphens) -> Passage:
    text, marks = _joined(group, hyphens)
    item = _BULLET.match(text) is not None
    return Passage(
        kind=BlockKind.LIST_ITEM if item else BlockKind.PARAGRAPH,
        text=text,
        level=1 if item else None,
        box=around(line.box for line in group),
        marks=marks,
        height=sorted(line.height for line in group)[len(group) // 2],
        bold=all(line.bold for line in group),
        lines=len(group),
    )


def _title_length(lines: Sequence[Line], outline: Outline) -> int:
    """Give how many lines, from the first on, spell a title of the outline; 0 for none."""
    first = _LETTER.search(lines[0].text)
    if first is None or not _begins(first[0].casefold(), outline):
        return 0
    spelt = ""
    for count, line in enumerate(lines, start=1):
        spelt += title_key(line.text)
        if spelt in outline:
            return count
        if not _begins(spelt, outline):
            return 0
    return 0


def _begins(letters: str, outline: Outline) -> bool:
    return any(title.startswith(letters) for title in outline)


def usual_leading(lines: Sequence[Line]) -> float:
    """Give the usual step from line to line, as a multiple of the font's height."""
    steps = [
        (below.box.bottom - above.box.bottom) / height
        for above, below in pairwise(lines)
        if above.box and below.box and (height := below.height) > 0
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
    if above.box is None or below.box is None or above.upright != below.upright:
        return above.box is not below.box  # lines from a reader that tells no places go on
    if _same_line(above.box, below.box):
        return False
    if _is_next_column(above, below):
        return not _BULLET.match(group[0].text) or not below.text[:1].islower()
    return (
        _is_gap(above.box, below.box, leading)
        or _differs_in_size(above, below)
        or _is_indented(below.box, lines, at)
        or _ended_early(group, below)
        or (above.bold != below.bold and _ends_bold(group, lines, at))
    )


def _ends_bold(group: Sequence[Line], lines: Sequence[Line], at: int) -> bool:
    """Tell a bold title that text follows, or text that one follows, from a word in bold."""
    if all(line.bold for line in group):
        return len(group) < _LONGEST_TITLE and not _SENTENCE_END.search(group[-1].text)
    ahead = lines[at : at + 2]
    return all(line.bold for line in ahead) and bool(_SENTENCE_END.search(group[-1].text))


def _same_line(above: Box, below: Box) -> bool:
    overlap = min(above.bottom, below.bottom) - max(above.top, below.top)
    if overlap < 0:
        return False  # as most are
    return overlap > 0.4 * min(above.bottom - above.top, below.bottom - below.top)


def _is_gap(above: Box, below: Box, leading: float) -> bool:
    height = max(above.bottom - above.top, below.bottom - below.top, 1.0)
    return below.bottom - above.bottom > (leading + 0.35) * height


def _differs_in_size(above: Line, below: Line) -> bool:
    small, large = above.height, below.height
    if small > large:
        small, large = large, small
    return large > 1.15 * max(small, 1.0)


def _is_indented(below: Box, lines: Sequence[Line], at: int) -> bool:
    """Tell a paragraph's first line: further in than the line above it and the line below it."""
    if not 0 < at < len(lines) - 1:
        return False
    above, after = lines[at - 1].box, lines[at + 1].box
    if above is None or after is None:
        return False
    step = 0.8 * (below.bottom - below.top)
    return all(step < below.left - box.left < 6 * step for box in (above, after))


def _ended_early(group: Sequence[Line], below: Line) -> bool:
    """Tell whether the last line ends a sentence well before the margin."""
    last = group[-1]
    if last.box is None or below.text[:1].islower() or not _SENTENCE_END.search(last.text):
        return False
    boxes = [line.box for line in (*group[-_MEASURED_LINES:], below) if line.box]
    left, right = min(b.left for b in boxes), max(b.right for b in boxes)
    return last.box.right - left < _SHORT_LINE * (right - left)


def _joined(group: Sequence[Line], hyphens: Hyphens) -> tuple[str, tuple[Link | Doubt, ...]]:
    """Make one text of the lines, broken words mended where the next line goes on with them."""
    text: list[str] = []
    length = 0
    last = group[0].text
    marks = list(group[0].marks)
    for above, below in pairwise(group):
        if not last.endswith(BROKEN_WORD):
            done = last + _between(above, below)
            last = below.text
        elif _follows(above, below):
            mended = hyphens.mend(last.removesuffix(BROKEN_WORD), below.text)
            cut = len(mended) - len(below.text)
            done, last = mended[:cut], mended[cut:]
        else:
            done = f"{last.removesuffix(BROKEN_WORD)}-\n"
            last = below.text
        text.append(done)
        length += len(done)
        marks += [mark.moved(length) for mark in below.marks]
    if last.endswith(BROKEN_WORD):
        last = f"{last.removesuffix(BROKEN_WORD)}-"
    return "".join((*text, last)), tuple(marks)


def _follows(above: Line, below: Line) -> bool:
    """Tell whether a word broken at the end of a line may go on in the other one."""
    if not below.text[:1].isalnum():
        return False
    if above.box is None or below.box is None:
        return True
    step = below.box.bottom - above.box.bottom
    return step < 4 * above.height and not _differs_in_size(above, below)


def _between(above: Line, below: Line) -> str:
    """Give what stands between two lines: nothing where one is the other's superscript."""
    upright = above.upright or below.upright
    if above.box is None or below.box is None or upright or not _same_line(above.box, below.box):
        return "\n"
    gap = below.box.left - above.box.right
    return "" if abs(gap) < 0.1 * above.height else " "
