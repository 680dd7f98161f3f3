"""What a paragraph or a run is by its properties and styles: heading, list item, hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.core.documents import BlockKind
from tasks.extract.docx.xml import Element, W, number_of, switch_of, value_of

_HEADING = re.compile(r"heading ?([1-9])$", re.IGNORECASE)
_LIST = re.compile(r"list(?: bullet| number)? ?([2-9])$", re.IGNORECASE)
_BODY_OUTLINE = 9


@dataclass(frozen=True, slots=True)
class StyleTraits:
    """What a style says after its chain of `basedOn`; None where it says nothing."""

    outline: int | None = None
    list_id: int | None = None
    list_level: int | None = None
    hidden: bool | None = None
    page_before: bool | None = None


_NO_TRAITS = StyleTraits()


@dataclass(frozen=True, slots=True)
class ParagraphTraits:
    """What a paragraph is; `hidden` holds for its runs unless they say otherwise."""

    kind: BlockKind
    level: int | None
    hidden: bool
    page_before: bool


class Styles:
    """The styles of one document, resolved once each."""

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        found = [] if styles is None else styles.findall(f"{W}style")
        self._elements = {style.get(f"{W}styleId"): style for style in found}
        self._default = _default_paragraph_style(found)
        self._list_level_of = _levels_by_style(numbering)
        self._resolved: dict[str | None, StyleTraits] = {}
        defaults = None if styles is None else styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._hidden_by_default = bool(switch_of(defaults, f"{W}vanish"))

    def paragraph(self, properties: Element | None) -> ParagraphTraits:
        """Tell what a paragraph with these `w:pPr` is."""
        style = self._traits(value_of(properties, f"{W}pStyle") or self._default)
        kind, level = _kind_of(properties, style)
        hidden = self._hidden_by_default if style.hidden is None else style.hidden
        direct_break = switch_of(properties, f"{W}pageBreakBefore")
        page_before = style.page_before if direct_break is None else direct_break
        return ParagraphTraits(kind, level, hidden, bool(page_before))

    def run_hidden(self, properties: Element | None, *, inherited: bool) -> bool:
        """Tell whether a run with these `w:rPr` is hidden text."""
        if properties is None:
            return inherited
        direct = switch_of(properties, f"{W}vanish")
        if direct is None:
            style = value_of(properties, f"{W}rStyle")
            direct = self._traits(style).hidden if style else None
        return inherited if direct is None else direct

    def _traits(self, style_id: str | None) -> StyleTraits:
        if style_id not in self._resolved:
            self._resolved[style_id] = self._resolve(style_id)
        return self._resolved[style_id]

    def _resolve(self, style_id: str | None) -> StyleTraits:
        """Let each style of the chain fill in what those nearer to the paragraph leave open."""
        outline = list_id = list_level = hidden = page_before = None
        for name, style in self._chain(style_id):
            paragraph = style.find(f"{W}pPr")
            numbers = None if paragraph is None else paragraph.find(f"{W}numPr")
            if outline is None:
                outline = _outline_of(style, paragraph)
            if list_id is None:
                list_id = number_of(numbers, f"{W}numId")
            if list_level is None:
                list_level = self._style_list_level(name, style, numbers)
            if hidden is None:
                hidden = switch_of(style.find(f"{W}rPr"), f"{W}vanish")
            if page_before is None:
                page_before = switch_of(paragraph, f"{W}pageBreakBefore")
        return StyleTraits(outline, list_id, list_level, hidden, page_before)

    def _style_list_level(
        self, name: str | None, style: Element, numbers: Element | None
    ) -> int | None:
        """Give the list level (from 0) by the style, by its numbering, or by its name."""
        level = number_of(numbers, f"{W}ilvl")
        if level is None:
            level = self._list_level_of.get(name)
        if not level and (named := _LIST.match(value_of(style, f"{W}name") or "")):
            return int(named[1]) - 1
        return level

    def _chain(self, style_id: str | None) -> Iterator[tuple[str | None, Element]]:
        seen: set[str | None] = set()
        while style_id in self._elements and style_id not in seen:
            seen.add(style_id)
            style = self._elements[style_id]
            yield style_id, style
            style_id = value_of(style, f"{W}basedOn")


def _kind_of(properties: Element | None, style: StyleTraits) -> tuple[BlockKind, int | None]:
    outline = number_of(properties, f"{W}outlineLvl")
    outline = style.outline if outline is None else outline
    if outline is not None and 0 <= outline < _BODY_OUTLINE:
        return BlockKind.HEADING, outline + 1
    numbers = None if properties is None else properties.find(f"{W}numPr")
    list_id = number_of(numbers, f"{W}numId")
    list_id = style.list_id if list_id is None else list_id
    if not list_id:  # 0 takes the numbering of the style away
        return BlockKind.PARAGRAPH, None
    level = number_of(numbers, f"{W}ilvl")
    level = style.list_level if level is None else level
    return BlockKind.LIST_ITEM, max(level or 0, 0) + 1


def _outline_of(style: Element, paragraph: Element | None) -> int | None:
    """Give the outline level (from 0) that a style has by itself; a title stands on the top."""
    outline = number_of(paragraph, f"{W}outlineLvl")
    if outline is not None:
        return outline
    for name in (value_of(style, f"{W}name") or "", style.get(f"{W}styleId", "")):
        if heading := _HEADING.match(name):
            return int(heading[1]) - 1
        if name.lower() == "title":
            return 0
    return None


def _default_paragraph_style(styles: list[Element]) -> str | None:
    for style in styles:
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}:
            return str(style.get(f"{W}styleId"))
    return None


def _levels_by_style(numbering: Element | None) -> dict[str | None, int]:
    """Map the styles that a numbering names to the level (from 0) at which it names them."""
    if numbering is None:
        return {}
    return {
        value_of(level, f"{W}pStyle"): int(level.get(f"{W}ilvl", "0"))
        for level in numbering.iterfind(f"{W}abstractNum/{W}lvl")
        if level.get(f"{W}ilvl", "0").isdecimal()
    }
