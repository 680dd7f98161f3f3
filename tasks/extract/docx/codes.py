r"""What a field without a result shows: its code is all there is of it.

Word draws `SYMBOL` and `EQ` from their codes, and shows the prompt of a `MACROBUTTON`. In `EQ` a
switch such as `\f` says what becomes of its arguments, `(1,2)` (ISO 29500-1, 17.16.5.17).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.extract.symbols import in_font

_SYMBOL = re.compile(r"SYMBOL\s+(0x[0-9a-f]{1,6}|[0-9]{1,7})", re.IGNORECASE)
_FONT = re.compile(r'\\f\s*(?:"([^"]*)"|(\S+))', re.IGNORECASE)
_UNICODE = re.compile(r"\\u\b", re.IGNORECASE)
_BUTTON = re.compile(r"(?:MACROBUTTON|GOTOBUTTON)\s+\S+\s+(.*)", re.IGNORECASE | re.DOTALL)
_EQUATION = re.compile(r"EQ\s(.*)", re.IGNORECASE | re.DOTALL)
_FORMATS = re.compile(r'\\\*\s*(?:"[^"]*"|\S+)')
_TOKEN = re.compile(r"\\([a-z]+)|\\(.)|([(),;])|([^\\(),;]+)", re.IGNORECASE | re.DOTALL)
_PRIVATE_USE = 0xF000
_LONGEST = 5_000  # characters; a longer equation is shown as it is written
_DEEPEST = 50


def shown_by_code(code: str) -> str:
    """Give what a field of this code shows without a result, "" where that is nothing."""
    code = code.strip()
    if found := _SYMBOL.match(code):
        return _symbol(int(found[1], 0 if found[1][:2].lower() == "0x" else 10), code)
    if found := _BUTTON.match(code):
        return found[1].strip()
    if found := _EQUATION.match(code):
        return _equation(found[1]) if len(code) <= _LONGEST else found[1]
    return ""


def _symbol(number: int, code: str) -> str:
    font = _FONT.search(code)
    name = (font[1] or font[2]) if font else ""
    if not 0 < number <= 0x10FFFF:
        return ""
    if number > 0xFF or _UNICODE.search(code):
        return chr(number)
    drawn = in_font(_PRIVATE_USE + number, name)
    return bytes([number]).decode("cp1252", "replace") if ord(drawn) >= _PRIVATE_USE else drawn


@dataclass(slots=True)
class _Open:
    """An open bracket: the switch before it, "" for one that is text, and its arguments so far."""

    switch: str = ""
    arguments: list[str] = field(default_factory=lambda: [""])

    def say(self, text: str) -> None:
        self.arguments[-1] += text


def _equation(code: str) -> str:
    """Write an equation as a line; one that is broken off ends there."""
    stack = [_Open()]
    switches: list[str] = []
    for switch, escaped, sign, text in _TOKEN.findall(_FORMATS.sub("", code)):
        if switch:
            switches.append(switch.lower())
        elif sign == "(" and len(stack) < _DEEPEST:
            stack.append(_Open(switches[0] if switches else ""))
            switches = []
        elif sign == ")" and len(stack) > 1:
            closed = stack.pop()
            stack[-1].say(_drawn(closed.switch, closed.arguments))
        elif sign and sign != ")" and stack[-1].switch:
            stack[-1].arguments.append("")
        elif not switches:  # what stands between a switch and its bracket is a measure
            stack[-1].say(escaped or sign or text)
    while len(stack) > 1:
        closed = stack.pop()
        stack[-1].say(_drawn(closed.switch, closed.arguments))
    return " ".join(stack[0].arguments[0].split())


def _drawn(switch: str, arguments: Sequence[str]) -> str:
    parts = [argument.strip() for argument in arguments]
    if switch == "f":
        return "/".join(map(_grouped, parts))
    if switch == "r":
        *degree, under = parts
        return f"{''.join(degree)}√{_grouped(under)}"
    if switch == "o":
        return _one_over_the_other(parts)
    listed = ", ".join(filter(None, parts))
    return {"": f"({arguments[0]})", "s": f"^{parts[0]}", "b": f"({listed})"}.get(switch, listed)


def _one_over_the_other(parts: Sequence[str]) -> str:
    """Put what is raised, a reading above its characters, in brackets behind them."""
    raised = [f"({part[1:]})" for part in parts if part.startswith("^")]
    return "".join([*(part for part in parts if not part.startswith("^")), *raised])


def _grouped(text: str) -> str:
    return text if text.isalnum() else f"({text})"
