"""In which language a text is, told by its letters and its commonest words.

It sets the spelling check and the typefaces of a file, nothing more: where the signs are weak the
text counts as English.
"""

import re
from collections import Counter
from dataclasses import dataclass

from tasks.write.direction import reads_right_to_left

_SAMPLE = 20_000
_FEWEST_SIGNS = 5

_WORDS = {
    "en-US": "the of and to in is that for with by shall not be are this from or as on",
    "de-DE": "der die das und ist nicht mit von den für im zu auf ein eine des dem sich wird oder",
    "fr-FR": "le la les des et est une dans pour que du par sur pas aux au ce qui sont avec",
    "es-ES": "el los las y es una para que del por con no se en su al como más lo sus",
    "it-IT": "il che di è per una non con del della gli dei nel alla sono da anche delle più si",
    "pt-PT": "o os as e é uma para que do da não com em dos das por no na ao se",
    "nl-NL": "de het een en van is niet met voor op dat zijn aan te door bij ook als er wordt",
}
_COMMONEST = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_SCRIPTS = (
    ("ja-JP", re.compile("[\u3040-\u30ff]")),
    ("ko-KR", re.compile("[\uac00-\ud7af]")),
    ("zh-TW", re.compile("[這個們國說時會對學發經後來為與過還進問題動種]")),
    ("zh-CN", re.compile("[\u3400-\u9fff]")),
)
_RIGHT_TO_LEFT = (
    ("he-IL", re.compile("[\u0590-\u05ff]")),
    ("fa-IR", re.compile("[\u067e\u0686\u0698\u06af]")),
    ("ar-SA", re.compile("[\u0600-\u06ff]")),
)
_CYRILLIC, _GREEK = re.compile("[\u0400-\u04ff]"), re.compile("[\u0370-\u03ff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The languages of a text as tags: its own, and those of its letters of other scripts."""

    main: str = "en-US"
    east_asian: str | None = None
    right_to_left: str | None = None

    @property
    def of_latin_letters(self) -> str:
        """Give the language that the Latin, Greek or Cyrillic letters of the text are in."""
        other = self.main in {self.east_asian, self.right_to_left}
        return "en-US" if other else self.main

    @property
    def runs_from_right(self) -> bool:
        """Say whether the text as a whole runs from the right."""
        return self.main == self.right_to_left


def language_of(text: str) -> Language:
    """Tell the languages of a text from its beginning."""
    sample = text[:_SAMPLE]
    if sample.isascii():
        return Language(main=_by_words(sample))
    east_asian = next((tag for tag, sign in _SCRIPTS if sign.search(sample)), None)
    from_right = next((tag for tag, sign in _RIGHT_TO_LEFT if sign.search(sample)), None)
    if from_right and reads_right_to_left(_first_letters(sample)):
        return Language(main=from_right, east_asian=east_asian, right_to_left=from_right)
    main = _by_script(sample, east_asian) or _by_words(sample)
    return Language(main=main, east_asian=east_asian, right_to_left=from_right)


def _by_script(sample: str, east_asian: str | None) -> str | None:
    """Give the language of a script that is at home in the text and not only quoted in it."""
    latin = len(re.findall("[A-Za-z]", sample))
    if east_asian and 2 * len(re.findall("[\u3040-\u9fff\uac00-\ud7af]", sample)) > latin:
        return east_asian
    for tag, sign in (("ru-RU", _CYRILLIC), ("el-GR", _GREEK)):
        if len(sign.findall(sample)) > latin:
            return tag
    return None


def _by_words(sample: str) -> str:
    """Give the language whose commonest words are met most often."""
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    met = {tag: sum(words[word] for word in common) for tag, common in _COMMONEST.items()}
    best = max(met, key=lambda tag: met[tag])
    return best if met[best] >= _FEWEST_SIGNS else "en-US"


def _first_letters(sample: str) -> str:
    """Give the text without quotations, that may be of another script than the text itself."""
    return re.sub('[\u201c\u201e\u00ab"][^\u201d\u201c\u00bb"]*[\u201d\u201c\u00bb"]', "", sample)
