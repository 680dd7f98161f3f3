"""The formats of cells as far as they tell what nobody sees, and days from numbers."""

from collections.abc import Callable, Iterator, Sequence

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types
from openpyxl.styles.fills import fills as PATTERNS  # noqa: N812 a constant

from tasks.extract.xml import MC, Element

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
S = f"{{{MAIN}}}"
_LARGEST_FONT = 409.0  # points
_MOST_THEME_COLOURS = 12
_RGB_DIGITS = {6, 8}


def plain_styles(styles: Element | None) -> Element:
    """Copy the part of styles, in the order that cells count in, without what has no number."""
    root = etree.Element(f"{S}styleSheet", nsmap={None: MAIN})
    numbers = etree.SubElement(root, f"{S}numFmts")
    for known in listed(styles, "numFmts"):
        if _number(int, known.get("numFmtId")) is not None and known.get("formatCode"):
            code, number = known.get("formatCode"), known.get("numFmtId")
            etree.SubElement(numbers, f"{S}numFmt", numFmtId=number, formatCode=code)
    fonts = _copies(root, "fonts", [*listed(styles, "fonts")], _font)
    fills = _copies(root, "fills", [*listed(styles, "fills")], _fill)
    borders = etree.SubElement(root, f"{S}borders")
    etree.SubElement(borders, f"{S}border")
    etree.SubElement(etree.SubElement(root, f"{S}cellStyleXfs"), f"{S}xf")
    formats = etree.SubElement(root, f"{S}cellXfs")
    for known in [*listed(styles, "cellXfs")] or [None]:
        own = {} if known is None else known.attrib
        number = _number(int, own.get("numFmtId")) or 0
        font, fill = (_place(own.get(key), n) for key, n in (("fontId", fonts), ("fillId", fills)))
        etree.SubElement(
            formats, f"{S}xf", numFmtId=str(number), fontId=font, fillId=fill, borderId="0"
        )
    return root


def listed(styles: Element | None, name: str) -> Iterator[Element]:
    """Give what stands in a list of styles, of alternatives the fallback, as Excel would."""
    for item in () if styles is None else styles.iterfind(f"{{*}}{name}/*"):
        if item.tag == f"{MC}AlternateContent":
            yield from item.iterfind(f"{MC}Fallback/*")
        else:
            yield item


def _copies(
    root: Element, name: str, items: Sequence[Element], copy: Callable[[Element, Element], None]
) -> int:
    """Copy a list, which is never empty, and give its length."""
    copies = etree.SubElement(root, f"{S}{name}")
    for item in items or [etree.Element(f"{S}none")]:
        copy(copies, item)
    return len(copies)


def _font(fonts: Element, font: Element) -> None:
    copied = etree.SubElement(fonts, f"{S}font")
    size = font.find("{*}sz")
    points = None if size is None else _number(float, size.get("val"))
    if points is not None and 0 < points <= _LARGEST_FONT:
        etree.SubElement(copied, f"{S}sz", val=f"{points:g}")
    _colour(copied, "color", font.find("{*}color"))


def _fill(fills: Element, fill: Element) -> None:
    """Copy a fill of one colour; of a pattern nobody can tell its colour, what is none is empty."""
    pattern = fill.find("{*}patternFill")
    kind = "gray125" if pattern is None else pattern.get("patternType")
    known = kind if kind == "solid" else "gray125" if kind in PATTERNS else "none"
    copied = etree.SubElement(
        etree.SubElement(fills, f"{S}fill"), f"{S}patternFill", patternType=known
    )
    if pattern is not None and known == "solid":
        _colour(copied, "fgColor", pattern.find("{*}fgColor"))


def _colour(parent: Element, name: str, colour: Element | None) -> None:
    if colour is None:
        return
    rgb, theme = colour.get("rgb", ""), _number(int, colour.get("theme"))
    if len(rgb) in _RGB_DIGITS and _number(lambda text: int(text, 16), rgb) is not None:
        etree.SubElement(parent, f"{S}{name}", rgb=rgb)
    elif theme is not None and 0 <= theme < _MOST_THEME_COLOURS:
        tint = _number(float, colour.get("tint")) or 0.0
        etree.SubElement(parent, f"{S}{name}", theme=str(theme), tint=f"{tint:g}")


def _place(text: str | None, count: int) -> str:
    """Give a place in a list of this length, the first for one that is not in it."""
    number = _number(int, text)
    return str(number) if number is not None and 0 <= number < count else "0"


def _number(kind: Callable[[str], float], text: str | None) -> float | None:
    try:
        return kind(text or "")
    except ValueError:
        return None
