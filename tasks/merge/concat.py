"""Joining answers in the order of their chunks: translations, rewrites.

A seam is healed as far as code can tell: what was one paragraph stays one, and what a chunk repeats
of the one before, its last mark or the header of a table that was cut, is said once.
"""

import re
from collections.abc import Iterable, Mapping

from prompts.questions import is_nothing
from tasks.core.answers import Answer, Chunk
from tasks.core.documents import Document
from tasks.core.tables import cells, is_rule
from tasks.merge.lookup.source import is_unspaced
from tasks.merge.references import with_name

APART = "\n\n"

SEAM_CHARS = 40
"""How far back from a seam the white space before it is looked at."""

_MARK = re.compile(r"\[(?:p\.|¶) \d+\]")
_FIRST_MARK = re.compile(r"\s*(\[(?:p\.|¶) \d+\])[ \t]*\n?")


def in_order(answers: Iterable[Answer]) -> list[Answer]:
    """Give the answers in the order of their chunks, document by document."""
    return sorted(answers, key=lambda answer: (answer.chunk.document, answer.chunk.start))


def said(answer: Answer) -> str | None:
    """Give all that was answered to a chunk, in the first answer and after; None if it failed."""
    if answer.usable is None:
        return None
    further = (result.text for result in answer.gleaned if not is_nothing(result.text))
    if is_nothing(answer.usable.text):
        return APART.join(further) or answer.usable.text
    return APART.join((answer.usable.text, *further))


def concat(answers: Iterable[Answer], documents: Mapping[str, Document]) -> str:
    """Join the answers as their chunks were joined; a failed chunk leaves a mark that names it."""
    body, before = "", None
    for answer in in_order(answers):
        text = said(answer)
        if before is None or before.chunk.document != answer.chunk.document:
            title = f"# {answer.chunk.document}{APART}" if answer.chunk.document else ""
            body += APART * bool(body) + title + (gap_mark(answer) if text is None else text)
        elif text is None or before.usable is None or before.chunk.end != answer.chunk.start:
            body += APART + (gap_mark(answer) if text is None else text)
        elif text := _unrepeated(body, text):
            body += _seam(body, text, documents[answer.chunk.document], answer.chunk.start) + text
        before = answer
    return body


def _seam(before: str, text: str, document: Document, at: int) -> str:
    """Give what stands between two answers whose chunks meet at a place in the source.

    A blank line, a break or a space, as it is there. Where nothing is, a word was cut, or a script
    that has no spaces: then it depends on the script of the answers.
    """
    if text.startswith("|") and before.rpartition("\n")[2].startswith("|"):
        return "\n"
    passed = document.text[max(at - SEAM_CHARS, 0) : at]
    space = passed[len(passed.rstrip()) :]
    if space.count("\n") > 1 or len(space) == len(passed) or text.startswith("#"):
        return APART
    if not space:
        return " " * (_unspaced(passed[-1:]) and not _unspaced(before[-1:] + text[:1]))
    return "\n" if "\n" in space or _FIRST_MARK.match(text) else " "


def _unspaced(text: str) -> bool:
    """Tell whether a text has a character of a script that puts no spaces between words."""
    return any(map(is_unspaced, text))


def side_by_side(answers: Iterable[Answer]) -> str:
    """Put answers that could not be merged under a heading each, claiming nothing of the whole."""
    return APART.join(
        f"## {part_name(answer.chunk)}\n\n"
        + (gap_mark(answer) if text is None else with_name(text, answer.chunk.document))
        for answer in in_order(answers)
        for text in (said(answer),)
    )


def gap_mark(answer: Answer) -> str:
    """Give the line that stands where an answer is missing."""
    return f"*[{part_name(answer.chunk)} is missing: {answer.failure}]*"


def part_name(chunk: Chunk) -> str:
    """Name a chunk for people, as in "Part 2 of 5 (pages 12-30)"."""
    name = f"Part {chunk.part}" + (f" of {chunk.document}" if chunk.document else "")
    return f"{name} ({pages_name(chunk.pages)})" if chunk.pages else name


def pages_name(pages: tuple[int, ...]) -> str:
    """Name a run of pages, as in "page 3" or "pages 3-7"."""
    if len(pages) == 1:
        return f"page {pages[0]}"
    return f"pages {pages[0]}-{pages[-1]}"


def _unrepeated(before: str, text: str) -> str:
    """Take from the start of a text what the text before it has said."""
    marks = _MARK.findall(before)
    first = _FIRST_MARK.match(text)
    if marks and first and first[1] == marks[-1]:
        text = text[first.end() :]
    header = _last_table_header(before)
    lines = text.lstrip("\n").split("\n")
    if header and [_cells(line) for line in lines[: len(header)]] == header:
        return "\n".join(lines[len(header) :])
    return text


def _last_table_header(text: str) -> list[list[str]]:
    """Give the header and the rule of the table that a text ends with, if it does."""
    rows: list[str] = []
    for line in reversed(text.rstrip().split("\n")):
        if not line.lstrip().startswith("|"):
            break
        rows.append(line)
    if len(rows) < 2 or not is_rule(rows[-2]):
        return []
    return [_cells(rows[-1]), _cells(rows[-2])]


def _cells(line: str) -> list[str]:
    return ["---"] if is_rule(line) else cells(line)
