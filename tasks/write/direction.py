"""Which way text runs: from the left, or from the right as in Hebrew and Arabic."""

import re
import unicodedata
from collections.abc import Iterator

_FROM_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
_FROM_LEFT = f"[^\\W\\d_{_FROM_RIGHT}]"
_SOME = re.compile(f"[{_FROM_RIGHT}]")
_RUN_FROM_RIGHT = re.compile(
    f"[{_FROM_RIGHT}](?:(?:(?!{_FROM_LEFT}).)*[{_FROM_RIGHT}])?", re.DOTALL
)
_RUN_FROM_LEFT = re.compile(f"{_FROM_LEFT}(?:[^{_FROM_RIGHT}]*(?:{_FROM_LEFT}|\\d))?")


def reads_right_to_left(text: str) -> bool:
    """Say whether the first letter with a direction is of a script such as Hebrew or Arabic."""
    if text.isascii():
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def by_direction(text: str, *, from_right: bool) -> Iterator[tuple[str, bool]]:
    """Cut a text where its direction turns; what has none goes with the paragraph's."""
    if not from_right and not _SOME.search(text):
        yield text, False
        return
    at = 0
    for found in (_RUN_FROM_LEFT if from_right else _RUN_FROM_RIGHT).finditer(text):
        if found.start() > at:
            yield text[at : found.start()], from_right
        yield found[0], not from_right
        at = found.end()
    if at < len(text):
        yield text[at:], from_right
