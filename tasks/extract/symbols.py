"""What characters of private use stand for, as fonts of signs and Adobe's glyph names use them.

Word writes a bullet as code F0B7 of the font Symbol, and a PDF may say so, too: 0xB7 is the place
of the glyph in the font. Adobe's Glyph List gives codes from F6D9 on to pieces of brackets, small
capitals and figures for which Unicode had none then.
"""

import string

_FROM_FONT, _TO_FONT = 0xF000, 0xF0FF
_FAMILIES = ("symbol", "wingdings", "opensymbol")
_OTHER_FAMILIES = ("wingdings2", "wingdings3")  # with other signs at the same places

_SYMBOL_LETTERS = {
    0x41: "\u0391\u0392\u03a7\u0394\u0395\u03a6\u0393\u0397\u0399\u03d1\u039a\u039b\u039c"
    "\u039d\u039f\u03a0\u0398\u03a1\u03a3\u03a4\u03a5\u03c2\u03a9\u039e\u03a8\u0396",
    0x61: "\u03b1\u03b2\u03c7\u03b4\u03b5\u03c6\u03b3\u03b7\u03b9\u03d5\u03ba\u03bb\u03bc"
    "\u03bd\u03bf\u03c0\u03b8\u03c1\u03c3\u03c4\u03c5\u03d6\u03c9\u03be\u03c8\u03b6",
}
_SYMBOL_SIGNS = {
    0x20: " !∀#∃%&∋()\u2217+,\u2212./0123456789:;<=>?\u2245",
    0x5B: "[∴]⊥_",
    0x7B: "{|}\u223c",
    0xA0: "€\u03d2\u2032≤\u2044∞ƒ♣♦♥♠↔←↑→↓°±″≥\u00d7\u221d∂•÷≠≡≈…⏐⎯↵",
    0xC0: "ℵℑℜ℘⊗⊕∅∩\u222a⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧\u2228⇔⇐⇑⇒⇓",
    0xE0: "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪",
    0xF1: "〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
}
_WINGDINGS = {
    0x4A: "☺", 0x4C: "☹",
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x74: "⧫", 0x75: "◆",
    0x76: "❖", 0x77: "⬥", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "◻", 0xAB: "★", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓",
    0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_ADOBE = {
    0xF6D9: "©®™",
    0xF730: string.digits,  # of old style
    0xF761: string.ascii_lowercase,  # small capitals
    0xF8E5: "‾⏐⎯®©™⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪⎮⎞⎟⎠⎤⎥⎦⎫⎬⎭",
}


def _spelt_out(runs: dict[int, str]) -> dict[int, str]:
    """Give the character for each code of runs that begin at one."""
    return {start + n: sign for start, signs in runs.items() for n, sign in enumerate(signs)}


_SIGNS = {
    "symbol": _spelt_out(_SYMBOL_LETTERS | _SYMBOL_SIGNS),
    "wingdings": _WINGDINGS,
    "opensymbol": _WINGDINGS | {0xB7: "•"},  # what LibreOffice draws the bullets of both with
}
_BY_NAME = _spelt_out(_ADOBE)


def in_font(code: int, font: str) -> str:
    """Give what a font draws for a code, in Unicode where we know it.

    `font` is its name as Word or a PDF writes it: "Symbol", "ABCDEF+SymbolMT".
    """
    if _FROM_FONT <= code <= _TO_FONT:
        return _SIGNS.get(_family(font), {}).get(code - _FROM_FONT, chr(code))
    return _BY_NAME.get(code, chr(code))


def _family(font: str) -> str:
    name = font.rpartition("+")[2].lower().replace(" ", "")
    if name.startswith(_OTHER_FAMILIES):
        return ""
    return next((family for family in _FAMILIES if name.startswith(family)), "")
