"""Reading characters of private use as what their fonts draw for them."""

import re
from collections.abc import Callable

from tasks.extract.pdf.pdfium.chars import Edits
from tasks.extract.symbols import in_font

_PRIVATE = re.compile("[\ue000-\uf8ff]")


def find_privates(text: str, font: Callable[[int], str]) -> Edits:
    """Find those whose meaning is known; `font` gives the name of a character's font."""
    edits: Edits = {}
    for found in _PRIVATE.finditer(text):
        sign = in_font(ord(found[0]), font(found.start()))
        if sign != found[0]:
            edits[found.start()] = sign
    return edits
