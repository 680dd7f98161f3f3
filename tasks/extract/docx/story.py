"""The walk over a story of a Word file: body, note, comment, header or text box, to pieces."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from tasks.core.documents import BlockKind
from tasks.extract.assemble import BLOCK_SEPARATOR, Piece
from tasks.extract.docx.inline import INVISIBLE, Inline, InlineReader
from tasks.extract.docx.pages import TURN, NoTurns, PageTurns
from tasks.extract.docx.styles import ParagraphTraits, Styles
from tasks.extract.docx.tables import RowText, flat_table, markdown_table, rows_of
from tasks.extract.docx.xml import MC, Element, M, W, alternative

HIDDEN_TEXT = "hidden text"
FIELD_CODE = "field code"

# Found between paragraphs, these are a paragraph of their own.
_INLINE = {f"{W}r", f"{W}hyperlink", f"{W}fldSimple", f"{M}oMath", f"{M}oMathPara"}
_DELETED_MARKS = (f"{W}rPr/{W}del", f"{W}rPr/{W}moveFrom")


NoteReader = Callable[[str, str], list[Piece]]  # (kind, id) to the pieces of a note or comment


def no_notes(_kind: str, _id: str) -> list[Piece]:
    """Stand in where a story refers to no notes."""
    return []


@dataclass(slots=True, kw_only=True)
class Story:
    """Reads one story; `notes` is asked for each note and comment that the story refers to.

    `section_turns` says for each section but the last whether the page turns after it.
    """

    styles: Styles
    turns: PageTurns = field(default_factory=NoTurns)
    notes: NoteReader = no_notes
    section_turns: Iterator[bool] = field(default_factory=lambda: iter(()))
    cells_deep: int = 0
    _carried: Inline | None = None

    def read(self, container: Element) -> list[Piece]:
        """Give the pieces of everything inside a container of blocks, in reading order."""
        pieces: list[Piece] = []
        self._read_into(pieces, container)
        pieces += self._end_carried()
        return pieces

    def _read_into(self, pieces: list[Piece], container: Iterable[Element]) -> None:
        for child in container:
            tag = child.tag
            if tag == f"{W}p":
                pieces += self._paragraph(child)
            elif tag == f"{W}tbl":
                pieces += self._end_carried()
                pieces += self._table(child)
            elif tag in _INLINE:
                pieces += self._loose(child)
            elif tag == f"{MC}AlternateContent":
                branch = alternative(child)
                self._read_into(pieces, () if branch is None else branch)
            elif tag not in INVISIBLE:
                self._read_into(pieces, child)

    def _paragraph(self, paragraph: Element) -> list[Piece]:
        properties = paragraph.find(f"{W}pPr")
        traits = self.styles.paragraph(properties)
        inline = self._carried or Inline()
        self._carried = None
        if traits.page_before:
            inline.visible.append(self.turns.implied())
        InlineReader(inline, self.styles, self.turns, hidden=traits.hidden).read(paragraph)
        if properties is None:
            return self._finish(inline, traits)
        if any(properties.find(mark) is not None for mark in _DELETED_MARKS):
            self._carried = inline  # with its end deleted it runs on into the next paragraph
            return []
        pieces = self._finish(inline, traits)
        if properties.find(f"{W}sectPr") is not None and next(self.section_turns, False):
            pieces += cut_at_turns(self.turns.implied(), traits)
        return pieces

    def _loose(self, element: Element) -> list[Piece]:
        """Read an inline element between paragraphs as a paragraph of its own."""
        traits = self.styles.paragraph(None)
        inline = Inline()
        InlineReader(inline, self.styles, self.turns, hidden=traits.hidden).read_one(element)
        return self._finish(inline, traits)

    def _end_carried(self) -> list[Piece]:
        """Finish a paragraph whose end is deleted but that no other paragraph follows."""
        inline, self._carried = self._carried, None
        return self._finish(inline, self.styles.paragraph(None)) if inline else []

    def _finish(self, inline: Inline, traits: ParagraphTraits) -> list[Piece]:
        """Give a paragraph's text, then what is set apart from it, then what hangs on it."""
        pieces = cut_at_turns("".join(inline.visible), traits)
        for parts, reason in ((inline.hidden, HIDDEN_TEXT), (inline.codes, FIELD_CODE)):
            if parts:
                text = "".join(parts)
                pieces.append(Piece(text, traits.kind, traits.level, set_apart=reason))
        for box, hidden in inline.boxes:
            pieces += self._text_box(box, HIDDEN_TEXT if hidden else None)
        for kind, name in inline.references:
            pieces += self.notes(kind, name)
        return pieces

    def _text_box(self, box: Element, set_apart: str | None) -> list[Piece]:
        story = Story(styles=self.styles, notes=self.notes, cells_deep=self.cells_deep)
        return [replace(p, set_apart=p.set_apart or set_apart) for p in story.read(box)]

    def _table(self, table: Element) -> list[Piece]:
        """Give a table as one piece, and after it what its cells set apart or refer to."""
        rows = rows_of(table)
        if len(rows) == 1 and len(rows[0].cells) == 1:
            return self.read(rows[0].cells[0].element)  # a frame around text, not a table
        texts: list[RowText] = []
        after: list[Piece] = []
        turns = 0
        self.cells_deep += 1
        for row in rows:
            cells = self.turns.side_by_side(partial(self.read, c.element) for c in row.cells)
            spans = (cell.span for cell in row.cells)
            texts.append(RowText(row.skipped, tuple(zip(map(_shown, cells), spans, strict=True))))
            after += [p for pieces in cells for p in pieces if _stands_after(p)]
            turns += max((sum(p.turns for p in pieces) for pieces in cells), default=0)
        self.cells_deep -= 1
        text = flat_table(texts) if self.cells_deep else markdown_table(texts)
        return [Piece(text, BlockKind.TABLE, turns=turns), *(replace(p, turns=0) for p in after)]


def _stands_after(piece: Piece) -> bool:
    """Tell what of a cell cannot stand in the table's own text."""
    return piece.set_apart is not None or piece.kind in {BlockKind.NOTE, BlockKind.COMMENT}


def _shown(pieces: list[Piece]) -> str:
    """Give the text of a cell as one line."""
    shown = [p for p in pieces if not _stands_after(p)]
    return "".join((" " if p.separator else "") + p.text for p in shown)


def cut_at_turns(text: str, traits: ParagraphTraits) -> list[Piece]:
    """Cut a paragraph where the page turns; the parts stay as far apart as the text has it."""
    pieces: list[Piece] = []
    parts = text.split(TURN)
    gap: str | None = None  # None until there is text to be apart from
    for number, part in enumerate(parts, start=1):
        lead = part[: len(part) - len(part.lstrip())]
        separator = BLOCK_SEPARATOR if gap is None else gap + lead
        turns = 1 if number < len(parts) else 0
        pieces.append(Piece(part, traits.kind, traits.level, separator=separator, turns=turns))
        if part.strip():
            gap = part[len(part.rstrip()) :]
        elif gap is not None:
            gap += part
    return pieces
