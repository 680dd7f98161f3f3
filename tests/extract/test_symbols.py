import pytest

from tasks.extract.symbols import in_font


@pytest.mark.parametrize(
    ("code", "font", "sign"),
    [
        (0xF0B7, "Symbol", "•"),
        (0xF0B7, "ABCDEF+SymbolMT", "•"),
        (0xF02D, "Symbol", "\u2212"),
        (0xF061, "Symbol", "\u03b1"),
        (0xF0FE, "Symbol", "⎭"),
        (0xF0D8, "Wingdings-Regular", "➢"),
        (0xF04A, "Wingdings", "☺"),
        (0xF0A7, "ABCDEF+Wingdings", "▪"),
        (0xF0A7, "Wingdings 2", "\uf0a7"),
        (0xF0B7, "BAAAAA+OpenSymbol", "•"),
        (0xF0A7, "OpenSymbol", "▪"),
        (0xF0B7, "Arial", "\uf0b7"),
        (0xF8EB, "CMEX10", "⎛"),
        (0xF8FE, "CMEX10", "⎭"),
        (0xF732, "TeXGyrePagella", "2"),
        (0xF77A, "TeXGyrePagella", "z"),
        (0xF6DB, "Times", "™"),
        (0xE000, "Symbol", "\ue000"),
        (0x41, "Symbol", "A"),
    ],
)
def test_a_code_of_private_use_is_what_its_font_draws(code: int, font: str, sign: str) -> None:
    assert in_font(code, font) == sign
