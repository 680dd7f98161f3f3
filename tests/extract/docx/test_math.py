import pytest

from tasks.extract.docx.math import linear
from tasks.extract.limits import ExtractionLimits
from tasks.extract.xml import parse_xml
from tests.extract.docx.building import part


def t(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def e(text: str, tag: str = "e") -> str:
    return f"<m:{tag}>{t(text)}</m:{tag}>"


def of(tag: str, *inner: str) -> str:
    return f"<m:{tag}>{''.join(inner)}</m:{tag}>"


def has(tag: str, **properties: str) -> str:
    return of(tag + "Pr", *(f'<m:{name} m:val="{value}"/>' for name, value in properties.items()))


@pytest.mark.parametrize(
    ("equation", "line"),
    [
        (t("E=") + of("sSup", e("mc"), e("2", "sup")), "E=mc^2"),
        (of("f", e("a+b", "num"), e("c", "den")), "(a+b)/c"),
        (of("f", has("f", type="noBar"), e("n", "num"), e("k", "den")), "n¦k"),
        (of("sSubSup", e("x"), e("i", "sub"), e("2", "sup")), "x_i^2"),
        (of("sPre", e("1", "sub"), e("2", "sup"), e("H")), "_1^2H"),
        (of("rad", e("3", "deg"), e("x+1")), "3√(x+1)"),
        (of("nary", has("nary", chr="∑"), e("k=0", "sub"), e("k")), "∑_(k=0) k"),
        (of("nary", e("a", "sub"), e("b", "sup"), e("x")), "∫_a^b x"),
        (of("d", e("a"), e("b")), "(a|b)"),
        (of("d", has("d", begChr="[", endChr="]", sepChr=";"), e("a"), e("b")), "[a;b]"),
        (of("func", e("sin", "fName"), e("x")), "sin x"),
        (of("limLow", e("lim"), e("n", "lim")), "lim_n"),
        (of("limUpp", e("y"), e("def", "lim")), "y^def"),
        (of("m", of("mr", e("1"), e("0")), of("mr", e("0"), e("1"))), "1, 0; 0, 1"),
        (of("eqArr", e("x=1"), e("y=2")), "x=1; y=2"),
        (of("acc", e("x")), "x\u0302"),
        (of("box", e("b")) + f"<w:ins>{t('+')}</w:ins><w:del>{t('-')}</w:del>", "b+"),
    ],
)
def test_an_equation_is_written_on_one_line(equation: str, line: str) -> None:
    assert linear(parse_xml(part("m:oMath", equation).encode(), "test", ExtractionLimits())) == line
