r"""Signs of TeX's fonts whose glyphs have names that pdfium does not know.

It gives their places in the font for them, as if these were characters: a sum is read as X, angle
brackets as h and i, what is not equal as 6=. It tells such characters from those that a file maps
or a name gives, which are left as they are.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from tasks.extract.pdf.pdfium.chars import Chars, Edits
from tasks.extract.pdf.pdfium.inks import DrawnText

Layout = Mapping[str, str]
"""The sign for each character that pdfium gives in its stead."""

_SLASH, _TAIL = "\u0338", "\u21a6"  # drawn before what it goes through, and before its arrow
_NO_SIGN = " "
_LINE_ENDS = "\r\n"  # pdfium puts in its own

# The encodings OMS and OMX of the TeXbook, Appendix F; the tips of long braces are no characters.
_SYMBOLS = {
    0x05: "\u22c4 ∓ ⊖ ⊘⊙ \u2218 ≍",
    0x16: "⪯⪰",
    0x1C: "≪≫≺≻",
    0x25: "↗↘≃",
    0x30: f"\u2032  ∋△▽{_SLASH}{_TAIL}",
    0x3C: "\u211c\u2111\u22a4⊥",
    0x60: "⊢⊣⌊⌋⌈⌉  ⟨⟩ ‖↕⇕ ≀ ⨿  ⊔⊓⊑⊒",
}
_BRACKETS = "()[]⌊⌋⌈⌉{}⟨⟩"
_LARGE = {
    0x00: f"{_BRACKETS}|‖/\\",
    0x10: f"(){_BRACKETS}/\\",
    0x20: f"{_BRACKETS}/\\/\\",
    0x30: "⎛⎞⎡⎤⎣⎦⎢⎥⎧⎫⎩⎭⎨⎬⎪⏐⎝⎠⎜⎟⟨⟩⨆⨆∮∮⨀⨀⨁⨁⨂⨂",
    0x50: 2 * "∑∏∫\u22c3⋂⨄⋀\u22c1" + "∐∐",
    0x68: "[]⌊⌋⌈⌉{}√√√√",
}

# The places that amsfonts.sty and amssymb.sty give to the signs of the AMS.
_AMS_A = {
    0x00: "⊡⊞⊠□■\u22c5◇◆↻↺⇌⇋⊟⊩⊪⊨↠↞⇇⇉⇈⇊↾⇂↿⇃↣↢⇆⇄↰↱⇝↭↫↬≗≿≳⪆⊸∴∵≑≜≾≲⪅⪕⪖⋞⋟≼≦⩽≶\u2035",
    0x3A: "≓≒≽≧⩾≷⊏⊐▷◁⊵⊴★≬▾▶◀",
    0x4D: "△▲▽≖⋚⋛⪋⪌\u00a5⇛⇚✓⊻⊼⩞∠∡∢\u221d⌣⌢⋐⋑⋓⋒⋏⋎⋋⋌⫅⫆≏≎⋘⋙⌜⌝®Ⓢ⋔∔∽⋍⌞⌟✠∁⊺⊚⊛⊝",
}
_AMS_B = {
    0x02: "≰≱≮≯⊀⊁",
    0x0C: "⪇⪈",
    0x1C: "≁≇\u2571\u2572",
    0x28: "⊊⊋⊈⊉∦∤",
    0x3F: "∅",
    0x6C: "⋖⋗⋉⋊",
    0x72: "\u2216",
    0x7D: "ℏℏ",
}


def _layout(runs: Mapping[int, str]) -> dict[str, str]:
    places = ((chr(at + n), sign) for at, signs in runs.items() for n, sign in enumerate(signs))
    return {place: sign for place, sign in places if sign != _NO_SIGN and place not in _LINE_ENDS}


_TIPS = dict.fromkeys("z{|}", "")
_LAYOUTS: Mapping[str, Layout] = {
    r"CMB?SY\d*|[TP]XB?SYS?": _layout(_SYMBOLS),
    r"CMEX\d*|[TP]XB?EXS?": _layout(_LARGE) | _TIPS,
    r"MSAM\d*|[TP]XB?SYA": _layout(_AMS_A),
    r"MSBM\d*|[TP]XB?SYB": _layout(_AMS_B),
}
_FONT = re.compile(r"(?:[A-Z]{6}\+)?(\w+)")


def find_tex_signs(chars: Chars, texts: Sequence[DrawnText]) -> Edits:
    """Find the characters that are places in a font, and give what is drawn there."""
    signs = _signs(chars, texts)
    places = "".join({place for own in signs.values() for place in own})
    edits: Edits = {}
    for found in re.finditer(f"[{re.escape(places)}]", chars.text) if places else ():
        sign = signs.get(chars.object_of(found.start()), {}).get(found[0])
        if sign is not None and chars.is_unmapped(found.start()):
            edits |= _drawn(chars.text, found.start(), sign)
    return edits


def _signs(chars: Chars, texts: Sequence[DrawnText]) -> dict[int, Layout]:
    """Give for each text object, by its address, the signs among what it draws."""
    fonts = chars.fonts_of([text.address for text in texts])
    layouts = {font: _layout_of(name) for font, name in chars.font_names(fonts).items()}
    drawn = ((text.address, layouts[font]) for text, font in zip(texts, fonts, strict=True))
    return {
        address: {place: layout[place] for place in chars.text_of(address) if place in layout}
        for address, layout in drawn
        if layout
    }


def _layout_of(font: str) -> Layout:
    name = _FONT.match(font)
    known = (
        layout
        for names, layout in _LAYOUTS.items()
        if name and re.fullmatch(names, name[1], re.IGNORECASE)
    )
    return next(known, {})


def _drawn(text: str, index: int, sign: str) -> Edits:
    """Give the edits for one sign; two of them are a part of the next character."""
    following = text[index + 1 : index + 2]
    if sign == _SLASH and following.strip():
        return {index: "", index + 1: unicodedata.normalize("NFC", following + sign)}
    if sign == _TAIL:
        return {index: "", index + 1: sign} if following == "→" else {index: "|"}
    return {index: sign}
