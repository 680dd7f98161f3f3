"""The top of a merge: one answer, or sections where it is too long; nothing is said twice."""

import re
from collections.abc import Sequence
from itertools import pairwise

from tasks.merge.concat import APART, pages_name
from tasks.merge.lookup.folding import fold
from tasks.merge.partials import Partial
from tasks.merge.references import grammar

SAID_AGAIN_WORDS = 4
"""Shorter lines, as headings, may well come again."""

_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)")


def in_sections(top: Sequence[Partial]) -> str:
    """Put answers below each other, each under its name if there are several.

    A paragraph or list item that is there in the same words is left out, and where it was read is
    said of the first. One that does not say where it was read stays: below another heading it may
    well say something else.
    """
    spoken = _Spoken([name for section in top for name in section.documents])
    for section in top:
        spoken.add(section.text)
    if len(top) == 1:
        return spoken.texts()[0]
    titled = zip(map(_title, range(1, len(top) + 1), top), spoken.texts(), strict=True)
    return APART.join(f"{title}{APART}{text}" for title, text in titled if text)


class _Spoken:
    """What was said so far, block by block, each with the white space before it."""

    def __init__(self, names: Sequence[str]) -> None:
        self._speech = grammar(names)
        self._sections: list[list[list[str]]] = []
        self._known: dict[str, list[str]] = {}

    def add(self, text: str) -> None:
        """Take in a section."""
        own: list[list[str]] = []
        places = [0, *(found.start() for found in _BLOCK.finditer(text)), len(text)]
        for start, end in pairwise(places):
            block = [text[start:end]]
            known = self._known.setdefault(self._words(block[0]), block)
            if known is not block and self._is_said_again(block[0]):
                self._refer(known, block[0])
            else:
                own.append(block)
        self._sections.append(own)

    def texts(self) -> list[str]:
        """Give the sections as they are said in the end."""
        return ["".join(block[0] for block in own).strip() for own in self._sections]

    def _is_said_again(self, block: str) -> bool:
        is_long = len(block.split()) >= SAID_AGAIN_WORDS
        return is_long and self._speech.reference.search(block) is not None

    def _words(self, block: str) -> str:
        return fold(self._speech.reference.sub("", block)).text

    def _refer(self, known: list[str], block: str) -> None:
        """Add to what was said before those references that it does not have."""
        for reference in self._speech.reference.finditer(block):
            if reference[0] not in known[0]:
                known[0] = f"{known[0]} {reference[0]}"


def _title(number: int, section: Partial) -> str:
    name = f"## Section {number}"
    if len(section.documents) == 1:
        name += f": {section.documents[0]}"
    of_one = section.pages and len(section.documents) < 2
    return f"{name} ({pages_name(section.pages)})" if of_one else name
