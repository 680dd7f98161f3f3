"""Pictures and shapes that float over a page: nobody can tell what lies behind the text near them.

A Word file does not say where its lines come to stand. A title in white over the picture of a cover
is seen, so near what floats no colour is held against a text.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence

from tasks.extract.docx.look import WHITE
from tasks.extract.docx.shapes import fill_of_shape
from tasks.extract.xml import PIC, WP, WPS, Element, V, W

_NEAR = 60  # paragraphs; a page has few more
_LARGE_PT = (216.0, 108.0)  # across and down: text of the body may lie on it
_LINE_PT = (100.0, 18.0)  # a line or two may lie on it
_OLD_WRAP = "{urn:schemas-microsoft-com:office:word}wrap"
_POINTS_PER_EMU = 1 / 12_700
_SIDE = re.compile(r"(?:^|;)(width|height):([\d.]+)(pt|in)")
_TURNS = (f"{W}lastRenderedPageBreak", f"{W}sectPr")
_SHAPES = (
    *(f"{PIC}pic", f"{WPS}wsp"),
    *(f"{V}{name}" for name in ("shape", "rect", "roundrect", "oval")),
)


def near_floats(story: Element) -> set[Element]:
    """Give the paragraphs of a story that may lie on something that floats on their page."""
    near: set[Element] = set()
    bearing = {floating for floating in dict.fromkeys(_floats(story)) if _bears_text(floating)}
    if not bearing:
        return near
    before: deque[Element] = deque(maxlen=_NEAR)
    left = 0
    for element in story.iter(f"{W}p", f"{W}br", *_TURNS, *_SHAPES):
        if element.tag == f"{W}p":
            before.append(element)
            near.update((element,) if left > 0 else ())
            left -= 1
        elif _turns(element):
            before = deque(list(before)[-1:], _NEAR)
            left = 0
        elif _float_of(element) in bearing:
            near.update(before)
            left = _NEAR
    return near


def has_large_float(head: Element) -> bool:
    """Tell whether a header or footer lays something large behind its pages."""
    return any(_is_large(each) for each in _floats(head))


def _floats(story: Element) -> Iterator[Element]:
    """Give what floats, for each shape in it that paints something."""
    return filter(lambda found: found is not None, map(_float_of, story.iter(*_SHAPES)))


def _turns(element: Element) -> bool:
    if element.tag == f"{W}br":
        return bool(element.get(f"{W}type") == "page")
    return element.tag in _TURNS


def _float_of(shape: Element) -> Element | None:
    """Give what has a place of its own on the page and holds this shape, if the shape paints."""
    if not _paints(shape):
        return None
    for element in (shape, *shape.iterancestors()):
        style = element.get("style", "") if element.tag.startswith(V) else ""
        if element.tag == f"{WP}anchor" or "position:absolute" in style.replace(" ", ""):
            return element
        if element.tag == f"{W}p":
            return None
    return None


def _paints(shape: Element) -> bool:
    """Tell a shape with a picture or a colour in it from a frame, and from letters as a shape."""
    if shape.tag == f"{PIC}pic" or shape.find(f"{V}imagedata") is not None:
        return True
    return shape.find(f"{V}textpath") is None and fill_of_shape(shape, WHITE) != WHITE


def _bears_text(floating: Element) -> bool:
    """Tell whether lines of text may lie on it: they keep clear of what they are wrapped around."""
    wraps = {child.tag for child in floating if child.tag.startswith((f"{WP}wrap", _OLD_WRAP))}
    if wraps - {f"{WP}wrapNone"}:
        return False
    sides = _sides(floating)
    return not any(sides) or _reaches(sides, _LINE_PT)


def _is_large(floating: Element) -> bool:
    return _reaches(_sides(floating), _LARGE_PT)


def _reaches(sides: Sequence[float], least: Sequence[float]) -> bool:
    return all(side >= enough for side, enough in zip(sides, least, strict=True))


def _sides(floating: Element) -> list[float]:
    """Give how wide and how high it is, in points; 0 where it does not say so."""
    extent = floating.find(f"{WP}extent")
    if extent is not None:
        return [_number(extent.get(name, "")) * _POINTS_PER_EMU for name in ("cx", "cy")]
    style = floating.get("style", "").replace(" ", "")
    found = {m[1]: float(m[2]) * (72 if m[3] == "in" else 1) for m in _SIDE.finditer(style)}
    return [found.get("width", 0.0), found.get("height", 0.0)]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
