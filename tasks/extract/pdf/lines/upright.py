"""Lines that run up or down the page, which pdfium gives letter by letter, or in the wrong order.

Letters that are turned and drawn one by one come as a line each. The columns of vertical writing
are read from the right; where several begin at one height, pdfium gives them from the left.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from tasks.core.documents import Box
from tasks.extract.pdf.lines.boxes import around
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.pdfium.chars import Chars

_MOST_LETTERS = 3  # of a line that may be a piece of another one
_FEWEST_PIECES = 4
_PIECES = re.compile(b"\x01{%d,}" % _FEWEST_PIECES)
_TURNED = 1.3  # times as wide as high, for one letter
_WORD_GAP = 0.12  # of the font's height
_FURTHEST = 1.0
_ASIDE = 0.3
_HIGH = 1.6  # times as high as wide: two characters, one below the other
_VERTICAL = re.compile("[\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f]{2,}")


def mended_upright(lines: Sequence[Line], chars: Chars) -> tuple[Line, ...]:
    """Join turned letters to lines, and put columns of vertical writing in their order."""
    mended = list(lines)
    for pieces in reversed(list(_runs_of_pieces(lines))):
        whole = [_measured(line, chars) for line in lines[pieces]]
        mended[pieces] = [line for chain in _chains(whole) for line in _joined(chain)]
    if any(map(_is_vertical, mended)):
        mended = [line for run in _runs_of_columns(mended) for line in run]
    return tuple(mended)


def _runs_of_pieces(lines: Sequence[Line]) -> Iterator[slice]:
    """Give the runs of lines that are short enough to be pieces."""
    are_short = bytes(len(line.text) <= _MOST_LETTERS for line in lines)
    return (slice(*run.span()) for run in _PIECES.finditer(are_short))


def _measured(line: Line, chars: Chars) -> Line:
    """Measure turned letters whole: a line is taken to be as high as one of its letters."""
    seen = [at for at in range(line.start, line.end) if not chars.text[at].isspace()]
    boxes = list(map(chars.box, seen))
    if len(boxes) < 2 or not _is_turned(boxes[0], boxes[-1]):
        return line
    return line._replace(box=around(boxes), upright=True)


def _is_turned(first: Box, last: Box) -> bool:
    """Tell whether the letters of a line stand below each other, and not side by side."""
    across = abs(last.left + last.right - first.left - first.right)
    return abs(last.top + last.bottom - first.top - first.bottom) > across


def _chains(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Give stretches of short lines that touch one another, up or down; others by themselves."""
    chain: list[Line] = []
    for line in lines:
        if chain and not _goes_on(chain, line):
            yield chain
            chain = []
        chain.append(line)
    if chain:
        yield chain


def _goes_on(chain: Sequence[Line], line: Line) -> bool:
    last, before = chain[-1], chain[-2] if len(chain) > 1 else None
    if not (_is_short(line) and _is_short(last) and line.apart == last.apart):
        return False
    one, other = last.box, line.box
    if one is None or other is None:
        return False
    height = one.right - one.left
    step = _gap(one, other)
    if abs(other.left - one.left) > _ASIDE * height or not -_ASIDE <= step / height <= _FURTHEST:
        return False
    turns = before is not None and before.box and _goes_down(before.box, one)
    return before is None or bool(turns) == _goes_down(one, other)


def _is_short(line: Line) -> bool:
    """Tell what may be a piece: a letter, or a few of which one stands below the other."""
    box = line.box
    is_piece = line.upright or len(line.text.strip()) == 1
    return is_piece and len(line.text) <= _MOST_LETTERS and box is not None and box.right > box.left


def _goes_down(one: Box, other: Box) -> bool:
    return other.top + other.bottom > one.top + one.bottom


def _gap(one: Box, other: Box) -> float:
    """Give the way from the end of one piece to the start of the next, which is above or below."""
    return other.top - one.bottom if _goes_down(one, other) else one.top - other.bottom


def _joined(chain: list[Line]) -> list[Line]:
    """Make one line of a chain, if its letters are turned: wider than high, as they are shown."""
    boxes = [line.box for line in chain if line.box]
    letters = sum(len(line.text) for line in chain)
    wide = sum(box.right - box.left for box in boxes) / max(len(boxes), 1)
    high = sum(box.bottom - box.top for box in boxes) / letters if letters else 0.0
    if len(chain) < _FEWEST_PIECES or wide < _TURNED * high:
        return chain
    text = chain[0].text
    marks = list(chain[0].marks)
    for above, below in pairwise(chain):
        gap = _gap(above.box, below.box) if above.box and below.box else 0.0
        text += " " if gap > _WORD_GAP * wide else ""
        marks += [mark.moved(len(text)) for mark in below.marks]
        text += below.text
    end, box = chain[-1].end, around(boxes)
    return [chain[0]._replace(text=text, box=box, end=end, marks=tuple(marks), upright=True)]


def _is_vertical(line: Line) -> bool:
    if line.box is None or not _VERTICAL.search(line.text):
        return False
    left, top, right, bottom = line.box
    return bottom - top > _HIGH * (right - left)


def _runs_of_columns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Give lines as they are, and columns of vertical writing beside each other in order."""
    for vertical, run in groupby(lines, key=_is_vertical):
        columns: list[Line] = []
        for line in run:
            if columns and vertical and not _lie_side_by_side(columns[-1], line):
                yield sorted(columns, key=_from_the_right)
                columns = []
            columns.append(line)
        yield sorted(columns, key=_from_the_right) if vertical else columns


def _lie_side_by_side(one: Line, other: Line) -> bool:
    if one.box is None or other.box is None:
        return False
    return min(one.box.bottom, other.box.bottom) > max(one.box.top, other.box.top)


def _from_the_right(line: Line) -> float:
    return -line.box.right if line.box else 0.0
