"""What was filled into a page, put among its lines: a value beside its label, a tick before it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from tasks.core.documents import BlockKind, Box
from tasks.extract.pdf.lines.line import Line, readable
from tasks.extract.pdf.pdfium.chars import Chars
from tasks.extract.pdf.pdfium.notes import Note

_SHARE = 0.5  # of the lower of two boxes, for both to be in one row
_HIGHEST_PT = 12.0  # as high as the text in a field, whatever the field's own height
_SLACK_PT = 3.0
_MOST_FIELDS = 1000  # of a page; each is held against all lines


def with_fields(
    lines: Sequence[Line], notes: Sequence[Note], chars: Chars
) -> tuple[tuple[Line, ...], tuple[Note, ...]]:
    """Put what fills one line among the lines; mark the notes for which that is done.

    They stay, for a page whose lines another reader reads anew.
    """
    placed = list(lines)
    marked: list[Note] = []
    for note in notes:
        full = len(placed) - len(lines) >= _MOST_FIELDS
        if note.box and placed and not full and _fills_a_line(note):
            _place(placed, note.text.strip(), _low(note.box), chars)
            marked.append(replace(note, placed=True))
        else:
            marked.append(note)
    return tuple(placed), tuple(marked)


def _fills_a_line(note: Note) -> bool:
    is_text = note.kind is BlockKind.PARAGRAPH and not note.hidden and not note.drawn
    return is_text and bool(note.text.strip()) and not set(note.text.strip()) & set("\r\n")


def _low(box: Box) -> Box:
    """Give the part of a field's box that its text takes."""
    surplus = max(box.bottom - box.top - _HIGHEST_PT, 0.0) / 2
    return Box(box.left, box.top + surplus, box.right, box.bottom - surplus)


def _place(lines: list[Line], text: str, box: Box, chars: Chars) -> None:
    """Insert a field behind its label, before it, or in a row of its own."""
    row = [(at, o) for at, line in enumerate(lines) if (o := line.box) and _level(o, box)]
    before = [(other.right, at) for at, other in row if other.left < box.left + _SLACK_PT]
    if before:
        at = max(before)[1]
        lines[at : at + 1] = _parted(lines[at], box.left, chars)
        at += 1
    elif row:
        at = min(row)[0]
    else:
        above = [i for i, line in enumerate(lines) if line.box and line.box.bottom <= box.bottom]
        at = max(above) + 1 if above else 0
    if row:
        box = Box(box.left, row[0][1].top, box.right, row[0][1].bottom)
    start = lines[at - 1].end if at else 0
    lines.insert(at, Line(text, box, start=start, end=start))


def _parted(line: Line, left: float, chars: Chars) -> list[Line]:
    """Part a line where a field begins in it, as between two labels; one with marks stays whole."""
    if line.box is None or line.box.right <= left or line.marks or line.upright:
        return [line]
    places = range(line.start, line.end)
    cut = line.start + bisect_left(places, left, key=chars.centre)
    first, second = (
        readable(chars, *ends).strip() for ends in ((line.start, cut), (cut, line.end))
    )
    if not first or not second:
        return [line]
    ends = [at for at in places if not chars.text[at].isspace()]
    last, next_one = (chars.box(at) for at in _around(ends, cut))
    return [
        line._replace(text=first, end=cut, box=line.box._replace(right=last.right)),
        line._replace(text=second, start=cut, box=line.box._replace(left=next_one.left)),
    ]


def _around(indices: Sequence[int], cut: int) -> tuple[int, int]:
    at = bisect_left(indices, cut)
    return indices[at - 1], indices[at]


def _level(one: Box, other: Box) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap > _SHARE * min(one.bottom - one.top, other.bottom - other.top)
