"""Whether two names may be of one entity: by their words, legal forms, initials and spelling.

ACME Ltd. = Acme Limited        equal      the same words and the same form
Acme      < Acme Ltd            less       says less, and nothing else
J. Smith  < John Smith          less       initials
IBM       < International Business Machines
Acme GmbH ≠ Acme AG             the forms differ
Pump 12   ≠ Pump 13             the numbers differ
"""

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

ALIKE = 0.9
"""From this share of equal characters on, two spellings of a name are taken for one."""

ALIKE_CHARS = 8
"""Shorter names are too alike by chance."""

ACRONYM_LETTERS = 2
"""An acronym has more letters than this."""

LONG_WORDS = 3
"""One word is no short form of a name with more words than this."""

# fmt: off
_FORMS = {
    "limited": "ltd", "ltd": "ltd", "incorporated": "inc", "inc": "inc", "corporation": "corp",
    "corp": "corp", "company": "co", "co": "co", "plc": "plc", "llc": "llc", "llp": "llp",
    "lp": "lp", "gmbh": "gmbh", "ag": "ag", "kg": "kg", "ohg": "ohg", "ug": "ug", "se": "se",
    "sa": "sa", "sas": "sas", "sarl": "sarl", "spa": "spa", "srl": "srl", "bv": "bv", "nv": "nv",
    "ab": "ab", "as": "as", "oy": "oy", "pty": "pty", "kk": "kk",
}
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "herr", "frau", "the", "der",
                     "die", "das"))
_JOINTS = frozenset(("and", "und", "et", "of", "for", "the", "de", "für"))
# fmt: on
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa"})
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name by its words in order, without titles and legal forms, and the latter apart."""

    words: tuple[str, ...]
    forms: frozenset[str]

    @property
    def text(self) -> str:
        """Give the words as one text."""
        return " ".join(self.words)

    @property
    def canonical(self) -> str:
        """Give a text that equal names share, however their words are joined."""
        return repr(("".join(self.words), sorted(self.forms)))

    @property
    def numbers(self) -> tuple[str, ...]:
        """Give the words that have digits."""
        return tuple(sorted(word for word in self.words if any(map(str.isdigit, word))))


def read_name(text: str) -> Name:
    """Read a name; "Smith, John" is John Smith."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SPELLED)
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    plain = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), plain.replace("&", " and "))
    last, comma, first = plain.partition(",")
    words = _WORD.findall(plain)
    if comma and len(_WORD.findall(last)) == 1 and 0 < len(_WORD.findall(first)) <= 2:
        swapped = _WORD.findall(f"{first} {last}")
        words = swapped if not any(word in _FORMS for word in _WORD.findall(first)) else words
    core = tuple(w for n, w in enumerate(words) if w not in _TITLES and not (n and w in _FORMS))
    forms = frozenset(_FORMS[word] for word in words[1:] if word in _FORMS)
    return Name(core or tuple(words), forms)


def equal(one: Name, other: Name) -> bool:
    """Tell whether two names say the same."""
    return one.forms == other.forms and _squeezed(one) == _squeezed(other)


def misspelt(one: Name, other: Name) -> bool:
    """Tell whether two names are but two spellings of one."""
    if one.forms != other.forms or one.numbers != other.numbers:
        return False
    texts = (one.text, other.text)
    if min(map(len, texts)) < ALIKE_CHARS or len(one.words) != len(other.words):
        return False
    pairs = zip(one.words, other.words, strict=True)
    if sum(a != b for a, b in pairs) > 1:
        return False
    return Levenshtein.normalized_similarity(*texts) >= ALIKE and _one_slip(one, other)


def says_less(one: Name, other: Name) -> bool:
    """Tell whether the first name is a shorter form of the second."""
    if one.forms and one.forms != other.forms:
        return False
    if _squeezed(one) == _squeezed(other):
        return one.forms < other.forms
    if _is_acronym(one, other):
        return True
    if not set(one.numbers) <= set(other.numbers) or (other.numbers and not one.numbers):
        return False
    return _within(one.words, other.words)


def _one_slip(one: Name, other: Name) -> bool:
    """Tell whether the word that differs differs by a slip, and is no other word of its kind."""
    pairs = zip(one.words, other.words, strict=True)
    slips = [(a, b) for a, b in pairs if a != b]
    return all(
        min(len(a), len(b)) >= ALIKE_CHARS // 2
        and a[0] == b[0]
        and Levenshtein.distance(a, b) <= (1 if min(len(a), len(b)) < ALIKE_CHARS else 2)
        and not _one_letter_for_another(a, b)
        for a, b in slips
    )


def _one_letter_for_another(one: str, other: str) -> bool:
    """Tell whether two short words differ in a letter for another, as Marten and Martin do."""
    return len(one) == len(other) and len(one) < ALIKE_CHARS


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether the words of one stand in the other in order, initials for words.

    A name of several words keeps its last one, which the others qualify; a name of one word is the
    first or the last of a few.
    """
    initials = sum(len(word) == 1 for word in short)
    if len(short) > len(long) or initials == len(short):
        return False
    if len(short) == len(long) and not initials:
        return False
    if len(short) == 1 and (len(long) > LONG_WORDS or short[0] not in (long[0], long[-1])):
        return False
    if not (len(short) == 1 or _stands_for(short[-1], long[-1])):
        return False
    left = iter(long)
    return all(any(_stands_for(word, other) for other in left) for word in short)


def _stands_for(word: str, other: str) -> bool:
    return word == other or (len(word) == 1 and other.startswith(word))


def _is_acronym(one: Name, other: Name) -> bool:
    letters = "".join(one.words)
    if len(one.words) != 1 or len(letters) <= ACRONYM_LETTERS or len(other.words) < len(letters):
        return False
    initials = "".join(word[0] for word in other.words if word not in _JOINTS)
    return letters in (initials, "".join(word[0] for word in other.words))


def _squeezed(name: Name) -> str:
    """Give a name without the spaces in it, where spellings differ: "Block Chain", "Blockchain"."""
    return "".join(name.words)
