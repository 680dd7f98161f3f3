"""Numbering of lists in Word files: every ordered list counts for itself."""

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tasks.write.docx.styles import HEADING_FONT

DEEPEST_LEVEL = 8
STEP_TWIPS = 425  # 0.75 cm

_BULLETS = "\u2022", "\u2013", "\u2022"
_KINDS = ("bullet", ".", ")")
_LARGEST_START = 2**31 - 1


class Numbering:
    """The numbering part of one document; `number` gives out the identifier of a new list."""

    def __init__(self, document: Document) -> None:
        self._part = document.part.numbering_part.element
        for child in list(self._part):
            self._part.remove(child)
        for identifier, kind in enumerate(_KINDS):
            self._part.append(parse_xml(_scheme(identifier, kind)))
        self._count = 0
        self.bullets = self._add(_KINDS.index("bullet"), "")

    def ordered(self, *, delimiter: str, start: int, level: int) -> int:
        """Begin an ordered list at a nesting level, counted from 0, and give its identifier."""
        first = f'<w:startOverride w:val="{min(start, _LARGEST_START)}"/>'
        override = f'<w:lvlOverride w:ilvl="{level}">{first}</w:lvlOverride>'
        return self._add(_KINDS.index(delimiter), override)

    def _add(self, scheme: int, override: str) -> int:
        self._count += 1
        self._part.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{self._count}">'
                f'<w:abstractNumId w:val="{scheme}"/>{override}</w:num>'
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
