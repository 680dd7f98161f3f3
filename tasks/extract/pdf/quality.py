"""Judging how well a page was read: junk, silence, and which of two readings is better."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import LONGEST_STRING, PYPDF, PageText
from tasks.extract.pdf.pdfium.chars import BROKEN_WORD

NEEDS_OCR = "needs OCR"

_JUNK = re.compile(
    r"\(cid:\d+\)|[\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
_DOUBTFUL_SHARE = 0.01
_GARBLED_SHARE = 0.1
_ENOUGH = 0.7  # of the first reader's letters, or the second lost text


def is_doubtful(page: PageText) -> bool:
    """Tell whether a second reader should look at a page."""
    if page.problem is not None or page.undecoded or page.cut:
        return True
    return junk_share(page.lines) > _DOUBTFUL_SHARE


def needs_ocr(page: PageText) -> bool:
    """Tell whether what is written on a page can only be had from its picture."""
    return (with_problem(page).problem or "").startswith(NEEDS_OCR)


def better(first: PageText, second: tuple[Line, ...]) -> PageText:
    """Give the page as the reader saw it who has less junk and has not lost letters for it."""
    letters, others = _letters(first.lines), _letters(second)
    if not others or others < _ENOUGH * letters:
        return first
    if first.cut and others > letters:
        return first.reread(second, PYPDF)
    if letters and junk_share(second) >= junk_share(first.lines):
        return first
    return first.reread(second, PYPDF)


def with_problem(page: PageText) -> PageText:
    """Name what is wrong with a page whose characters are mostly unknown or all missing."""
    share = junk_share(page.lines)
    if page.problem is None and page.cut:
        return replace(page, problem=f"holds a string of more than {LONGEST_STRING:,} bytes, cut")
    if page.problem is None and page.undecoded:
        return replace(page, problem=f"{NEEDS_OCR}: its letters have no known characters")
    if page.problem is None and share > _GARBLED_SHARE:
        return replace(page, problem=f"{NEEDS_OCR}: {share:.0%} of its characters are unknown")
    return page


def junk_share(lines: Sequence[Line]) -> float:
    """Give the share of the visible characters that mean nothing."""
    texts = [line.text.removesuffix(BROKEN_WORD) for line in lines]
    if _is_plain("".join(texts)):
        return 0.0
    text = "\n".join(texts)
    junk = sum(len(match[0]) for match in _JUNK.finditer(text))
    visible = sum(map(len, text.split()))
    return junk / max(visible, junk, 1)


def _is_plain(text: str) -> bool:
    """Tell, in little time, a text without junk; most are."""
    return text.isprintable() and "\ufffd" not in text and "(cid:" not in text


def _letters(lines: tuple[Line, ...]) -> int:
    """Count the characters that mean something."""
    text = "".join(line.text for line in lines)
    return sum(map(len, _JUNK.sub("", text).split()))
