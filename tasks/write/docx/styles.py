"""The look of our Word files: a serif text face, near-black headings, hairlines, much white.

The styles bear Word's own names, so that a person's template or a later change of style takes
hold. They are written as one sheet: python-docx's default document brings a hundred coloured table
styles that nobody asked for, in a file four times the size.
"""

from dataclasses import dataclass

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Length

TEXT_FONT = "Cambria"
HEADING_FONT = "Calibri"
CODE_FONT = "Courier New"
INK = "1F2A44"
GREY = "595959"
LINK_BLUE = "1F4E9E"
HAIRLINE = "BFBFBF"

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Cm(21), Cm(29.7), Cm(2.5)
TEXT_WIDTH = Length(PAGE_WIDTH - 2 * MARGIN)
DEEPEST_HEADING = 9

_HEADING_SIZES_PT = (15, 12.5, 11.5, 11, 11, 11, 11, 11, 11)
_DEFAULTS = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US"/></w:rPr></w:rPrDefault>'
    "<w:pPrDefault/></w:docDefaults>"
)
_PLAIN = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{cells}</w:tblCellMar></w:tblPr>'
    '</w:style><w:style w:type="numbering" w:default="1" w:styleId="NoList">'
    '<w:name w:val="No List"/></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
    '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{grid}</w:tblBorders></w:tblPr>'
    "</w:style>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One style; lengths are in points, `line` in lines, `rules` name the sides with a hairline."""

    name: str
    kind: str = "paragraph"
    based_on: str | None = "Normal"
    font: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    underlined: bool = False
    colour: str | None = None
    before: float | None = None
    after: float | None = None
    line: float = 1.15
    indents: tuple[float, float] | None = None
    rules: tuple[tuple[str, int, int], ...] = ()
    shade: str | None = None
    kept_with_next: bool = False
    outline_level: int | None = None
    tab_right: int | None = None
    following: str | None = None


def _box(space: int) -> tuple[tuple[str, int, int], ...]:
    return tuple((side, 4, space) for side in ("top", "left", "bottom", "right"))


def _heading(level: int) -> _Look:
    """Tell headings apart by size and weight, not by colour."""
    return _Look(
        name=f"heading {level}",
        font=HEADING_FONT,
        size=_HEADING_SIZES_PT[level - 1],
        bold=level <= 3,
        italic=level > 3,
        colour=INK,
        before=18 if level == 1 else 13,
        after=5,
        line=1.05,
        kept_with_next=True,
        outline_level=level - 1,
        following="Normal",
    )


_LOOKS = (
    _Look(name="Normal", based_on=None, font=TEXT_FONT, size=11, before=0, after=7),
    _Look(
        name="Title",
        font=HEADING_FONT,
        size=21,
        bold=True,
        colour=INK,
        before=0,
        after=16,
        line=1.0,
        rules=(("bottom", 6, 6),),
        following="Normal",
    ),
    *(_heading(level) for level in range(1, DEEPEST_HEADING + 1)),
    *(
        _Look(name=f"List {kind}{suffix}", before=0, after=3)
        for kind in ("Bullet", "Number", "Continue")
        for suffix in ("", " 2", " 3")
    ),
    _Look(name="Quote", size=10.5, before=0, after=7, indents=(22, 22), rules=(("left", 12, 10),)),
    _Look(
        name="Intense Quote",
        font=HEADING_FONT,
        size=10.5,
        colour=INK,
        before=0,
        after=12,
        line=1.1,
        indents=(7, 7),
        rules=_box(6),
        shade="F6F5F0",
    ),
    _Look(
        name="Code",
        font=CODE_FONT,
        size=9,
        before=4,
        after=11,
        line=1.0,
        indents=(5, 5),
        rules=_box(4),
        shade="F7F7F7",
    ),
    _Look(name="Table Text", font=HEADING_FONT, size=10, before=2, after=2, line=1.05),
    _Look(name="Table Heading", based_on="TableText", bold=True, colour=INK, kept_with_next=True),
    _Look(name="Table Text Narrow", based_on="TableText", size=8.5),
    _Look(name="Table Heading Narrow", based_on="TableHeading", size=8.5),
    _Look(name="Rule", size=4, before=0, after=9, line=1.0, rules=(("bottom", 6, 1),)),
    _Look(name="Table Gap", size=6, before=0, after=0, line=1.0),
    _Look(
        name="footer",
        font=HEADING_FONT,
        size=8.5,
        colour=GREY,
        before=0,
        after=0,
        line=1.0,
        tab_right=TEXT_WIDTH.twips,
    ),
    _Look(name="Inline Code", kind="character", based_on=None, font=CODE_FONT, size=9.5),
    _Look(name="Hyperlink", kind="character", based_on=None, colour=LINK_BLUE, underlined=True),
)


