"""Find the content words of a text, cut to their stems."""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

# With the words that questions are made of.
_ENGLISH = """
    a about above after again against all also am an and any are as at be because been before
    being below between both but by can cannot could did do does doing don't down during each
    either else every few for from further give given had has have having he her here hers him his
    how however i if in into is it its itself just list may me might more most much must my no nor
    not now of off on once one only or other our out over own per please s same shall she should
    show so some such tell than that the their them then there these they this those through thus
    to too two under until up upon us very was we were what when where whether which while who
    whom whose why will with within without would you your
"""
_GERMAN = (
    "der die das den dem des ein eine einer eines einem einen und oder nicht "  # codespell:ignore
    "ist sind wird werden wie wer wo wann welche welcher auf aus bei bis "  # codespell:ignore
    "durch für im mit nach von vor zu zum zur sich "  # codespell:ignore
    "es er sie wir ihr als auch dass "  # codespell:ignore
)
_FRENCH = """
    le la les un une du de et ou est sont dans par pour sur qui que quoi quel quelle quand où ne
    pas ce cette ces il elle se sa son ses au aux
"""
_OTHERS = """
    el los las y o en del con por para es como cuál cuándo qué quién lo gli dei di il che non una è
    het een van wat welke wanneer zijn niet voor met
"""
_STOP_WORDS = frozenset(" ".join((_ENGLISH, _GERMAN, _FRENCH, _OTHERS)).split())
_SUFFIXES = (
    "ations ation ements ement ments ment ings ing ions ion "  # codespell:ignore
    "ally ies ied ers er ed es ly s"
)
_ENDINGS = tuple(_SUFFIXES.split())


def content_words(text: str) -> frozenset[str]:
    """Give the stems of all words of `text` that say something; scripts without spaces in pairs."""
    stems: set[str] = set()
    for word in _WORD.findall(text):
        stems.update(_stems(word))
    return frozenset(stems)


@lru_cache(maxsize=200_000)
def _stems(word: str) -> tuple[str, ...]:
    if _UNSPACED.search(word):
        return tuple(word[at : at + 2] for at in range(max(1, len(word) - 1)))
    lowered = word.lower().removesuffix("'s").removesuffix("’s")
    if lowered in _STOP_WORDS or (len(lowered) < 2 and not lowered.isdigit()):
        return ()
    return (_stem(lowered),)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    # Short words lose their plural only: "fees" is "fee", but "bus" and "lease" stay.
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "su" else word
