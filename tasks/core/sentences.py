"""The sentences of a Markdown text, and which of them have a citation: the one rule for counting.

A sentence has a citation if one stands in it or right behind its full stop. Headings, tables, code,
block quotes and rules are no prose, and have no sentences. Terms in quotation marks that were not
looked up are no citations.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.core.outputs import DOUBT, Citation

MASK = "\ue000"
"""Stands for every character of a citation, so that "[p. 2]" ends no sentence."""

_CITED = rf"(?:[\s{MASK}]*{MASK})?"
_END = re.compile(rf"[.!?][\"”’)\]*_]*{_CITED}(?=\s|$)|[。！？][」』”’)*_]*{_CITED}")
_SHORT = """
    art arts no nos nr mr mrs ms dr prof st vs cf etc e.g i.e approx inc ltd co corp fig sec ch vol
    abs ziff bzw ca z.b u.a d.h sog vgl usw evtl m sr sra
"""
ABBREVIATIONS = frozenset(_SHORT.split())
_NOT_PROSE = re.compile(r"\s*(#|\||>|\*\[|\*Offline|-{3,}$)")
_FENCE = re.compile(r"\s*(```|~~~)")
_BLOCK = re.compile(r"\n[^\S\n]*\n|\n(?=[^\S\n]*(?:[-*+]|\d+[.)])\s)")
_SAYS_SOMETHING = re.compile(rf"[\w{MASK}]")
_LOOK_AHEAD_CHARS = 80
_LONGEST_WORD_CHARS = 80


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at `[start, end)` of the text, white space off, and the citations that it has."""

    start: int
    end: int
    citations: tuple[Citation, ...] = ()


def sentences(body: str, citations: Sequence[Citation]) -> tuple[Sentence, ...]:
    """Give the sentences of a Markdown text in order; `citations` say where they stand in it."""
    shown = [(c, c.body_start, c.body_end) for c in citations]
    spans = [
        (start, _after_doubt(body, end), c)
        for c, start, end in shown
        if start is not None and end is not None
    ]
    masked = _prose(_masked(body, [(start, end) for start, end, _ in spans]))
    starts = [start for start, _, _ in spans]
    return tuple(
        Sentence(
            start,
            end,
            tuple(c for *_, c in spans[bisect_left(starts, start) : bisect_left(starts, end)]),
        )
        for start, end in _sentences(masked)
    )


def _after_doubt(body: str, end: int) -> int:
    """Take what is said of a doubtful citation for a part of it."""
    doubt = DOUBT.match(body, end)
    return doubt.end() if doubt else end


def _masked(body: str, spans: Sequence[tuple[int, int]]) -> str:
    """Mask spans, which are in order; all else stays where it is."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [body[at:start].replace(MASK, " "), MASK * (end - start)]
        at = end
    return "".join([*pieces, body[at:].replace(MASK, " ")])


def _prose(text: str) -> str:
    """Blank the lines that are no prose."""
    lines, fenced = [], False
    for line in text.split("\n"):
        fence = bool(_FENCE.match(line))
        hidden = fenced or fence or _NOT_PROSE.match(line)
        fenced = fenced != fence
        lines.append(" " * len(line) if hidden else line)
    return "\n".join(lines)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    edges = [0, *(at for found in _BLOCK.finditer(text) for at in found.span()), len(text)]
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        block = text[first:last]
        ends = [found.end() for found in _END.finditer(block) if _ends(block, found)]
        for start, end in pairwise([0, *ends, len(block)]):
            said = block[start:end]
            if _SAYS_SOMETHING.search(said):
                yield (
                    first + start + len(said) - len(said.lstrip()),
                    first + start + len(said.rstrip()),
                )


def _ends(block: str, stop: re.Match[str]) -> bool:
    """Tell the end of a sentence from the full stop of an abbreviation or a number."""
    if not stop[0].startswith("."):
        return True
    following = block[stop.end() : stop.end() + _LOOK_AHEAD_CHARS].lstrip()[:1]
    word = block[max(0, stop.start() - _LONGEST_WORD_CHARS) : stop.start()].split()[-1:]
    short = "".join(word).lstrip("([“„\"'").lower()
    is_short = short in ABBREVIATIONS or (len(short) == 1 and short.isalpha())
    return MASK in stop[0] or not (is_short or following.islower() or following.isdecimal())
