import pytest

from tests.extract.documents import read_pdf
from tests.extract.pdf.fonts import font, typed_pdf

SYMBOLS = {
    0x0C: "circledot", 0x36: "negationslash", 0x37: "mapsto", 0x66: "braceleft",
    0x41: "A", 0x68: "angbracketleft", 0x69: "angbracketright", 0x6B: "bardbl", 0x21: "arrowright",
}  # fmt: skip
LARGE = {
    0x41: "parenrightbt",
    0x58: "summationdisplay",
    0x70: "radicalbig",
    0x7A: "bracehtipdownleft",
}
MAPPED = {0x28: "parenleftbigg", 0x7B: "bracketleftbig", 0x7C: "vextendsingle"}
TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /U def /CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange
3 beginbfchar <28> <0028> <7B> <007B> <7C> <007C> endbfchar endcmap end end"""
AMS = {0x2E: "lessorsimilar", 0x03: "square"}


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        (b"/S 12 Tf (hki) Tj", "⟨‖⟩"),
        (b"/H 12 Tf (x) Tj /S 12 Tf (6) Tj /H 12 Tf (= y) Tj", "x ≠ y"),
        (b"/S 12 Tf (7!) Tj", "↦"),
        (b"/S 12 Tf (fA) Tj", "{A"),
        (b"/H 12 Tf (1 M) Tj /S 12 Tf <0C> Tj /H 12 Tf ( of gas) Tj", "1 M⊙ of gas"),
        (b"/L 12 Tf (XzpA) Tj", "∑√⎠"),
        (b"/A 12 Tf (.) Tj", "≲"),
        (b"/B 12 Tf (R~) Tj", "Rℏ"),
        (b"/T 12 Tf (h) Tj", "h"),
        (b"/M 12 Tf (\\({|) Tj", "({|"),
    ],
)
def test_a_place_in_a_font_of_signs_is_read_as_its_sign(drawn: bytes, read: str) -> None:
    fonts = {
        "H": font("Helvetica"),
        "S": font("ABCDEF+CMSY10", glyphs=SYMBOLS),
        "L": font("CMEX10", glyphs=LARGE),
        "A": font("ABCDEF+MSAM7", glyphs=AMS),
        "B": font("MSBM10", glyphs={0x52: "R", 0x7E: "planckover2pi"}),
        "T": font("CMSYNTAX", glyphs={0x68: "h"}),
        "M": font("CMEX10", glyphs=MAPPED, to_unicode=TO_UNICODE),
    }

    document = read_pdf(typed_pdf(b"BT 72 700 Td " + drawn + b" ET", fonts))

    assert document.pages[0].reader == "pdfium"
    assert document.text.replace(" ", "") == read.replace(" ", "")
