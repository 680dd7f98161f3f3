import pytest

from tasks.extract.docx.counting import numeral
from tests.extract.documents import read_docx
from tests.extract.docx.building import docx, p, part, r


def level(index: int, form: str, text: str, inner: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{inner}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def item(text: str, number: int = 1, index: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{index}"/><w:numId w:val="{number}"/></w:numPr>')


def num(number: int, definition: int = 1, inner: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{inner}</w:num>'


def lines(body: str, levels: str, *nums: str, more: str = "") -> list[str]:
    definition = f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
    numbering = part("w:numbering", definition + more + "".join(nums or (num(1),)))
    data = docx(body, parts={"word/numbering.xml": numbering}, numbering="numbering.xml")
    return read_docx(data).text.split("\n\n")


OUTLINE = (
    level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2") + level(2, "lowerLetter", "(%3)")
)


def test_counts_levels_and_begins_deeper_ones_anew() -> None:
    body = "".join(
        item(text, index=index)
        for text, index in [("a", 0), ("b", 1), ("c", 1), ("d", 2), ("e", 0), ("f", 1), ("g", 2)]
    )
    assert lines(body, OUTLINE) == ["1. a", "1.1 b", "1.2 c", "(a) d", "2. e", "2.1 f", "(a) g"]


def test_a_level_that_was_never_used_counts_as_its_start() -> None:
    assert lines(item("a", index=1) + item("b", index=1), OUTLINE) == ["1.1 a", "1.2 b"]


def test_a_level_may_go_on_across_higher_ones_or_wait_for_a_certain_one() -> None:
    on = level(0, "decimal", "%1.") + level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>')
    body = item("a") + item("b", index=1) + item("c") + item("d", index=1)
    assert lines(body, on) == ["1. a", "1) b", "2. c", "2) d"]

    first = OUTLINE.replace("lowerLetter", "decimal").replace(
        '<w:lvlText w:val="(%3)"/>', '<w:lvlRestart w:val="1"/><w:lvlText w:val="(%3)"/>'
    )
    body = item("a") + item("b", index=1) + item("c", index=2) + item("d", index=1)
    assert lines(body + item("e", index=2), first)[-1] == "(2) e"


def test_lists_of_one_definition_count_on_unless_they_override_the_start() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    body = item("a", 1) + item("b", 2) + item("c", 3) + item("d", 3) + item("e", 1)

    assert lines(body, OUTLINE, num(1), num(2), num(3, inner=restart)) == [
        "1. a", "2. b", "5. c", "6. d", "7. e",
    ]  # fmt: skip


def test_an_override_may_bring_a_level_of_its_own() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "Article %1")}</w:lvlOverride>'

    assert lines(item("a") + item("b"), OUTLINE, num(1, inner=own)) == [
        "Article I a",
        "Article II b",
    ]


def test_legal_numbering_is_decimal_throughout() -> None:
    levels = level(0, "upperRoman", "%1.") + level(1, "upperLetter", "%1.%2", "<w:isLgl/>")

    assert lines(item("a") + item("b", index=1), levels) == ["I. a", "1.1 b"]


def test_bullets_are_drawn_as_text_can() -> None:
    wingdings = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0d8"/><w:rPr>'
    levels = (
        wingdings
        + '<w:rFonts w:ascii="Wingdings"/></w:rPr></w:lvl>'
        + level(1, "bullet", "o")
        + level(2, "bullet", "\uf0b7")
        + level(3, "bullet", "–")
    )
    body = "".join(item("x", index=index) for index in range(4))
    assert lines(body, levels) == ["➢ x", "◦ x", "• x", "– x"]


def test_a_list_may_borrow_its_definition_from_a_list_style() -> None:
    borrowing = '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="Ours"/></w:abstractNum>'
    levels = '<w:styleLink w:val="Ours"/>' + OUTLINE

    assert lines(item("a", 4), levels, num(4, 2), more=borrowing) == ["1. a"]


def test_headings_are_numbered_by_their_style_and_empty_paragraphs_count() -> None:
    heading = (
        '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    numbering = part(
        "w:numbering",
        f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "§ %1")}</w:abstractNum>{num(1)}',
    )
    of_style = '<w:pStyle w:val="H"/>'
    hidden = p("<w:r><w:t>unseen</w:t></w:r>", of_style + "<w:rPr><w:vanish/></w:rPr>")
    data = docx(
        p("Scope", of_style) + p("", of_style) + p("Price", of_style) + hidden,
        parts={"word/styles.xml": part("w:styles", heading), "word/numbering.xml": numbering},
        styles="styles.xml",
        numbering="numbering.xml",
    )
    document = read_docx(data)

    assert document.text == "§ 1 Scope\n\n§ 3 Price\n\n§ 4 unseen"
    assert {block.kind.value for block in document.blocks} == {"heading"}


