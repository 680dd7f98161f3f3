"""The text of a Word file's XML: white space as Word takes it, signs as their fonts draw them."""

import re

from tasks.extract.symbols import in_font
from tasks.extract.xml import Element, W

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PRIVATE = re.compile("[\uf000-\uf0ff]")


def text_of(element: Element) -> str:
    """Give the text of a `w:t`, without the line breaks of XML that was laid out for reading.

    A code of private use is the sign that the font of the run has there, where it is one we know.
    """
    text = element.text or ""
    if _PRIVATE.search(text):
        font = _font_of(element)
        text = _PRIVATE.sub(lambda found: in_font(ord(found[0]), font), text)
    if "\n" not in text and "\r" not in text:
        return text
    if element.get(_XML_SPACE) == "preserve":
        return " ".join(text.splitlines())
    return " ".join(line.strip() for line in text.splitlines()).strip()


def _font_of(text: Element) -> str:
    """Give the font that the run of a text names itself, "" if it names none."""
    run = text.getparent()
    fonts = None if run is None else run.find(f"{W}rPr/{W}rFonts")
    if fonts is None:
        return ""
    return fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""