def set_look(document: Document) -> None:
    """Give a new document our page, styles and language."""
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    sheet = document.styles.element
    for child in list(sheet):
        sheet.remove(child)
    sides = ("top", "left", "bottom", "right")
    cells = "".join(f'<w:{s} w:w="{100 * (s in sides[1::2])}" w:type="dxa"/>' for s in sides)
    grid = "".join(_rule(side, 4, 0) for side in (*sides, "insideH", "insideV"))
    plain = _PLAIN.format(cells=cells, grid=grid)
    for child in _elements(_DEFAULTS + plain + "".join(map(_style, _LOOKS))):
        sheet.append(child)


def style_id(name: str) -> str:
    """Give the identifier of one of our styles, as paragraphs and runs refer to it."""
    return "".join(word[0].upper() + word[1:] for word in name.split())


def _elements(xml: str) -> list[object]:
    """Parse a run of elements."""
    return list(parse_xml(f"<w:styles {nsdecls('w')}>{xml}</w:styles>"))


def _style(look: _Look) -> str:
    """Write a style; the order of the elements is the schema's."""
    default = ' w:default="1"' if look.name == "Normal" else ""
    paragraph = f"<w:pPr>{_shape(look)}</w:pPr>" if look.kind == "paragraph" else ""
    return (
        f'<w:style w:type="{look.kind}"{default} w:styleId="{style_id(look.name)}">'
        f"{_value('name', look.name)}{_value('basedOn', look.based_on)}"
        f"{_value('next', look.following)}<w:qFormat/>"
        f"{paragraph}<w:rPr>{_type(look)}</w:rPr></w:style>"
    )


def _shape(look: _Look) -> str:
    """Write a paragraph's shape."""
    rules = "".join(_rule(*rule) for rule in look.rules)
    keep = "<w:keepNext/><w:keepLines/>" if look.kept_with_next else ""
    tab = f'<w:tab w:val="right" w:pos="{look.tab_right}"/>' if look.tab_right else ""
    return (
        keep
        + (f"<w:pBdr>{rules}</w:pBdr>" if rules else "")
        + (f'<w:shd w:val="clear" w:color="auto" w:fill="{look.shade}"/>' if look.shade else "")
        + (f"<w:tabs>{tab}</w:tabs>" if tab else "")
        + _spacing(look)
        + _indents(look)
        + _value("outlineLvl", look.outline_level)
    )


def _spacing(look: _Look) -> str:
    """Write the space around and between lines, unless the base style is to speak."""
    if look.before is None or look.after is None:
        return ""
    around = f'w:before="{_twips(look.before)}" w:after="{_twips(look.after)}"'
    return f'<w:spacing {around} w:line="{round(look.line * 240)}" w:lineRule="auto"/>'


def _indents(look: _Look) -> str:
    if look.indents is None:
        return ""
    left, right = map(_twips, look.indents)
    return f'<w:ind w:left="{left}" w:right="{right}"/>'


def _type(look: _Look) -> str:
    """Write the face; East Asian letters have their own in every system."""
    font = f'w:ascii="{look.font}" w:hAnsi="{look.font}" w:cs="{look.font}"'
    half_points = None if look.size is None else round(look.size * 2)
    return (
        (f"<w:rFonts {font}/>" if look.font else "")
        + _switch("b", look.bold)
        + _switch("i", look.italic)
        + _value("color", look.colour)
        + _value("sz", half_points)
        + _value("szCs", half_points)
        + ('<w:u w:val="single"/>' if look.underlined else "")
    )


def _rule(side: str, eighths_pt: int, space_pt: int) -> str:
    look = f'w:val="single" w:sz="{eighths_pt}" w:space="{space_pt}" w:color="{HAIRLINE}"'
    return f"<w:{side} {look}/>"


def _switch(tag: str, on: bool | None) -> str:  # noqa: FBT001 - the value is what is written
    return "" if on is None else f'<w:{tag} w:val="{int(on)}"/><w:{tag}Cs w:val="{int(on)}"/>'


def _value(tag: str, value: str | int | None) -> str:
    return "" if value is None else f'<w:{tag} w:val="{value}"/>'


def _twips(points: float) -> int:
    return round(points * 20)
