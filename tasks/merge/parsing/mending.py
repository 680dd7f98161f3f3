r"""JSON with small faults of syntax, read without a guess.

json-repair reads almost anything, but guesses: it closes what broke off and drops what it cannot
place. So its reading counts only if it has the very letters and digits of the text, in order:
nothing is lost then, and nothing is made up.

    {'page': 3, "quote": "He said "no" to it",}   ->   {"page": 3, "quote": "He said \"no\" to it"}
"""

import json
import re
from collections.abc import Iterator

import json_repair
from pydantic import JsonValue

_STRING = r'("(?:[^"\\]|\\.)*")'
_COMMENT = re.compile(_STRING + r"|(?<![:\w])//[^\n]*|/\*.*?\*/", re.DOTALL)
_WIDE = re.compile(_STRING + r"|[：，]", re.DOTALL)  # noqa: RUF001 # the very signs that are mended
_NARROW = {"：": ":", "，": ","}  # noqa: RUF001 # the very signs that are mended
_STRAIGHT = str.maketrans("“”„‟", '""""')
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_LITERAL = re.compile(r"\bnone\b")
_EMPTY = re.compile(r"\"\"|''|“”")
_SHOWN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class UnreadableError(ValueError):
    """The text cannot be read without a guess."""


def read_json(text: str) -> tuple[JsonValue, bool]:
    """Give the value of a closed stretch of JSON, and whether it had to be mended."""
    try:
        value: JsonValue = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError:
        return _mended(text), True
    except RecursionError:
        raise UnreadableError("it is nested too deep") from None
    return value, False


def string_in(text: str) -> str | None:
    """Give the text of a JSON string that stands alone, into which a whole answer was written."""
    if not text.lstrip().startswith('"'):
        return None
    try:
        value: object = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    fields = dict(pairs)
    if any(fields[name] != value for name, value in pairs):
        raise UnreadableError("a field is given twice")
    return fields


def _no_number(name: str) -> JsonValue:
    raise UnreadableError(f"{name} is not a number")


def _mended(text: str) -> JsonValue:
    for candidate in _candidates(text):
        try:
            value: JsonValue = json_repair.loads(candidate)  # type: ignore[assignment]  # of a bracket that is what it gives
            written = json.dumps(value, ensure_ascii=False)
        except (ValueError, RecursionError, TypeError, IndexError):
            continue
        if _same(candidate, written):
            return value
    raise UnreadableError("it is not JSON, and cannot be mended without a guess")


def _candidates(text: str) -> Iterator[str]:
    """Give the text with its signs narrowed and straightened, first with its comments."""
    straight = text if '"' in text else text.translate(_STRAIGHT)
    bare = _WIDE.sub(lambda found: found[1] or _NARROW[found[0]], straight)
    yield bare
    yield _COMMENT.sub(lambda found: found[1] or "", bare)


def _same(text: str, written: str) -> bool:
    """Tell whether what was read has all that the text has, and nothing more."""
    return (
        _letters(text) == _letters(written)
        and len(_EMPTY.findall(written)) <= len(_EMPTY.findall(text))
        and all(text.count(bracket) == written.count(bracket) for bracket in "{[")
    )


def _letters(text: str) -> str:
    """Give the letters and digits of a JSON text, escapes resolved, the literals in one form."""
    plain = _LITERAL.sub("null", _ESCAPE.sub(_resolved, text).casefold())
    return "".join(character for character in plain if character.isalnum())


def _resolved(escape: re.Match[str]) -> str:
    name = escape[1]
    return chr(int(name[1:], 16)) if len(name) == 5 else _SHOWN.get(name, name)
