"""How text looks, as far as it matters for whether a reader of the document sees it at all."""

import re
from dataclasses import dataclass, replace

from tasks.extract.guard import HIDDEN_TEXT, TOO_SMALL, UNSEEN_COLOUR, faint
from tasks.extract.xml import Element, W, number_of, switch_of, value_of

WHITE = "FFFFFF"
_TINY_HALF_POINTS = 4
_PRESSED_PERCENT = 5
_LOW_TWIPS = 40  # twentieths of a point
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "darkBlue": "000080",
    "darkCyan": "008080", "darkGray": "808080", "darkGreen": "008000", "darkMagenta": "800080",
    "darkRed": "800000", "darkYellow": "808000", "green": "00FF00", "lightGray": "C0C0C0",
    "magenta": "FF00FF", "red": "FF0000", "white": WHITE, "yellow": "FFFF00",
}  # fmt: skip
_DOTTED = re.compile("pct([0-9]{1,2})")
_CHANGES = ("themeShade", "themeTint")
_THEMED, _PATTERNED = "a colour of the theme", "a pattern"  # as what lies behind, unknown
_THEME = {"background1": WHITE, "bg1": WHITE, "light1": WHITE, "text1": "000000", "tx1": "000000"}


@dataclass(frozen=True, slots=True)
class Look:
    """What properties or styles say of text; None where they say nothing.

    `size` is in half points; `colour` and `fill`, what lies behind the text, are RRGGBB, or a word
    where nobody can tell. `low`: its lines are too low to show any of it.
    """

    hidden: bool | None = None
    size: int | None = None
    colour: str | None = None
    fill: str | None = None
    low: bool | None = None

    def over(self, base: "Look") -> "Look":
        """Let this say what it has to say, and `base` the rest."""
        return Look(
            base.hidden if self.hidden is None else self.hidden,
            base.size if self.size is None else self.size,
            self.colour or base.colour,
            self.fill or base.fill,
            base.low if self.low is None else self.low,
        )

    def on(self, fill: str | None) -> "Look":
        """Give the look before a background, unless it has one of its own."""
        return self if self.fill else replace(self, fill=fill)

    @property
    def unseen(self) -> str | None:
        """Give the reason why nobody sees such text, None if it is to be seen."""
        if self.hidden:
            return HIDDEN_TEXT
        if self.low or (self.size is not None and self.size <= _TINY_HALF_POINTS):
            return TOO_SMALL
        if self.colour and self.fill and faint(self.colour, self.fill):
            return UNSEEN_COLOUR
        return None


NO_LOOK = Look()


def look_of(properties: Element | None) -> Look:
    """Read the look from a `w:rPr`."""
    if properties is None:
        return NO_LOOK
    return Look(
        hidden=switch_of(properties, f"{W}vanish"),
        size=_size(properties),
        colour=_colour(properties),
        fill=_HIGHLIGHTS.get(value_of(properties, f"{W}highlight") or "") or fill_of(properties),
    )


def _size(properties: Element) -> int | None:
    """Give the size of letters; those pressed to a few percent of their width count as none."""
    width = number_of(properties, f"{W}w")
    pressed = width is not None and 0 < width <= _PRESSED_PERCENT
    return 0 if pressed else number_of(properties, f"{W}sz")


def lines_of(properties: Element | None) -> Look:
    """Read from a `w:pPr` whether its lines show anything of their text."""
    spacing = None if properties is None else properties.find(f"{W}spacing")
    if spacing is None or spacing.get(f"{W}lineRule") != "exact":
        return NO_LOOK
    line = spacing.get(f"{W}line", "")
    return Look(low=line.isdecimal() and 0 < int(line) <= _LOW_TWIPS)


def fill_of(properties: Element | None) -> str | None:
    """Give the fill of a `w:shd` in the properties of a run, paragraph, cell or table."""
    shading = None if properties is None else properties.find(f"{W}shd")
    if shading is None:
        return None
    pattern = shading.get(f"{W}val", "clear")
    fill, ink = (shading.get(f"{W}{name}", "auto") for name in ("fill", "color"))
    if pattern in {"clear", "nil"}:
        return _THEMED if fill == "auto" and shading.get(f"{W}themeFill") else _set(fill)
    return _mixed(pattern, _set(ink) or "000000", _set(fill) or WHITE)


def _mixed(pattern: str, ink: str, fill: str) -> str:
    """Give the colour of a pattern; a solid one shows its own and none of the fill."""
    dots = _DOTTED.fullmatch(pattern)
    if not dots and pattern != "solid":
        return _PATTERNED
    share = int(dots[1]) / 100 if dots else 1.0
    try:
        parts = [
            round(share * int(ink[at : at + 2], 16) + (1 - share) * int(fill[at : at + 2], 16))
            for at in (0, 2, 4)
        ]
    except ValueError:
        return _PATTERNED
    return "".join(f"{part:02X}" for part in parts)


def _set(colour: str) -> str | None:
    return None if colour == "auto" else colour.upper()


def _colour(properties: Element) -> str | None:
    colour = properties.find(f"{W}color")
    if colour is None:
        return None
    theme = _THEME.get(colour.get(f"{W}themeColor", ""))
    return _shaded(theme, colour) if theme else colour.get(f"{W}val", "auto").upper()


def _shaded(theme: str, colour: Element) -> str:
    """Darken or lighten black or white as the shade and tint of a theme colour say."""
    try:
        shade, tint = (int(colour.get(f"{W}{name}", "FF"), 16) for name in _CHANGES)
    except ValueError:
        return theme
    level = int(theme[:2], 16) * shade // 255
    return f"{255 - (255 - level) * tint // 255:02X}" * 3
