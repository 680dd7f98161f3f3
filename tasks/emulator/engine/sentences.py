"""Split text into sentences, without a model: sound for English, fair for other languages."""

import re
from collections.abc import Iterator

_BREAK = re.compile(
    r"(?P<stop>[.!?…]+)[\"'”’)\]»]*\s+(?=\S)"
    r"|[。！？｡]+[」』”’\uff09]*"  # no space need follow these
    r"|[\u0964\u061f\u06d4]+\s*"  # the stops of Devanagari, Arabic and Urdu
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence, since a name or the rest of the phrase follows.
_LEADS = _words("""
    mr mrs ms dr prof st hon messrs gen col capt lt sgt rev e.g i.e cf vs v viz ca approx
    z.b d.h u.a bzw vgl sog mme mlle sr sra
""")
# The end of a sentence unless a number follows.
_BEFORE_NUMBER = _words("""
    no nos nr art arts fig figs sec secs sect sects p pp vol ch chap para paras cl eq eqs ref refs
    tab abs ziff jan feb mar apr jun jul aug sep sept oct nov dec
""")
# The end of a sentence only if the next word is one that begins sentences.
_DOUBTFUL = _words("inc ltd co corp llc plc bros al etc est dept jr")
_STARTERS = _words("""
    the this that these those it its in on at if for a an as he she they we you all any each no
    such where when upon after before by from to and but however there both neither our their
    his her under unless
""")


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a run of text whose white space is collapsed already."""
    start = 0
    for found in _BREAK.finditer(text):
        if _ends_sentence(text, start, found):
            yield text[start : found.end()].strip()
            start = found.end()
    if start < len(text):
        yield text[start:].strip()


def _ends_sentence(text: str, start: int, found: re.Match[str]) -> bool:
    stop = found["stop"]
    if stop is None:
        return True
    if text[found.end()].islower():
        return False
    return stop != "." or _is_full_stop(text, start, found)


def _is_full_stop(text: str, start: int, found: re.Match[str]) -> bool:
    """Tell a full stop from the dot of an abbreviation, an initial or a section number."""
    at = found.start("stop")
    first = text.rfind(" ", start, at) + 1 or start
    word = text[max(first, start) : at].lstrip("([\"'“‘").lower()
    following = text[found.end() : found.end() + 24]
    if word in _LEADS or (first <= start and word.replace(".", "").isdigit()):
        return False
    if word in _BEFORE_NUMBER:
        return not following.lstrip("([")[:1].isdigit()
    if word in _DOUBTFUL or "." in word or (len(word) == 1 and word.isalpha()):
        return following.split(None, 1)[0].rstrip(",").lower() in _STARTERS
    return True
