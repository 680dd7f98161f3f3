"""Sentences in four languages, quotations of them, and what layout or a liar does to each."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent
LANGUAGES = ("english", "german", "chinese", "arabic")
UNSPACED = frozenset({"chinese"})
_CUT = re.compile(r"[\d.][\d.]|[不未无没].")


@dataclass(frozen=True, slots=True)
class Prose:
    """The sentences of one language, and the names and negations in them."""

    language: str
    names: tuple[str, ...]
    negations: tuple[str, ...]
    sentences: tuple[str, ...]


def prose(language: str) -> Prose:
    """Read the sentences of a language."""
    names, negations, *sentences = (
        (_FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    )
    return Prose(language, _listed(names), _listed(negations), tuple(sentences))


def quotations(text: Prose, source: random.Random, count: int) -> list[str]:
    """Draw phrases and sentences, each long enough to be told from all others."""
    return [_phrase(source.choice(text.sentences), source, text.language) for _ in range(count)]


def altered(quote: str, text: Prose, kind: str, source: random.Random) -> str | None:
    """Change one number, name or negation of a quotation; None where it has none of the kind."""
    if kind == "number":
        return _other_digit(quote, source)
    if kind == "name":
        return _other_name(quote, text.names, source)
    return _without_negation(quote, text, source)


def _listed(line: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in line.partition(":")[2].split(";"))


def _phrase(sentence: str, source: random.Random, language: str) -> str:
    """Draw a run of words, or of characters that cuts no number and no negation off."""
    joint = "" if language in UNSPACED else " "
    pieces = list(sentence) if language in UNSPACED else sentence.split(" ")
    least = 12 if language in UNSPACED else 6
    start = source.randrange(0, len(pieces) - least + 1) if source.random() < 0.6 else 0
    end = source.randrange(start + least, len(pieces) + 1)
    if joint or not any(
        _CUT.fullmatch("".join(pieces[max(n - 1, 0) : n + 1])) for n in (start, end)
    ):
        return joint.join(pieces[start:end])
    return sentence


def _other_digit(quote: str, source: random.Random) -> str | None:
    digits = [found.start() for found in re.finditer(r"\d", quote)]
    if not digits:
        return None
    at = source.choice(digits)
    other = source.choice([d for d in "123456789" if d != quote[at]])
    return quote[:at] + other + quote[at + 1 :]


def _other_name(quote: str, names: tuple[str, ...], source: random.Random) -> str | None:
    named = [name for name in names if name in quote]
    if not named:
        return None
    name = source.choice(named)
    return quote.replace(name, source.choice([one for one in names if one != name]), 1)


def _without_negation(quote: str, text: Prose, source: random.Random) -> str | None:
    """Take out a negation that has words on both sides; else the rest is a true quotation."""
    bound = ("", "") if text.language in UNSPACED else (r"(?<=\s)", r"\s")
    places = [
        found.span()
        for word in text.negations
        for found in re.finditer(rf"{bound[0]}{re.escape(word)}{bound[1]}", quote)
        if found.start() > 0 and found.end() < len(quote)
    ]
    if not places:
        return None
    start, end = source.choice(places)
    return quote[:start] + quote[end:]
