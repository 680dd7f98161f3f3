from tasks.core.documents import BlockKind
from tasks.extract.pdf.signs.privates import find_privates
from tests.extract.documents import read_pdf
from tests.extract.pdf.fonts import font, typed_pdf

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /U def /CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfchar <B7> <F0B7> endbfchar endcmap end end"""


def test_only_what_is_known_is_read_otherwise() -> None:
    fonts = {1: "Symbol", 2: "Unheard-of", 3: "CMEX10"}

    assert find_privates("a\uf0b7\uf0b7\uf8eb", lambda index: fonts[index]) == {1: "•", 3: "⎛"}


def test_a_bullet_of_the_font_symbol_begins_an_item() -> None:
    content = (
        b"BT /S 12 Tf 72 700 Td <B7> Tj /H 12 Tf 18 0 Td (Pay at once.) Tj"
        b" /S 12 Tf -18 -20 Td <B7> Tj /H 12 Tf 18 0 Td (Tell the bank.) Tj ET"
    )
    fonts = {"S": font("Symbol", to_unicode=_TO_UNICODE), "H": font("Helvetica")}

    document = read_pdf(typed_pdf(content, fonts))

    items = [document.text_of(block) for block in document.blocks]
    assert items == ["• Pay at once.", "• Tell the bank."]
    assert {block.kind for block in document.blocks} == {BlockKind.LIST_ITEM}
