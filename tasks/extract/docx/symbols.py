"""Characters that a Word file names by other means than text, as `w:sym` does."""

from tasks.extract.symbols import in_font
from tasks.extract.xml import Element, W


def symbol(element: Element) -> str:
    """Give the character of a `w:sym`, in Unicode where its font is one we know."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return ""
    return in_font(code, element.get(f"{W}font", "")) if 0 < code <= 0x10FFFF else ""
