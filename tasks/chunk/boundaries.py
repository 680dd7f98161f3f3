"""Where a text may be cut, best places first: section, block, table row, sentence, word, anywhere.

A cut lies before a visible character, so white space stays with what precedes it.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum

from tasks.core.documents import Block, BlockKind

NEAR_CHARS = 32
"""How far a cut may move so as not to fall into one visible character of several code points."""


class Rank(IntEnum):
    """How good a place is to cut at; headings rank from SECTION, the outermost highest."""

    CHARACTER = 0
    WORD = 1
    LINE = 2
    SENTENCE = 3
    ROW = 4
    LIST_ITEM = 5
    BLOCK = 6
    SECTION = 16


DEEPEST_HEADING = 9

_SENTENCE_END = re.compile(
    r"[.!?…][\"'”’»)\]]*\s+(?=\S)|[。！？][」』”’）]*\s*(?=\S)"  # noqa: RUF001 - CJK full stops
)
_ROW_START = re.compile(r"\n\s*(?=\S)")
_PIPED_ROW_START = re.compile(r"\n\s*(?=\|)")
_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
_SPACES = re.compile(r"\s+(?=\S)")
_SPACE_RUN = re.compile(r"\s")
_FIRST_WORD = re.compile(r"[^\W\d_]{2,}(?![\w.)])")
_LAST_WORD = re.compile(r"[\w.]+\Z")
# fmt: off
_ABBREVIATIONS = frozenset((
    "art", "arts", "cf", "co", "corp", "dr", "e.g", "ed", "eds", "etc", "fig", "figs", "i.e", "inc",
    "jr", "ltd", "mr", "mrs", "ms", "no", "nos", "p", "para", "pp", "prof", "resp", "sec", "st",
    "vol", "vs",
))
# fmt: on


def block_rank(block: Block | None) -> int:
    """Rank the place before a block; None is text that no block covers.

    One that goes on with a paragraph after a column or page most likely begins inside a sentence,
    so that any sentence near is the better place; a table goes on with its next row.
    """
    if block is None:
        return Rank.BLOCK
    if block.continues:
        return Rank.ROW if block.kind is BlockKind.TABLE else Rank.LINE
    if block.kind is BlockKind.HEADING:
        level = min(block.level or DEEPEST_HEADING, DEEPEST_HEADING)
        return Rank.SECTION - level
    return Rank.LIST_ITEM if block.kind is BlockKind.LIST_ITEM else Rank.BLOCK


def runs_on(text: str, start: int, end: int) -> bool:
    """Tell whether a block seems to go on with the one before, as after a page break in a PDF."""
    return text[start].islower() and _FIRST_WORD.match(text, start, end) is not None


def sentence_starts(text: str, start: int, end: int) -> Iterator[int]:
    """Find where sentences start within `(start, end)`; abbreviations do not end one."""
    for found in _SENTENCE_END.finditer(text, start, end):
        at = found.end()
        if not text[at].islower() and not _abbreviated(text, start, found.start()):
            yield at


def line_starts(text: str, start: int, end: int) -> Iterator[int]:
    """Find where lines start within `(start, end)`."""
    return (found.end() for found in _ROW_START.finditer(text, start, end))


def row_starts(text: str, start: int, end: int) -> Iterator[int]:
    """Find where the rows of a table start; a cell of several lines stays in its row."""
    pattern = _PIPED_ROW_START if text.startswith("|", start) else _ROW_START
    return (found.end() for found in pattern.finditer(text, start, end))


def header_end(text: str, start: int, end: int) -> int:
    """Give the end of a table's header: its first row, and the rule below it if there is one."""
    rows = [*row_starts(text, start, end)][:2]
    if len(rows) == 2 and _RULE.fullmatch(text, rows[0], rows[1]):
        return rows[1]
    return rows[0] if rows else end


def slices(text: str, start: int, end: int, *, chars: int) -> Iterator[tuple[int, Rank]]:
    """Cut an unbroken stretch into slices of about `chars`, at words where there are any."""
    at = start
    while end - at > chars:
        cut, rank = _word_cut(text, at, end, chars), Rank.WORD
        if cut is None:
            cut, rank = whole_character(text, at + chars, low=at + 1, high=end), Rank.CHARACTER
            spaces = _SPACES.match(text, cut, end)
            cut = spaces.end() if spaces else cut
        if cut >= end:
            return
        yield cut, rank
        at = cut


def whole_character(text: str, at: int, *, low: int, high: int) -> int:
    """Move a cut back, else on, to where no visible character is split; else leave it."""
    nearest = (
        *range(at, max(low, at - NEAR_CHARS) - 1, -1),
        *range(at + 1, min(high, at + NEAR_CHARS)),
    )
    return next((place for place in nearest if not _splits(text, place)), at)


def _word_cut(text: str, start: int, end: int, chars: int) -> int | None:
    """Find the last word start in the second half of a slice, else the first one up to its double.

    A run of white space may reach beyond; it costs next to nothing.
    """
    found = None
    for spaces in _SPACES.finditer(text, start + chars // 2, min(start + chars, end)):
        found = spaces
    if found is None:
        found = _SPACE_RUN.search(text, start + chars - 1, min(start + 2 * chars, end))
        found = found and _SPACES.match(text, found.start(), end)
    return found.end() if found and start < found.end() <= end else None


def _abbreviated(text: str, start: int, stop: int) -> bool:
    """Tell whether the full stop at `stop` ends an abbreviation, an initial or a list number."""
    if text[stop] != "." or not text[stop + 1].isspace():
        return False
    word = _LAST_WORD.search(text[max(start, stop - 12) : stop])
    if word is None:
        return False
    last = word[0].lower()
    if last.isdigit():
        first = stop - len(last)
        return first <= start or text[first - 1] == "\n"
    return last in _ABBREVIATIONS or (last.isalpha() and len(last) == 1)


def _splits(text: str, at: int) -> bool:
    """Tell whether a cut would part code points that are one visible character."""
    before, after = text[at - 1], text[at]
    if before == "\u200d" or after == "\u200d":
        return True
    if unicodedata.category(after) in {"Mn", "Mc", "Me"} or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if before == "\r" and after == "\n":
        return True
    return "\U000e0020" <= after <= "\U000e007f" or _splits_flag(text, at)


def _splits_flag(text: str, at: int) -> bool:
    """Tell whether a cut would part the two letters of a flag."""
    if not _is_flag_letter(text[at]):
        return False
    run = 0
    while run < at and run < NEAR_CHARS and _is_flag_letter(text[at - run - 1]):
        run += 1
    return run % 2 == 1


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
