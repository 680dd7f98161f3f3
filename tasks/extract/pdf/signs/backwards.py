"""Words of scripts that run from right to left, drawn from left to right, and their brackets.

Some programs write the letters of such a word in the order in which they stand on the page. Where
they stand tells in which order they are read. A bracket has there the shape of the other one of its
pair, and some programs say that it is that one.
"""

import re
from collections.abc import Callable, Iterable

from tasks.extract.pdf.pdfium.chars import Edits

_WORD = re.compile(
    "[\u0590-\u05ff\u0620-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]{2,}"
)
_LINE = re.compile(r"[^\r\n]+")
_OPEN = "([{\u00ab"
_CLOSED = ")]}\u00bb"
_MIRROR = dict(zip(_OPEN + _CLOSED, _CLOSED + _OPEN, strict=True))
_STEP_PT = 0.5  # less is a line that runs up or down


def find_backwards(text: str, centre: Callable[[int], float]) -> Edits:
    """Turn the words round whose letters go from left to right; `centre` tells where one stands."""
    edits: Edits = {}
    words = list(_WORD.finditer(text))
    if words:
        edits.update(_turned_brackets(text))
    for word in words:
        first, last = word.start(), word.end() - 1
        if centre(last) - centre(first) > _STEP_PT * (last - first):
            edits.update(zip(range(first, last + 1), reversed(word[0]), strict=True))
    return edits


def _turned_brackets(text: str) -> Edits:
    """Turn the brackets of each line of such a script where they pair only when they are turned.

    What is in brackets touches them: one that opens before a space is turned, too.
    """
    edits: Edits = {}
    for line in _LINE.finditer(text):
        found = {at: line[0][at] for at in range(len(line[0])) if line[0][at] in _MIRROR}
        turned = {at: _MIRROR[bracket] for at, bracket in found.items()}
        if not found or not _WORD.search(line[0]) or not _pair(turned.values()):
            continue
        if _stand_apart(found, line[0]) and not _stand_apart(turned, line[0]):
            edits.update({line.start() + at: bracket for at, bracket in turned.items()})
    return edits


def _pair(brackets: Iterable[str]) -> bool:
    """Tell whether each bracket that opens is closed by its own, and in order."""
    opened: list[str] = []
    for bracket in brackets:
        if bracket in _OPEN:
            opened.append(bracket)
        elif not opened or _MIRROR[opened.pop()] != bracket:
            return False
    return not opened


def _stand_apart(brackets: Edits, line: str) -> bool:
    """Tell whether one of these has a space, or nothing, on the side of what it encloses."""
    return any(
        not (line[at + 1 : at + 2] if bracket in _OPEN else line[:at][-1:]).strip()
        for at, bracket in brackets.items()
    )
