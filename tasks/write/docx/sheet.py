"""The style sheet of a Word file: ours as one sheet, or a template's with what it lacks.

python-docx's default document brings a hundred coloured table styles that nobody asked for, in a
file four times the size; so ours is written anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tasks.write.docx.looks import (
    CODE_FONT,
    EAST_ASIAN_FONTS,
    HEADING_FONT,
    LOOKS,
    RIGHT_TO_LEFT_FONTS,
    TEXT_FONT,
    Look,
)
from tasks.write.language import Language

HAIRLINE = "BFBFBF"
_SIDES = ("top", "left", "bottom", "right")
_SMALL_PRINT = {"footnote text", "Code", "Inline Code", "Rule", "Table Gap", "Table Text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The styles of one document; `identifiers` gives them by name in lower case.

    `width` is that of the text in twips; `is_house` says that the styles are a template's.
    """

    language: Language
    width: int
    is_house: bool = False
    identifiers: dict[str, str] = field(default_factory=dict)

    def id(self, name: str) -> str:
        """Give the identifier of a style, as paragraphs and runs refer to it."""
        return self.identifiers[name.lower()]


def own_sheet(document: Document, *, language: Language, width: int) -> Sheet:
    """Give a new document our styles and its language."""
    sheet = Sheet(language=language, width=width)
    element = document.styles.element
    for child in list(element):
        element.remove(child)
    _extend(element, _defaults(language) + _basics(), sheet, LOOKS)
    return sheet


def house_sheet(document: Document, *, language: Language, width: int) -> Sheet:
    """Keep a template's styles, and add those that it lacks in its own typeface."""
    element = document.styles.element
    known = {
        _name_of(style): style.get(qn("w:styleId"), "") for style in element.findall(qn("w:style"))
    }
    sheet = Sheet(language=language, width=width, is_house=True, identifiers=known)
    missing = [_subdued(look) for look in LOOKS if look.name.lower() not in known]
    _extend(element, "" if "table grid" in known else _grid("TableGrid"), sheet, missing)
    return sheet


def _extend(element: object, xml: str, sheet: Sheet, looks: tuple[Look, ...] | list[Look]) -> None:
    """Put styles at the end of a sheet."""
    taken = {*sheet.identifiers.values()}
    for look in looks:
        name = "".join(word[0].upper() + word[1:] for word in look.name.split())
        sheet.identifiers[look.name.lower()] = name if name not in taken else f"{name}Docmill"
    sheet.identifiers.setdefault("table grid", "TableGrid")
    xml += "".join(_style(look, sheet) for look in looks)
    for child in list(parse_xml(f"<w:styles {nsdecls('w')}>{xml}</w:styles>")):
        element.append(child)  # type: ignore[attr-defined] # an lxml element


def _name_of(style: object) -> str:
    name = style.find(qn("w:name"))  # type: ignore[attr-defined] # an lxml element
    return "" if name is None else str(name.get(qn("w:val"), "")).lower()


def _subdued(look: Look) -> Look:
    """Take from a look what would not be in keeping with a template: faces, sizes, colours."""
    return replace(
        look,
        font=look.font if look.font == CODE_FONT else None,
        size=look.size if look.name in _SMALL_PRINT else None,
        colour=None,
        shade=None,
    )


