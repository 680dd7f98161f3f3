"""Characters that a Word file names by other means than text, as `w:sym` does."""

from tasks.extract.xml import Element, W

_PRIVATE_USE = 0xF000
_PRIVATE_USE_END = 0xF0FF

_SYMBOL_LETTERS = dict(
    zip(
        range(0x41, 0x5B),
        "\u0391\u0392\u03a7\u0394\u0395\u03a6\u0393\u0397\u0399\u03d1\u039a\u039b\u039c"
        "\u039d\u039f\u03a0\u0398\u03a1\u03a3\u03a4\u03a5\u03c2\u03a9\u039e\u03a8\u0396",
        strict=True,
    )
) | dict(
    zip(
        range(0x61, 0x7B),
        "\u03b1\u03b2\u03c7\u03b4\u03b5\u03c6\u03b3\u03b7\u03b9\u03d5\u03ba\u03bb\u03bc"
        "\u03bd\u03bf\u03c0\u03b8\u03c1\u03c3\u03c4\u03c5\u03d6\u03c9\u03be\u03c8\u03b6",
        strict=True,
    )
)
_SYMBOL_SIGNS = {
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓",
    0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "\u00d7", 0xB6: "∂", 0xB7: "•", 0xB8: "÷",
    0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xC7: "∩", 0xC8: "\u222a", 0xCE: "∈", 0xD2: "®",
    0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√", 0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xE0: "→",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_SYMBOL_PLAIN = {ord(character): character for character in " !#%&()+,./0123456789:;<=>?[]_{|}"}
_FONTS = {
    "symbol": _SYMBOL_PLAIN | _SYMBOL_LETTERS | _SYMBOL_SIGNS,
    "wingdings": _WINGDINGS,
}


def symbol(element: Element) -> str:
    """Give the character of a `w:sym`, in Unicode where its font is one we know."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return ""
    return in_font(code, element.get(f"{W}font", "")) if 0 < code <= 0x10FFFF else ""


def in_font(code: int, font: str) -> str:
    """Give what a symbol font draws for a code, in Unicode where we know it."""
    if not _PRIVATE_USE <= code <= _PRIVATE_USE_END:
        return chr(code)
    return _FONTS.get(font.lower(), {}).get(code - _PRIVATE_USE, chr(code))
