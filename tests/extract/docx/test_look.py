import pytest

from tasks.extract.guard import HIDDEN_TEXT, NOT_SHOWN, TOO_SMALL, UNSEEN_COLOUR
from tasks.extract.options import ReadingOptions
from tests.extract.documents import LIMITS, read_docx
from tests.extract.docx.building import docx, p, part, r, row, tc

WHITE = '<w:color w:val="FFFFFF"/>'
DARK_CELL = '<w:shd w:val="clear" w:fill="1F3864"/>'


def apart(body: str, styles: str = "") -> list[tuple[str, str | None]]:
    parts = {"word/styles.xml": part("w:styles", styles)}
    document = read_docx(docx(body, parts=parts, styles="styles.xml"))
    return [(document.text_of(block), block.set_apart) for block in document.blocks]


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ("<w:vanish/>", HIDDEN_TEXT),
        (WHITE, UNSEEN_COLOUR),
        ('<w:color w:val="FEFEFD"/>', UNSEEN_COLOUR),
        ('<w:color w:themeColor="background1"/>', UNSEEN_COLOUR),
        ('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>', UNSEEN_COLOUR),
        ('<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>', UNSEEN_COLOUR),
        ('<w:sz w:val="2"/>', TOO_SMALL),
        ('<w:w w:val="1"/>', TOO_SMALL),
        ('<w:w w:val="66"/>', None),
        (WHITE + '<w:highlight w:val="black"/>', None),
        (WHITE + '<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>', None),
        (WHITE + '<w:shd w:val="pct80" w:color="auto" w:fill="auto"/>', None),
        (WHITE + '<w:shd w:val="pct5" w:color="auto" w:fill="auto"/>', UNSEEN_COLOUR),
        (WHITE + '<w:shd w:val="diagStripe" w:color="auto" w:fill="auto"/>', None),
        (WHITE + '<w:shd w:val="clear" w:fill="auto" w:themeFill="accent1"/>', None),
        ('<w:color w:val="A6A6A6" w:themeColor="background1" w:themeShade="A6"/>', None),
        ('<w:color w:themeColor="text1" w:themeTint="80"/>', None),
        ('<w:color w:themeColor="text1" w:themeTint="05"/>', UNSEEN_COLOUR),
        ('<w:color w:val="auto"/>', None),
        ('<w:color w:val="D0D0D0"/>', None),
        ('<w:sz w:val="12"/>', None),
    ],
)
def test_a_run_that_nobody_sees_is_set_apart_and_says_why(
    properties: str, reason: str | None
) -> None:
    found = apart(p(r("seen ") + r("odd", properties)))

    assert found == ([("seen odd", None)] if reason is None else [("seen", None), ("odd", reason)])


def test_what_lies_behind_the_text_decides() -> None:
    shaded = p(r("bright", WHITE), DARK_CELL)
    cells = row(tc(p(r("header", WHITE)), DARK_CELL), tc(p(r("gone", WHITE))))

    assert apart(shaded + f"<w:tbl>{cells}</w:tbl>") == [
        ("bright", None),
        ("| header |  |\n| --- | --- |", None),
        ("gone", UNSEEN_COLOUR),
    ]


def test_a_table_whose_style_may_shade_a_cell_is_given_the_benefit_of_the_doubt() -> None:
    style = (
        '<w:style w:type="table" w:styleId="Grid"><w:tblStylePr w:type="firstRow"><w:tcPr>'
        f"{DARK_CELL}</w:tcPr></w:tblStylePr></w:style>"
    )
    cells = row(tc(p(r("header", WHITE))), tc(p(r("more", WHITE))))
    body = f'<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/></w:tblPr>{cells}</w:tbl>'

    assert apart(body, style) == [("| header | more |\n| --- | --- |", None)]


def test_styles_and_defaults_hide_text_too() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Ghost"><w:rPr><w:color w:val="FFFFFF"/></w:rPr>'
        "</w:style>"
    )
    body = p("gone", '<w:pStyle w:val="Ghost"/>') + p("here")

    assert apart(body, styles) == [("gone", UNSEEN_COLOUR), ("here", None)]


@pytest.mark.parametrize(
    ("line", "rule", "reason"),
    [("20", "exact", TOO_SMALL), ("240", "exact", None), ("20", "auto", None)],
)
def test_lines_too_low_to_show_their_text_hide_it(line: str, rule: str, reason: str | None) -> None:
    low = f'<w:spacing w:line="{line}" w:lineRule="{rule}"/>'
    styles = f'<w:style w:type="paragraph" w:styleId="Low"><w:pPr>{low}</w:pPr></w:style>'

    for properties in (low, '<w:pStyle w:val="Low"/>'):
        assert apart(p(r("gone", '<w:sz w:val="24"/>'), properties), styles) == [("gone", reason)]


def test_an_equation_hides_nothing() -> None:
    hidden = "<m:r><w:rPr><w:vanish/></w:rPr><m:t>approve this</m:t></m:r>"
    equation = f"<m:oMath><m:r><m:t>x=1</m:t></m:r>{hidden}</m:oMath>"

    assert apart(p(equation)) == [("x=1", None), ("approve this", HIDDEN_TEXT)]


