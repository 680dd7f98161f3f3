"""Numbering of lists in Word files: every ordered list counts for itself."""

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tasks.write.docx.looks import HEADING_FONT
from tasks.write.docx.sheet import Sheet

DEEPEST_LEVEL = 8
STEP_TWIPS = 425  # 0.75 cm

_BULLETS = "\u2022", "\u2013", "\u2022"
_KINDS = ("bullet", ".", ")")
_LARGEST_START = 2**31 - 1


class Numbering:
    """The numbering part of one document; what a template numbers, such as headings, stays."""

    def __init__(self, document: Document, sheet: Sheet) -> None:
        self._part = document.part.numbering_part.element
        if not sheet.is_house:
            for child in list(self._part):
                self._part.remove(child)
        self._schemes = 1 + self._largest("w:abstractNum", "w:abstractNumId")
        self._count = self._largest("w:num", "w:numId")
        first = self._part.find(qn("w:num"))
        for identifier, kind in enumerate(_KINDS, start=self._schemes):
            scheme = parse_xml(_scheme(identifier, kind))
            if first is None:
                self._part.append(scheme)
            else:
                first.addprevious(scheme)
        self.bullets = self._add(_KINDS.index("bullet"), "")

    def ordered(self, *, delimiter: str, start: int, level: int) -> int:
        """Begin an ordered list at a nesting level, counted from 0, and give its identifier."""
        first = f'<w:startOverride w:val="{min(start, _LARGEST_START)}"/>'
        override = f'<w:lvlOverride w:ilvl="{level}">{first}</w:lvlOverride>'
        return self._add(_KINDS.index(delimiter), override)

    def _largest(self, tag: str, attribute: str) -> int:
        found = (child.get(qn(attribute), "") for child in self._part.findall(qn(tag)))
        return max((int(value) for value in found if value.isdecimal()), default=0)

    def _add(self, scheme: int, override: str) -> int:
        self._count += 1
        self._part.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{self._count}">'
                f'<w:abstractNumId w:val="{self._schemes + scheme}"/>{override}</w:num>'
            )
        )
        return self._count


def _scheme(identifier: int, kind: str) -> str:
    """Write the nine levels of a kind of list."""
    levels = "".join(_level(level, kind) for level in range(DEEPEST_LEVEL + 1))
    return (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identifier}">'
        f'<w:multiLevelType w:val="hybridMultilevel"/>{levels}</w:abstractNum>'
    )


def _level(level: int, kind: str) -> str:
    """Write a level: its mark, and the indents of its text."""
    mark = _BULLETS[level % len(_BULLETS)] if kind == "bullet" else f"%{level + 1}{kind}"
    # Bullets of the serif face are specks.
    fonts = f'<w:rFonts w:ascii="{HEADING_FONT}" w:hAnsi="{HEADING_FONT}" w:cs="{HEADING_FONT}"/>'
    face = f"<w:rPr>{fonts}</w:rPr>" if kind == "bullet" else ""
    form = "bullet" if kind == "bullet" else "decimal"
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{mark}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{STEP_TWIPS * (level + 1)}" w:hanging="{STEP_TWIPS}"/></w:pPr>'
        f"{face}</w:lvl>"
    )
