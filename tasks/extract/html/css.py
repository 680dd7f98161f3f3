"""As much of CSS as tells text that nobody sees: inline styles, and sheets of simple selectors.

A selector counts if it is one of names, classes and ids (`p`, `.x`, `#y`, `p.x`); others are passed
over, so a rule may be missed, and none is made up.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tasks.extract.guard import HIDDEN_TEXT, OFF_PAGE, TOO_SMALL, UNSEEN_COLOUR, faint

WHITE = "FFFFFF"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PRINT = re.compile(r"@media[^{}]*\bprint\b[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([a-zA-Z][\w-]*|\*)?((?:[.#][\w-]+)*)")
_PART = re.compile(r"[.#][\w-]+")
_LENGTH = re.compile(r"(-?[\d.]+) *([a-z%]*)")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})(?:[0-9a-f]{2})?$")
_RGB = re.compile(r"rgba?\((\d+)[, ]+(\d+)[, ]+(\d+)(?:[,/ ]+([\d.]+%?))?\)")
_COLOURS = {
    "white": WHITE, "black": "000000", "red": "FF0000", "green": "008000", "blue": "0000FF",
    "yellow": "FFFF00", "gray": "808080", "grey": "808080", "silver": "C0C0C0", "navy": "000080",
    "snow": "FFFAFA", "ivory": "FFFFF0", "whitesmoke": "F5F5F5", "ghostwhite": "F8F8FF",
    "maroon": "800000", "olive": "808000", "purple": "800080", "teal": "008080", "lime": "00FF00",
    "aqua": "00FFFF", "cyan": "00FFFF", "fuchsia": "FF00FF", "magenta": "FF00FF",
}  # fmt: skip
_FAR_PX = -500
_TINY_PX = 2.0
_PX_OF = {"": 1.0, "px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "%": 0.16}
_PX_OF |= {"in": 96.0, "cm": 37.8, "mm": 3.78, "pc": 16.0, "vw": 10.0, "vh": 10.0}

Element = Any  # lxml's element, which has no types of its own
Declarations = dict[str, str]
_Rule = tuple[int, str, frozenset[str], Declarations]  # place, name, classes and ids, what it says


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks: its colour and what lies behind it, None where nobody can tell."""

    colour: str | None = "000000"
    background: str | None = WHITE
    unseen: str | None = None

    def within(self, element: Element, style: Declarations) -> "Look":
        """Give the look inside an element with these declarations."""
        background = _background(style, self.background)
        colour = style.get("color", "")
        own = replace(
            self, background=background, colour=_colour(colour) if colour else self.colour
        )
        return replace(own, unseen=self.unseen or _unseen(element, style, own))


class Sheet:
    """The rules of a document's style sheets."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._rules: dict[str, list[_Rule]] = {}  # by a name, class or id that they ask for
        found = (rule for text in texts for rule in _rules_in(text))
        for place, (name, parts, body) in enumerate(found):
            asked = next(iter(parts), name or "*")
            self._rules.setdefault(asked, []).append((place, name, parts, body))

    def style_of(self, element: Element) -> Declarations:
        """Give the declarations that hold for an element, its own last."""
        style = _attributes(element)
        if self._rules:
            marks = {f".{name}" for name in (element.get("class") or "").split()}
            marks.add(f"#{element.get('id')}")
            near = (
                rule for mark in (*marks, element.tag, "*") for rule in self._rules.get(mark, ())
            )
            for _, name, parts, body in sorted(near, key=lambda rule: rule[0]):
                if name in {"", "*", element.tag} and parts <= marks:
                    style |= body
        return style | declarations(element.get("style") or "")


def _attributes(element: Element) -> Declarations:
    """Give what attributes of old say of the look, which any style sheet overrules."""
    said = {
        "background-color": element.get("bgcolor"),
        "background-image": element.get("background"),
    }
    if element.tag in {"font", "body"}:
        said["color"] = element.get("color") or element.get("text")
    return {name: value.lower() for name, value in said.items() if value}


def declarations(body: str) -> Declarations:
    """Read `name: value; …`, in lower case, without `!important`."""
    found = (part.partition(":") for part in body.lower().split(";"))
    return {
        name.strip(): value.replace("!important", "").strip()
        for name, colon, value in found
        if colon
    }


def _rules_in(text: str) -> Iterator[tuple[str, frozenset[str], Declarations]]:
    for selectors, body in _RULE.findall(_PRINT.sub("", _COMMENT.sub("", text))):
        yield from _rules_of(selectors, declarations(body))


def _rules_of(
    selectors: str, body: Declarations
) -> Iterator[tuple[str, frozenset[str], Declarations]]:
    for selector in selectors.split(","):
        found = _SELECTOR.fullmatch(selector.strip())
        if found and (found[1] or found[2]):
            yield (found[1] or "").lower(), frozenset(_PART.findall(found[2])), body


def _unseen(element: Element, style: Declarations, look: Look) -> str | None:
    """Give the reason why nobody sees the text of an element."""
    if _is_hidden(element, style):
        return HIDDEN_TEXT
    if _is_off_page(style):
        return OFF_PAGE
    if _is_tiny(style):
        return TOO_SMALL
    if look.colour and look.background and faint(look.colour, look.background):
        return UNSEEN_COLOUR
    return None


def _is_hidden(element: Element, style: Declarations) -> bool:
    opacity = _LENGTH.match(style.get("opacity", ""))
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or element.tag == "template"
        or style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("mso-hide") == "all"
        or (opacity is not None and float(opacity[1] or 1) < 0.05)
    )


def _is_off_page(style: Declarations) -> bool:
    moved = [style.get("text-indent", "")]
    if style.get("position") in {"absolute", "fixed"}:
        moved += [style.get("left", ""), style.get("top", ""), style.get("right", "")]
    return any((px := _px(value)) is not None and px < _FAR_PX for value in moved)


def _is_tiny(style: Declarations) -> bool:
    size = _px(style.get("font-size", ""))
    if size is not None and size < _TINY_PX:
        return True
    clipped = style.get("overflow", "").startswith("hidden")
    sides = (_px(style.get(f"{most}{side}", "")) for most in ("", "max-") for side in _SIDES)
    return clipped and any(px is not None and px < _TINY_PX for px in sides)


_SIDES = ("height", "width")


def _px(value: str) -> float | None:
    found = _LENGTH.match(value)
    try:
        return float(found[1]) * _PX_OF[found[2]] if found else None
    except (ValueError, KeyError):
        return None


def _background(style: Declarations, around: str | None) -> str | None:
    value = f"{style.get('background', '')} {style.get('background-color', '')}".strip()
    if "url(" in value or "gradient" in value or style.get("background-image", "none") != "none":
        return None
    if not value or value in {"none", "inherit", "transparent"}:
        return around
    return _colour(value) or next(filter(None, map(_colour, value.split())), None)


def _colour(value: str) -> str | None:
    """Give a colour as RRGGBB; one that shines through cannot be told, but for a clear one."""
    if digits := _HEX.match(value):
        short = digits[1]
        return (short if len(short) == 6 else "".join(2 * digit for digit in short)).upper()
    if parts := _RGB.match(value):
        return "".join(f"{min(int(part), 255):02X}" for part in parts.groups()[:3])
    return _COLOURS.get(value)
