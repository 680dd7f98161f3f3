"""What the layout of PDFs does to text: lines, hyphens, ligatures, widths, forms, running heads."""

import random
import re
import unicodedata
from collections import defaultdict
from itertools import pairwise

from tasks.core.documents import Block, BlockKind, Document, Page
from tests.samples.languages import UNSPACED, Prose

LINE_CHARS = 34
LINES_ON_A_PAGE = 12
LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ"}


def laid_out(text: Prose, source: random.Random) -> Document:
    """Set the sentences on narrow pages, with a running head on each that is set apart."""
    lines = [_worn(line, source) for line in _lines(" ".join(text.sentences), text.language)]
    if text.language in UNSPACED:
        lines = [_worn(line, source) for line in _chopped("".join(text.sentences))]
    pages, blocks, whole = [], [], ""
    for number, first in enumerate(range(0, len(lines), LINES_ON_A_PAGE), 1):
        start = len(whole)
        head = f"Page {number} of the lease\n"
        blocks.append(
            Block(
                kind=BlockKind.HEADER_FOOTER,
                start=start,
                end=start + len(head),
                set_apart="running head",
            )
        )
        whole += head + "\n".join(lines[first : first + LINES_ON_A_PAGE]) + "\n"
        pages.append(Page(number=number, start=start, end=len(whole)))
    return Document(digest=text.language, text=whole, blocks=tuple(blocks), pages=tuple(pages))


def _lines(text: str, language: str) -> list[str]:
    """Break text into lines, inside long words by a hyphen where the script has such."""
    lines, line = [], ""
    for word in text.split(" "):
        room = LINE_CHARS - len(line)
        if len(word) <= room:
            line += word + " "
        elif language != "arabic" and room >= 4 and len(word) >= room + 3 and word.isalpha():
            lines.append(line + word[: room - 1] + "-")
            line = word[room - 1 :] + " "
        else:
            lines.append(line)
            line = word + " "
    return [*lines, line]


def _chopped(text: str) -> list[str]:
    """Break text between any two characters, but not within numbers."""
    lines, line = [], ""
    for piece in re.findall(r"[\d.]+|.", text):
        if len(line) + len(piece) > LINE_CHARS // 2:
            lines.append(line)
            line = ""
        line += piece
    return [*lines, line]


def _worn(line: str, source: random.Random) -> str:
    """Let a line have one of the things that readers of PDFs give."""
    if source.random() < 0.15:
        return _forms(line, source)
    return source.choice(_CHANGES)(line)


def _ligatures(line: str) -> str:
    for letters, one in LIGATURES.items():
        line = line.replace(letters, one)
    return line


def _decomposed(line: str) -> str:
    return unicodedata.normalize("NFD", line)


def _wide(line: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in line)


def _odd_spaces(line: str) -> str:
    """Have no-break and doubled spaces between words, and stray ones between Han characters."""
    han = any("一" <= c <= "鿿" for c in line)
    if not han:
        return line.replace(" ", "\u00a0", 2).replace(" ", "  ", 1)
    return "".join(a + (" " if not a.isdigit() else "") for a in line)


def _soft(line: str) -> str:
    words = line.split(" ")
    return " ".join(f"{w[:3]}\u00ad{w[3:]}" if len(w) > 5 and w.isalpha() else w for w in words)


def _forms(line: str, source: random.Random) -> str:
    """Write Arabic letters in their presentation forms, and digits as Arabic ones."""
    table = _presentation_forms()
    arabic = any(c in table for c in line)
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩") if arabic else {}
    return "".join(source.choice(table[c]) if c in table else c for c in line).translate(digits)


def _stretched(line: str) -> str:
    """Stretch Arabic words, and put marks of direction around what is written."""
    pairs = pairwise(f"{line} ")
    joined = (a + "ـ" if "ب" <= a <= "ي" and "ب" <= b <= "ي" and a in "سش" else a for a, b in pairs)
    stretched = "".join(joined)
    return f"\u202b{stretched}\u202c" if stretched != line else line


def _quoted(line: str) -> str:
    return line.replace("'", "’").replace("-", "‐")


_CHANGES = (_ligatures, _decomposed, _wide, _odd_spaces, _soft, _stretched, _quoted, str)


def _presentation_forms() -> dict[str, list[str]]:
    forms: dict[str, list[str]] = defaultdict(list)
    for code in range(0xFE80, 0xFEFD):
        tag, _, base = unicodedata.decomposition(chr(code)).partition(" ")
        if tag and " " not in base:
            forms[chr(int(base, 16))].append(chr(code))
    return forms