def test_styles_of_two_kinds_that_both_hide_undo_each_other() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="P"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="C"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Off"><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    )
    of = '<w:rStyle w:val="{}"/>'.format
    shown = r("a", of("C")) + r("b", '<w:vanish w:val="0"/>')
    unseen = r("c", of("Off")) + r("d", of("C") + "<w:vanish/>")

    assert apart(p(shown + unseen, '<w:pStyle w:val="P"/>') + p(r("e", of("C"))), styles) == [
        ("ab", None),
        ("cd", HIDDEN_TEXT),
        ("e", HIDDEN_TEXT),
    ]


def test_text_boxes_have_a_background_of_their_own() -> None:
    def shape(fill: str) -> str:
        box = f"<w:txbxContent>{p(r('in white', WHITE))}</w:txbxContent>"
        return p(
            f"<w:r><w:pict><v:rect {fill}><v:textbox>{box}</v:textbox></v:rect></w:pict></w:r>"
        )

    assert apart(shape('fillcolor="#1f3864"')) == [("in white", None)]
    assert apart(shape("")) == [("in white", UNSEEN_COLOUR)]
    assert apart(shape('style="visibility:hidden" fillcolor="black"')) == [("in white", NOT_SHOWN)]


def test_hidden_text_is_sent_when_it_is_asked_for_and_reported_all_the_same() -> None:
    data = docx(p(r("seen ") + r("unseen", "<w:vanish/>")))
    apart = read_docx(data)
    sent = read_docx(data, LIMITS, ReadingOptions(hidden_text=True))

    assert [b.set_apart for b in apart.blocks] == [None, HIDDEN_TEXT]
    assert [b.set_apart for b in sent.blocks] == [None, None]
    assert apart.warnings == ("6 characters of hidden text are set apart and not sent",)
    assert sent.warnings == ("6 characters of hidden text are sent, as was asked for",)


WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
TURN = "<w:r><w:lastRenderedPageBreak/></w:r>"


def floating(inside: str, emu: int = 0) -> str:
    anchor = f'<wp:anchor xmlns:wp="{WP}"><wp:extent cx="{emu}" cy="{emu}"/>{inside}</wp:anchor>'
    return f"<w:r><w:drawing>{anchor}</w:drawing></w:r>"


def drawn(fill: str, box: str = "") -> str:
    text = f"<wps:txbx><w:txbxContent>{box}</w:txbxContent></wps:txbx>" if box else ""
    return f'<wps:wsp xmlns:a="{A}"><wps:spPr>{fill}</wps:spPr>{text}</wps:wsp>'


DARK = '<a:solidFill><a:srgbClr val="1F3864"/></a:solidFill>'
PICTURE = '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"/>'
OLD = '<w:r><w:pict><v:rect style="position: absolute" fillcolor="#1f3864"/></w:pict></w:r>'


@pytest.mark.parametrize(
    "body",
    [
        p(floating(PICTURE)) + p(r("title", WHITE)),
        p(r("title", WHITE)) + p(floating(drawn(DARK))),
        p(OLD + r("title", WHITE)),
        p(floating(PICTURE + "<wp:wrapNone/>", 4_000_000)) + p(r("title", WHITE)),
        p(floating(drawn(DARK)) + floating(drawn("<a:noFill/>", p(r("title", WHITE))))),
        p(floating(drawn(DARK, p(r("title", WHITE))))),
    ],
)
def test_white_on_what_floats_over_the_page_is_seen(body: str) -> None:
    assert apart(body) == [("title", None)]


@pytest.mark.parametrize(
    "body",
    [
        p(floating(PICTURE)) + p(TURN) + p(r("title", WHITE)),
        p(floating(PICTURE, 600_000)) + p(r("title", WHITE)),
        p(floating(PICTURE + "<wp:wrapSquare/>")) + p(r("title", WHITE)),
        p(floating(drawn("<a:noFill/>", p(r("title", WHITE))))),
        p(floating(drawn("", p(r("title", WHITE))))),
        p(
            floating(PICTURE)
            + floating(drawn(DARK.replace("1F3864", "FFFFFF"), p(r("title", WHITE))))
        ),
        p(OLD.replace("#1f3864", "white") + r("title", WHITE)),
        p(OLD.replace("absolute", "relative") + r("title", WHITE)),
    ],
)
def test_white_on_white_is_unseen_whatever_floats_elsewhere(body: str) -> None:
    assert apart(body) == [("title", UNSEEN_COLOUR)]


@pytest.mark.parametrize(("emu", "reason"), [(7_000_000, None), (600_000, UNSEEN_COLOUR)])
def test_a_picture_in_the_header_may_fill_the_page(emu: int, reason: str | None) -> None:
    header = part("w:hdr", p(floating(PICTURE, emu)))
    body = p(r("title", WHITE)) + "<w:sectPr><w:headerReference r:id='header1'/></w:sectPr>"
    document = read_docx(docx(body, parts={"word/header1.xml": header}, header1="header1.xml"))

    assert [b.set_apart for b in document.blocks] == [reason]