def test_a_format_of_later_years_stands_in_an_alternative() -> None:
    custom = '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/>'
    forms = (
        f"<mc:AlternateContent><mc:Choice>{custom}</mc:Choice>"
        '<mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
    )
    levels = f'<w:lvl w:ilvl="0">{forms}<w:lvlText w:val="No. %1"/></w:lvl>'

    assert lines(item("a"), levels) == ["No. 001 a"]


def test_a_paragraph_that_is_hidden_with_its_end_is_not_counted() -> None:
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    hidden = p(r("gone", "<w:vanish/>"), f"{number}<w:rPr><w:vanish/></w:rPr>")
    run_in = p("seen", f"{number}<w:rPr><w:vanish/></w:rPr>")

    assert lines(hidden + run_in + item("a"), OUTLINE) == ["gone", "1. seen", "2. a"]


def test_a_style_that_is_named_deep_may_have_a_list_of_its_own() -> None:
    style = (
        '<w:style w:type="paragraph" w:styleId="LN2"><w:name w:val="List Number 2"/><w:pPr>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    definition = f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.")}</w:abstractNum>'
    parts = {
        "word/numbering.xml": part("w:numbering", definition + num(1)),
        "word/styles.xml": part("w:styles", style),
    }
    body = p("a", '<w:pStyle w:val="LN2"/>') + p("b", '<w:pStyle w:val="LN2"/>')
    document = read_docx(docx(body, parts=parts, numbering="numbering.xml", styles="styles.xml"))

    assert document.text == "1. a\n\n2. b"
    assert {block.level for block in document.blocks} == {2}


def test_a_number_without_definition_is_none() -> None:
    assert lines(item("a", 9) + item("b", 1, 7), OUTLINE) == ["a", "b"]


@pytest.mark.parametrize(
    ("number", "form", "written"),
    [
        (4, "decimal", "4"),
        (4, "decimalZero", "04"),
        (1994, "upperRoman", "MCMXCIV"),
        (9, "lowerRoman", "ix"),
        (27, "lowerLetter", "aa"),
        (28, "upperLetter", "BB"),
        (2, "ordinal", "2nd"),
        (13, "ordinal", "13th"),
        (21, "cardinalText", "Twenty-one"),
        (12, "ordinalText", "Twelfth"),
        (40, "ordinalText", "Fortieth"),
        (42, "ordinalText", "Forty-second"),
        (3, "decimalEnclosedCircle", "③"),
        (15, "chineseCounting", "十五"),
        (30, "japaneseCounting", "三十"),
        (3, "russianLower", "в"),
        (7, "none", ""),
        (5, "no such format", "5"),
        (0, "upperRoman", "0"),
        (7, "001, 002, 003, ...", "007"),
        (12, "decimalFullWidth", "\uff11\uff12"),
        (2, "ganada", "나"),
        (4, "iroha", "ニ"),
        (3, "ideographTraditional", "丙"),
        (1_000_000, "upperLetter", "1000000"),
        (1_000_000, "upperRoman", "1000000"),
    ],
)
def test_numbers_are_written_as_word_writes_them(number: int, form: str, written: str) -> None:
    assert numeral(number, form) == written
