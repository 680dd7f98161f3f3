"""Characters that no later stage should have to face: controls, broken ones, and unseen ones.

What turns the direction of writing can show a reader other words than a model reads
(CVE-2021-42574), and what has no width can hide words from the reader or letters from a search.
They are taken out and counted; joiners stay where scripts and emoji need them (Unicode 16.0, 23.2,
and UTS #51).
"""

import re
from collections import Counter
from collections.abc import Mapping

_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029|\x0b|\x0c")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u206a-\u206f]")

# Zero-width characters, language tags, and more variation selectors than a character can have.
_UNSEEN = re.compile(
    "[\u200b-\u200d\u2060-\u2065\ufeff\u180e\ufff9-\ufffb\u115f\u1160\u3164\U000e0000-\U000e007f]+"
    "|(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
)
_FLAG = re.compile("(?<=\U0001f3f4)[\U000e0020-\U000e007e]{1,8}\U000e007f")
# Arabic to Tibetan, Burmese, Hangul, Khmer, Mongolian, and the forms of Arabic.
_JOINING = (
    "\u0590-\u10ff\u1100-\u11ff\u1700-\u18af\u1a00-\u1cff\ua840-\uabff"
    "\ufb1d-\ufdff\ufe70-\ufefe\U00011000-\U00011fff"
)
_EMOJI = "\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff"
_BESIDE_JOINER = re.compile(f"[{_JOINING}{_EMOJI}]")
_UNSPACED = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aad]")

# Any character that one of the patterns above begins with; most texts have none.
_UNUSUAL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u115f\u1160\u180e\u200b-\u200d\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
    "\U000e0100-\U000e01ef]"
)

CONTROL, TURN, UNSEEN = "control or broken", "direction-turning", "zero-width"


def clean(text: str) -> tuple[str, Counter[str]]:
    r"""Give `text` as every later stage can take it, and how many characters were replaced.

    Line ends become `\n` (not counted), control characters a space; lone surrogates and
    noncharacters, which XML refuses, become U+FFFD; what turns the direction and what has no width
    goes.
    """
    if is_clean(text):
        return text, Counter()
    text = _LINE_ENDS.sub("\n", text)
    text, controls = _CONTROLS.subn(" ", text)
    text, broken = _BROKEN.subn("\ufffd", text)
    text, turns = _TURNS.subn("", text)
    seen = _UNSEEN.sub(lambda match: _needed(match, text), text)
    changes = Counter({CONTROL: controls + broken, TURN: turns, UNSEEN: len(text) - len(seen)})
    return seen, +changes


def is_clean(text: str) -> bool:
    """Tell whether a text holds no character that `clean` would look at."""
    return _UNUSUAL.search(text) is None


def _needed(match: re.Match[str], text: str) -> str:
    """Give what scripts and emoji need of a run of unseen characters: one, or a flag's tags."""
    flag = _FLAG.match(text, match.start())
    if flag:
        return flag[0]
    around = text[max(match.start() - 1, 0) : match.start()] + text[match.end() : match.end() + 1]
    first = match[0][0]
    if first in "\u200c\u200d" and _BESIDE_JOINER.search(around):
        return first
    if first == "\u200b" and _UNSPACED.search(around):
        return first
    return first if first in "\u115f\u1160" and _BESIDE_JOINER.search(around) else ""


def cleaning_warnings(changes: Mapping[str, int]) -> tuple[str, ...]:
    """Say how many characters of each kind `clean` replaced, if any."""
    return tuple(
        f"{count:,} {kind} character{'s' if count > 1 else ''} "
        f"{'were' if count > 1 else 'was'} {'replaced' if kind == CONTROL else 'taken out'}"
        for kind, count in changes.items()
        if count
    )
