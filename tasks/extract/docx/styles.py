"""What a paragraph or a run is by its properties and styles: heading, list item, hidden."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tasks.core.documents import BlockKind
from tasks.extract.docx.look import NO_LOOK, WHITE, Look, fill_of, lines_of, look_of
from tasks.extract.docx.names import heading_level, list_level
from tasks.extract.docx.numbering import Numbering
from tasks.extract.xml import Element, W, number_of, switch_of, value_of

_BODY_OUTLINE = 9


@dataclass(frozen=True, slots=True)
class StyleTraits:
    """What a style says after its chain of `basedOn`; None where it says nothing.

    `list_level` counts, `named_level` is that of its name: List Bullet 2 has a list of its own, of
    which it is the first level.
    """

    outline: int | None = None
    list_id: int | None = None
    list_level: int | None = None
    named_level: int | None = None
    page_before: bool | None = None
    look: Look = NO_LOOK


@dataclass(frozen=True, slots=True)
class ParagraphTraits:
    """What a paragraph is; `look` holds for its runs unless they say otherwise.

    `list_id` and `list_level` (from 0) name the list that counts it, if one does. `hidden_end`: its
    mark is hidden, so that nothing of it is seen where it has no other text.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None
    look: Look = NO_LOOK
    page_before: bool = False
    list_id: int | None = None
    list_level: int = 0
    hidden_end: bool = False


class Styles:
    """The styles and lists of one document, resolved once each."""

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        found = [] if styles is None else styles.findall(f"{W}style")
        self.numbering = Numbering(numbering)
        self._elements = {style.get(f"{W}styleId"): style for style in found}
        self._default = _default_paragraph_style(found)
        self._list_level_of = self.numbering.levels_by_style()
        self._resolved: dict[str | None, StyleTraits] = {}
        defaults = None if styles is None else styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._default_look = look_of(defaults)

    def paragraph(self, properties: Element | None, background: str | None) -> ParagraphTraits:
        """Tell what a paragraph with these `w:pPr` is, before a background if that is known."""
        style = self._traits(value_of(properties, f"{W}pStyle") or self._default)
        numbers = None if properties is None else properties.find(f"{W}numPr")
        list_id, place = _list_of(numbers, style)
        deep = place or style.named_level or 0
        kind, level = _kind_of(properties, style, deep if list_id else None)
        direct_break = switch_of(properties, f"{W}pageBreakBefore")
        page_before = style.page_before if direct_break is None else direct_break
        fill = fill_of(properties)
        own = lines_of(properties).on(fill)
        look = own.over(style.look).over(self._default_look).on(background)
        mark = None if properties is None else properties.find(f"{W}rPr")
        ends_hidden = bool(switch_of(mark, f"{W}vanish"))
        return ParagraphTraits(kind, level, look, bool(page_before), list_id, place, ends_hidden)

    def run(self, properties: Element | None, around: Look) -> Look:
        """Tell how a run with these `w:rPr` looks within a paragraph."""
        if properties is None:
            return around
        style = value_of(properties, f"{W}rStyle")
        by_style = self._traits(style).look if style else NO_LOOK
        if by_style.hidden is not None:  # styles of two kinds that both hide undo each other
            by_style = replace(by_style, hidden=by_style.hidden != bool(around.hidden))
        return look_of(properties).over(by_style).over(around)

    def behind_table(self, properties: Element | None, background: str | None) -> str | None:
        """Give the background of a table's cells, None where its style may shade some of them."""
        for _, style in self._chain(value_of(properties, f"{W}tblStyle")):
            fills = (shading.get(f"{W}fill", "auto") for shading in style.iter(f"{W}shd"))
            if any(fill.upper() not in {"AUTO", WHITE} for fill in fills):
                return None
        return fill_of(properties) or background

    def _traits(self, style_id: str | None) -> StyleTraits:
        if style_id not in self._resolved:
            self._resolved[style_id] = self._resolve(style_id)
        return self._resolved[style_id]

    def _resolve(self, style_id: str | None) -> StyleTraits:
        """Let each style of the chain fill in what those nearer to the paragraph leave open."""
        outline = list_id = place = named = page_before = None
        look = NO_LOOK
        for name, style in self._chain(style_id):
            paragraph = style.find(f"{W}pPr")
            numbers = None if paragraph is None else paragraph.find(f"{W}numPr")
            if outline is None:
                outline = _outline_of(style, paragraph)
            if list_id is None:
                list_id = number_of(numbers, f"{W}numId")
            if place is None:
                place = self._style_list_level(name, numbers)
            if named is None:
                named = list_level(value_of(style, f"{W}name") or "")
            if page_before is None:
                page_before = switch_of(paragraph, f"{W}pageBreakBefore")
            own = look_of(style.find(f"{W}rPr")).on(fill_of(paragraph))
            look = look.over(own).over(lines_of(paragraph))
        return StyleTraits(outline, list_id, place, named, page_before, look)

    def _style_list_level(self, style_id: str | None, numbers: Element | None) -> int | None:
        """Give the list level (from 0) by the style, or by its numbering."""
        level = number_of(numbers, f"{W}ilvl")
        return self._list_level_of.get(style_id or "") if level is None else level

    def _chain(self, style_id: str | None) -> Iterator[tuple[str | None, Element]]:
        seen: set[str | None] = set()
        while style_id in self._elements and style_id not in seen:
            seen.add(style_id)
            style = self._elements[style_id]
            yield style_id, style
            style_id = value_of(style, f"{W}basedOn")


def _list_of(numbers: Element | None, style: StyleTraits) -> tuple[int | None, int]:
    """Give the list of a paragraph and the level there, from 0; 0 takes away a style's list."""
    list_id = number_of(numbers, f"{W}numId")
    level = number_of(numbers, f"{W}ilvl")
    list_id = style.list_id if list_id is None else list_id
    level = style.list_level if level is None else level
    return list_id or None, max(level or 0, 0)


def _kind_of(
    properties: Element | None, style: StyleTraits, place: int | None
) -> tuple[BlockKind, int | None]:
    outline = number_of(properties, f"{W}outlineLvl")
    outline = style.outline if outline is None else outline
    if outline is not None and 0 <= outline < _BODY_OUTLINE:
        return BlockKind.HEADING, outline + 1
    if place is None:
        return BlockKind.PARAGRAPH, None
    return BlockKind.LIST_ITEM, place + 1


def _outline_of(style: Element, paragraph: Element | None) -> int | None:
    """Give the outline level (from 0) that a style has by itself."""
    outline = number_of(paragraph, f"{W}outlineLvl")
    if outline is not None:
        return outline
    levels = (
        heading_level(name)
        for name in (value_of(style, f"{W}name") or "", style.get(f"{W}styleId", ""))
    )
    return next((level - 1 for level in levels if level), None)


def _default_paragraph_style(styles: list[Element]) -> str | None:
    for style in styles:
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}:
            return str(style.get(f"{W}styleId"))
    return None
