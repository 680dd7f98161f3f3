r"""A text without what layout does to it, so that the same words compare equal.

Gone are white space, soft and zero-width characters, Markdown's own marks, and hyphens between
letters, with or without a line break after them; a space is left between digits only. Ligatures,
widths, presentation forms, composed and decomposed letters, digits of other scripts, quotes and
dashes are brought to one form each. Diacritics stay, and so do superscripts: m² is not m2.

    "The termi-\nnation fee\u00a0(§ 4)"  ->  "theterminationfee(§4)"
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_QUOTES = "\"'´‘’‚‛“”„‟«»‹›′″「」『』〝〞＂＇"  # noqa: RUF001 # the very characters that are folded
_DASHES = "-‐‑‒–—―−﹣－"  # noqa: RUF001 # the very characters that are folded
_SAME = {**dict.fromkeys(_QUOTES, "'"), **dict.fromkeys(_DASHES, "-"), "ς": "σ"}  # noqa: RUF001

_KEPT_APART = ("<super>", "<sub>", "<circle>", "<fraction>", "<square>", "<vertical>")
"""Forms that mean something: 3½ is not 31/2, and CO₂ is not CO2 by shape alone."""

_DROPPED = (
    r"\s\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"*_|`\\"
)
_PIECE = re.compile(rf"[^{_DROPPED}-]+|-")
_NEXT_LETTER = re.compile(rf"[{_DROPPED}]*[^\W\d_]")

_LAM_ALEF = re.compile("[\u0622\u0623\u0625\u0627\u0644]{2,}")
"""Of Arabic lam and alef, which PDFs hold as one sign, readers get the order wrong."""

MARKS = "".join(c for c in map(chr, range(0x300, 0xFE30)) if unicodedata.category(c)[0] == "M")
"""Marks that combine with the letter before them, the vowels of many scripts among them."""

_CLUSTER = re.compile(rf"[\u1100-\u11ff]+|.[{MARKS}]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, once in lower case and once not, and where each character came from.

    `starts` are the places in it where runs begin, `origins` the offsets of those in the original.
    """

    text: str
    cased: str
    starts: "array[int]"
    origins: "array[int]"

    def origin(self, at: int) -> int:
        """Give the offset in the original text of a character."""
        run = bisect_right(self.starts, at) - 1
        return self.origins[run] + at - self.starts[run]


def fold(text: str) -> Folded:
    """Fold a text; it takes some 0.3 s for a million characters."""
    forms = {character: _form(character) for character in set(text)}
    shaped = text.translate({ord(c): form for c, form in forms.items() if len(form) == 1})
    longer = {c: form for c, form in forms.items() if len(form) > 1}
    plain = not longer and unicodedata.is_normalized("NFC", shaped)
    pieces: list[str] = []
    starts, origins = array("I"), array("I")
    length = 0
    for piece, at in _pieces(shaped):
        for part, place in ((_ordered(piece), at),) if plain else _composed(piece, at, longer):
            pieces.append(part)
            starts.append(length)
            origins.append(place)
            length += len(part)
    cased = "".join(pieces)
    return Folded(_lower(cased), cased, starts, origins)


def _pieces(shaped: str) -> Iterator[tuple[str, int]]:
    """Yield what is kept, with its place, and a space where a gap parts two digits."""
    end, ends_in_digit = 0, False
    for found in _PIECE.finditer(shaped):
        piece, at = found[0], found.start()
        if piece == "-" and _joins(shaped, at):
            continue
        if ends_in_digit and at > end and piece[0].isdecimal():
            yield " ", end
        yield piece, at
        end, ends_in_digit = found.end(), piece[-1].isdecimal()


def _joins(shaped: str, at: int) -> bool:
    """Tell whether a hyphen stands in a word: right behind a letter, and before another."""
    return at > 0 and shaped[at - 1].isalpha() and _NEXT_LETTER.match(shaped, at + 1) is not None


def _composed(piece: str, at: int, longer: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Yield the letters of a piece one by one, those of a ligature from the same place."""
    if piece.isascii():
        yield piece, at
        return
    composed: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(piece):
        whole = "".join(longer.get(character, character) for character in cluster[0])
        characters = unicodedata.normalize("NFC", whole)
        composed += characters
        places += [at + cluster.start()] * len(characters)
    yield from zip(_ordered("".join(composed)), places, strict=True)


def _ordered(piece: str) -> str:
    """Bring lam and alef into one order."""
    return piece if piece.isascii() else _LAM_ALEF.sub(lambda run: "".join(sorted(run[0])), piece)


@cache
def _form(character: str) -> str:
    """Give the one form of a character."""
    if character in _SAME:
        return _SAME[character]
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(decimal)
    tag = unicodedata.decomposition(character).partition(" ")[0]
    if tag.startswith(_KEPT_APART):
        return character
    whole = unicodedata.normalize("NFKC", character)
    # A spacing accent is a space and a mark by decomposition, and would vanish in part.
    return character if whole[:1].isspace() else whole


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):  # one capital, of Turkish, has two characters in lower case
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.replace("ς", "σ")  # noqa: RUF001 # which of the two depends on what follows