def _defaults(language: Language) -> str:
    """Write what holds for all text: the faces of other scripts, and the languages."""
    east_asian = EAST_ASIAN_FONTS.get(language.east_asian or "")
    fonts = f' w:eastAsia="{east_asian[0]}"' if east_asian else ""
    tags = f'w:val="{language.of_latin_letters}"'
    tags += f' w:eastAsia="{language.east_asian}"' if language.east_asian else ""
    tags += f' w:bidi="{language.right_to_left}"' if language.right_to_left else ""
    return (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{TEXT_FONT}" '
        f'w:hAnsi="{TEXT_FONT}"{fonts} w:cs="{RIGHT_TO_LEFT_FONTS[0]}"/><w:lang {tags}/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )


def _basics() -> str:
    """Write the styles that are there without being seen, and the table's."""
    cells = "".join(f'<w:{s} w:w="{100 * (s in _SIDES[1::2])}" w:type="dxa"/>' for s in _SIDES)
    return (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"<w:tblCellMar>{cells}</w:tblCellMar></w:tblPr></w:style>"
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList">'
        '<w:name w:val="No List"/></w:style>' + _grid("TableGrid", based_on="TableNormal")
    )


def _grid(identifier: str, *, based_on: str | None = None) -> str:
    grid = "".join(_rule(side, 4, 0) for side in (*_SIDES, "insideH", "insideV"))
    return (
        f'<w:style w:type="table" w:styleId="{identifier}"><w:name w:val="Table Grid"/>'
        f"{_value('basedOn', based_on)}<w:tblPr><w:tblBorders>{grid}</w:tblBorders></w:tblPr>"
        "</w:style>"
    )


def _style(look: Look, sheet: Sheet) -> str:
    """Write a style; the order of the elements is the schema's."""
    default = ' w:default="1"' if look.name == "Normal" else ""
    paragraph = f"<w:pPr>{''.join(_shape(look, sheet))}</w:pPr>" if look.kind != "character" else ""
    base, following = (sheet.id(n) if n else None for n in (look.based_on, look.following))
    return (
        f'<w:style w:type="{look.kind}"{default} w:styleId="{sheet.id(look.name)}">'
        f"{_value('name', look.name)}{_value('basedOn', base)}"
        f"{_value('next', following)}<w:qFormat/>"
        f"{paragraph}<w:rPr>{''.join(_type(look, sheet.language))}</w:rPr></w:style>"
    )


def _shape(look: Look, sheet: Sheet) -> Iterator[str]:
    """Write a paragraph's shape."""
    if look.kept_with_next:
        yield "<w:keepNext/><w:keepLines/>"
    if look.rules:
        yield f"<w:pBdr>{''.join(_rule(*rule) for rule in look.rules)}</w:pBdr>"
    if look.shade:
        yield f'<w:shd w:val="clear" w:color="auto" w:fill="{look.shade}"/>'
    if look.tab_right:
        yield f'<w:tabs><w:tab w:val="right" w:pos="{sheet.width}"/></w:tabs>'
    if look.before is not None and look.after is not None:
        around = f'w:before="{_twips(look.before)}" w:after="{_twips(look.after)}"'
        yield f'<w:spacing {around} w:line="{round(look.line * 240)}" w:lineRule="auto"/>'
    if look.indents is not None:
        left, right = map(_twips, look.indents)
        hanging = f' w:hanging="{_twips(look.hanging)}"' if look.hanging else ""
        yield f'<w:ind w:left="{left}" w:right="{right}"{hanging}/>'
    yield _value("outlineLvl", look.outline_level)


def _type(look: Look, language: Language) -> Iterator[str]:
    """Write the face, each script's own."""
    if look.font:
        is_heading = look.font == HEADING_FONT
        east_asian = EAST_ASIAN_FONTS.get(language.east_asian or "")
        other = look.font if look.font == CODE_FONT else RIGHT_TO_LEFT_FONTS[is_heading]
        far = f' w:eastAsia="{east_asian[is_heading]}"' if east_asian else ""
        yield f'<w:rFonts w:ascii="{look.font}" w:hAnsi="{look.font}"{far} w:cs="{other}"/>'
    yield _switch("b", look.bold) + _switch("i", look.italic)
    yield _value("color", look.colour)
    half_points = None if look.size is None else round(look.size * 2)
    yield _value("sz", half_points) + _value("szCs", half_points)
    yield '<w:u w:val="single"/>' if look.underlined else ""
    yield '<w:vertAlign w:val="superscript"/>' if look.raised else ""


def _rule(side: str, eighths_pt: int, space_pt: int) -> str:
    look = f'w:val="single" w:sz="{eighths_pt}" w:space="{space_pt}" w:color="{HAIRLINE}"'
    return f"<w:{side} {look}/>"


def _switch(tag: str, on: bool | None) -> str:  # noqa: FBT001 - the value is what is written
    return "" if on is None else f'<w:{tag} w:val="{int(on)}"/><w:{tag}Cs w:val="{int(on)}"/>'


def _value(tag: str, value: str | int | None) -> str:
    return "" if value is None else f'<w:{tag} w:val="{value}"/>'


def _twips(points: float) -> int:
    return round(points * 20)
