"""Where in a reply JSON stands: between fences, prose and thoughts, whole or broken off."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_THOUGHTS_END = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
SCANNED_CHARS_AT_MOST = 4_000_000

_OPENING = re.compile(r"[{\[]")
_BRACKET = re.compile(r"[{}\[\]]")
_CLOSING = {"{": "}", "[": "]"}


class Stretch(NamedTuple):
    """A stretch of text from an opening bracket to the one that closes it, or to the text's end."""

    text: str
    end: int
    closed: bool


def without_thoughts(text: str) -> str:
    """Give what comes after the last thought that has leaked, or all if no JSON follows it."""
    ends = [found.end() for found in _THOUGHTS_END.finditer(text)]
    after = text[ends[-1] :] if ends else text
    return after if "{" in after or "[" in after else text


def stretches(text: str) -> list[Stretch]:
    """Give the outermost stretches between brackets, in order."""
    found: list[Stretch] = []
    at = 0
    while opening := _OPENING.search(text, at):
        closed = closed_from(text, opening.start())
        found.append(
            closed[0] if closed else Stretch(text[opening.start() :], len(text), closed=False)
        )
        at = found[-1].end
    return found


def closed_from(text: str, start: int) -> list[Stretch]:
    """Give the stretches from an opening bracket to its closing one.

    The first is the one where brackets inside strings do not count; since a bare quote inside a
    string may hide the closing bracket, there may be a second, where all brackets count.
    """
    ends = dict.fromkeys(_closing(text, start, signs) for signs in (_SIGN, _BRACKET))
    return [Stretch(text[start:end], end, closed=True) for end in ends if end is not None]


def objects(text: str) -> Iterator[Stretch]:
    """Yield every closed object in a text, an outer one before those inside it.

    A text of brackets that are never closed is given up after a bounded amount of work.
    """
    left = SCANNED_CHARS_AT_MOST
    for opening in re.finditer(r"\{", text):
        found = closed_from(text, opening.start())
        left -= max((len(stretch.text) for stretch in found), default=len(text) - opening.start())
        if left < 0:
            return
        yield from found


def _closing(text: str, start: int, signs: re.Pattern[str]) -> int | None:
    """Give where the bracket at `start` is closed, each kind by its own."""
    open_ones: list[str] = []
    for sign in signs.finditer(text, start):
        bracket = sign[0]
        if bracket in _CLOSING:
            open_ones.append(_CLOSING[bracket])
        elif bracket in "}]":
            if open_ones.pop() != bracket:
                return None
            if not open_ones:
                return sign.end()
    return None
