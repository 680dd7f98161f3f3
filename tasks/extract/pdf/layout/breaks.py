"""Words that the turn of a page or column breaks: the tail goes to the line that has the head."""

import re

from tasks.extract.pdf.layout.hyphens import Hyphens
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD

_TAIL = re.compile(r"\s*([^\W\d_]+\S*)\s*")


def mended(last: Line, first: Line, hyphens: Hyphens) -> tuple[Line, Line] | None:
    """Give the last line before a turn with its broken word whole, and the first one without it.

    None where no word is broken, or where it does not go on.
    """
    tail = _tail(last, first)
    if tail is None:
        return None
    whole = hyphens.mend(last.text.removesuffix(BROKEN_WORD), tail[1])
    return last._replace(text=whole), _without_start(first, len(tail[0]))


def _tail(last: Line, first: Line) -> re.Match[str] | None:
    """Give what of the first line goes on with a broken word."""
    alike = not (last.height and first.height) or abs(last.height - first.height) < 1
    if not last.text.endswith(BROKEN_WORD) or not alike or not first.text.strip()[:1].islower():
        return None
    return _TAIL.match(first.text)


def _without_start(line: Line, cut: int) -> Line:
    marks = tuple(mark.moved(-cut) for mark in line.marks if mark.start >= cut)
    return line._replace(text=line.text[cut:], marks=marks)
