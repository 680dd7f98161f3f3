import pytest

from tasks.core.documents import Document
from tasks.extract.limits import ExtractionLimits
from tests.extract.documents import read_docx
from tests.extract.docx.building import docx, p, r


def read(inner: str) -> Document:
    return read_docx(docx(p(inner)), ExtractionLimits())


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<w:t>a</w:t><w:tab/><w:t>b</w:t>", "a\tb"),
        ("<w:t>a</w:t><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t>", "a\nb\nc"),
        ("<w:t>non</w:t><w:noBreakHyphen/><w:t>stop</w:t>", "non\u2011stop"),
        ("<w:t>hy</w:t><w:softHyphen/><w:t>phen</w:t>", "hyphen"),
        ('<w:sym w:font="Wingdings" w:char="F0FE"/><w:t> yes</w:t>', "☑ yes"),
        ('<w:sym w:font="Symbol" w:char="F061"/><w:t>=1</w:t>', "\u03b1=1"),
        ('<w:sym w:font="Odd" w:char="F0FE"/>', "\uf0fe"),
        ('<w:sym w:font="Arial" w:char="00A7"/>', "§"),
        ('<w:t>a</w:t><w:sym w:char="no number"/>', "a"),
        ('<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf0b7 a\uf0b3b</w:t>', "• a≥b"),
        ('<w:rPr><w:rFonts w:hAnsi="Wingdings"/></w:rPr><w:t>\uf0fc</w:t>', "✓"),
        ("<w:t>\uf0b7</w:t>", "\uf0b7"),
        ("<w:t>a<!-- note -->b</w:t>", "ab"),
        ("<w:t>\n  laid out\n  </w:t>", "laid out"),
        ('<w:t xml:space="preserve">two\nlines</w:t>', "two lines"),
    ],
)  # fmt: skip
def test_a_run_gives_its_text(inside: str, text: str) -> None:
    assert read(f"<w:r>{inside}</w:r>").text == text


@pytest.mark.parametrize("wrapper", ["hyperlink", "smartTag", "fldSimple", "customXml", "bdo"])
def test_wrappers_around_runs_are_looked_into(wrapper: str) -> None:
    assert read(f"{r('a ')}<w:{wrapper}>{r('b')}</w:{wrapper}>{r(' c')}").text == "a b c"


def test_a_reading_stands_in_brackets_behind_its_character() -> None:
    ruby = "<w:ruby><w:rt><w:t>kan</w:t></w:rt><w:rubyBase><w:t>漢</w:t></w:rubyBase></w:ruby>"

    assert read(f"<w:r>{ruby}</w:r>").text == "漢(kan)"


def test_an_alternative_gives_one_of_its_forms() -> None:
    forms = "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback>"
    symbol = '<w:sym w:font="Arial" w:char="00A7"/>'
    alternative = forms + "</mc:AlternateContent>"

    assert read(f"<w:r>{alternative.format('<w:t>a</w:t>', '<w:t>b</w:t>')}</w:r>").text == "a"
    assert read(f"<w:r>{alternative.format('', '<w:t>b</w:t>')}</w:r>").text == "b"
    assert read(f"<w:r>{alternative.format(symbol, '')}</w:r>").text == "§"


def test_a_field_gives_its_result_and_not_its_code() -> None:
    parts = field("begin") + code(" PAGEREF x ") + field("separate") + r("12") + field("end")

    assert read(r("page ") + parts).text == "page 12"


def test_text_inside_the_code_of_a_field_is_set_apart() -> None:
    inner = field("begin") + code("MERGEFIELD s") + field("separate") + r("M") + field("end")
    outer = field("begin") + code("IF ") + inner + field("separate") + r("Mr") + field("end")
    document = read(outer + r(" Jones"))

    assert [(document.text_of(b), b.set_apart) for b in document.blocks] == [
        ("Mr Jones", None),
        ("M", "field code"),
    ]


def test_a_field_that_never_ends_hides_nothing() -> None:
    assert read(field("begin") + code("X") + r("all the rest")).text == "all the rest"
    assert read(field("end") + field("separate") + r("rest")).text == "rest"


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r' SYMBOL 252 \f "Wingdings" \s 12 ', "✓"),
        (r"SYMBOL 97 \f Symbol", "\u03b1"),
        ("SYMBOL 169", "©"),
        (r"SYMBOL 0x2022 \u", "•"),
        ("MACROBUTTON NoMacro [Type a name] ", "[Type a name]"),
        (r"EQ \o\ac(○,1)", "○1"),
        (r"EQ \* jc2 \* &quot;Font:MS Mincho&quot; \* hps10 \o\ad(\s\up 9(ab),東)京", "東(ab)京"),
        (r"EQ \f(\r(,x+1),2) or \b(a,b) and (c) x\,y", "(√(x+1))/2 or (a, b) and (c) x,y"),
        (r"EQ x\s\up8(2)", "x^2"),
        ("EQ " + "(" * 4000, "(" * 4000 + ")" * 49),
        ("EQ " + "a,b" * 3000, "a,b" * 3000),
        ("LISTNUM", ""),
    ],
)
def test_what_only_a_code_draws_is_read_from_it(instruction: str, shown: str) -> None:
    text = read(r("a ") + field("begin") + code(instruction) + field("end") + r(" b")).text

    assert text == f"a {shown} b"


def test_a_form_checkbox_shows_its_state() -> None:
    data = "<w:ffData><w:checkBox>{}</w:checkBox></w:ffData>"
    box = f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
    on, off = box.format("<w:checked/>"), box.format('<w:default w:val="0"/>')

    assert read(on + field("end") + r(" yes ") + off + field("end") + r(" no")).text == "☒ yes ☐ no"
