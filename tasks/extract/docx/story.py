"""The walk over a story of a Word file: body, note, comment, header or text box, to pieces."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from tasks.core.documents import BlockKind
from tasks.extract.assemble import BLOCK_SEPARATOR, Piece
from tasks.extract.docx.context import Context
from tasks.extract.docx.held import Inline
from tasks.extract.docx.inline import INVISIBLE, InlineReader
from tasks.extract.docx.look import Look, fill_of
from tasks.extract.docx.numbering import Counters
from tasks.extract.docx.pages import TURN, NoTurns, PageTurns
from tasks.extract.docx.shapes import behind_box, box_unseen
from tasks.extract.docx.styles import ParagraphTraits
from tasks.extract.docx.tables import Row, RowText, flat_table, markdown_table, rows_of, strays_of
from tasks.extract.rows import plain_table
from tasks.extract.xml import MC, Element, M, R, W, alternative

FIELD_CODE = "field code"

# Found between paragraphs, these are a paragraph of their own.
_INLINE = {f"{W}r", f"{W}hyperlink", f"{W}fldSimple", f"{M}oMath", f"{M}oMathPara"}
_DELETED_MARKS = (f"{W}rPr/{W}del", f"{W}rPr/{W}moveFrom")
_LEAD = re.compile(r"\s*")


NoteReader = Callable[[str, str], list[Piece]]  # (kind, id) to the pieces of a note or comment


def no_notes(_kind: str, _id: str) -> list[Piece]:
    """Stand in where a story refers to no notes."""
    return []


@dataclass(slots=True, kw_only=True)
class Story:
    """Reads one story; `notes` is asked for each note and comment that the story refers to.

    `section_turns` says for each section but the last whether the page turns after it. `background`
    lies behind the text, None where nobody can tell, as for the paragraphs `near_floats`.
    """

    context: Context
    turns: PageTurns = field(default_factory=NoTurns)
    notes: NoteReader = no_notes
    section_turns: Iterator[bool] = field(default_factory=lambda: iter(()))
    cells_deep: int = 0
    background: str | None = None
    near_floats: Collection[Element] = ()
    _carried: Inline | None = None
    _counters: Counters = field(init=False)

    def __post_init__(self) -> None:
        self._counters = Counters(self.context.styles.numbering)

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
            elif tag == f"{W}altChunk":
                pieces += self._end_carried()
                pieces += self._shown_here(child.get(f"{R}id", ""), None)
            elif tag in _INLINE:
                pieces += self._loose(child)
            elif tag == f"{MC}AlternateContent":
                branch = alternative(child)
                self._read_into(pieces, () if branch is None else branch)
            elif not self.context.anchors.take(child) and tag not in INVISIBLE:
                self._read_into(pieces, child)

    def _paragraph(self, paragraph: Element) -> list[Piece]:
        properties = paragraph.find(f"{W}pPr")
        traits = self.context.styles.paragraph(properties, self._behind(paragraph))
        inline = self._carried or Inline()
        self._carried = None
        if traits.page_before:
            inline.visible.append(self.turns.implied())
        InlineReader(inline, self.context, self.turns, look=traits.look).read(paragraph)
        self.context.anchors.say("\n")
        if properties is None:
            return self._finish(inline, traits)
        if self._ends_deleted(properties):
            self._carried = inline  # with its end deleted it runs on into the next paragraph
            return []
        pieces = self._finish(inline, traits)
        if properties.find(f"{W}sectPr") is not None and next(self.section_turns, False):
            pieces += cut_at_turns(self.turns.implied(), traits)
        return pieces

    def _behind(self, paragraph: Element) -> str | None:
        return None if paragraph in self.near_floats else self.background

    def _ends_deleted(self, properties: Element) -> bool:
        deleted = any(properties.find(mark) is not None for mark in _DELETED_MARKS)
        return deleted and not self.context.all_changes

    def _loose(self, element: Element) -> list[Piece]:
        """Read an inline element between paragraphs as a paragraph of its own."""
        traits = self.context.styles.paragraph(None, self.background)
        inline = Inline()
        InlineReader(inline, self.context, self.turns, look=traits.look).read_one(element)
        return self._finish(inline, traits)

    def _end_carried(self) -> list[Piece]:
        """Finish a paragraph whose end is deleted but that no other paragraph follows."""
        inline, self._carried = self._carried, None
        if inline is None:
            return []
        return self._finish(inline, self.context.styles.paragraph(None, self.background))

    def _finish(self, inline: Inline, traits: ParagraphTraits) -> list[Piece]:
        """Give a paragraph's text, then what is set apart from it, then what hangs on it."""
        pieces = cut_at_turns(self._labelled("".join(inline.visible), traits), traits)
        apart: dict[str, list[str]] = {}
        for reason, text in (*inline.hidden, *((FIELD_CODE, code) for code in inline.codes)):
            apart.setdefault(reason, []).append(text)
        for reason, parts in apart.items():
            pieces.append(Piece("".join(parts), traits.kind, traits.level, set_apart=reason))
        for box, look in inline.boxes:
            pieces += self._text_box(box, look)
        for name, look in inline.drawn:
            pieces += self._shown_here(name, look.unseen)
        for kind, name in inline.references:
            pieces += self.notes(kind, name)
        return pieces

    def _labelled(self, text: str, traits: ParagraphTraits) -> str:
        """Put the number before a paragraph; Word counts empty ones, too, but not hidden ones."""
        hidden = traits.look.hidden or (traits.hidden_end and not text.strip())
        if traits.list_id is None or hidden:
            return text
        label = self._counters.label(traits.list_id, traits.list_level)
        lead = _LEAD.match(text)
        at = lead.end() if lead else 0
        return text[:at] + label + text[at:] if at < len(text) else text

    def _text_box(self, box: Element, look: Look) -> list[Piece]:
        unseen = look.unseen or box_unseen(box)
        story = Story(
            context=self.context,
            notes=self.notes,
            cells_deep=self.cells_deep,
            background=behind_box(box, self._behind(next(box.iterancestors(f"{W}p"), box))),
        )
        return [replace(p, set_apart=p.set_apart or unseen) for p in story.read(box)]

    def _shown_here(self, name: str, unseen: str | None) -> list[Piece]:
        """Give what another part shows here; in a cell no table can stand as such."""
        pieces = self.context.shown(name)
        if self.cells_deep:
            pieces = [_flat(piece) for piece in pieces]
        return [replace(p, set_apart=p.set_apart or unseen) for p in pieces]

    def _table(self, table: Element) -> list[Piece]:
        """Give a table as one piece, and after it what its cells set apart or refer to."""
        rows = rows_of(table, deleted=self.context.all_changes)
        around = self.background
        self.background = self.context.styles.behind_table(table.find(f"{W}tblPr"), around)
        try:
            if len(rows) == 1 and len(rows[0].cells) == 1:
                pieces = self._cell(rows[0].cells[0].element)  # a frame around text, not a table
            else:
                pieces = self._grid(rows)
            self._read_into(pieces, strays_of(table))
            return pieces
        finally:
            self.background = around

    def _grid(self, rows: list[Row]) -> list[Piece]:
        texts: list[RowText] = []
        after: list[Piece] = []
        turns = 0
        self.cells_deep += 1
        for row in rows:
            cells = self.turns.side_by_side(partial(self._cell, c.element) for c in row.cells)
            shown = (_marked(_shown(pieces), row.change) for pieces in cells)
            spans = (cell.span for cell in row.cells)
            texts.append(RowText(row.skipped, tuple(zip(shown, spans, strict=True))))
            after += [p for pieces in cells for p in pieces if _stands_after(p)]
            turns += max((sum(p.turns for p in pieces) for pieces in cells), default=0)
        self.cells_deep -= 1
        text = flat_table(texts) if self.cells_deep else markdown_table(texts)
        return [Piece(text, BlockKind.TABLE, turns=turns), *(replace(p, turns=0) for p in after)]

    def _cell(self, cell: Element) -> list[Piece]:
        around = self.background
        self.background = fill_of(cell.find(f"{W}tcPr")) or around
        pieces = self.read(cell)
        self.background = around
        return pieces


def _flat(piece: Piece) -> Piece:
    is_table = piece.kind is BlockKind.TABLE
    return replace(piece, text=plain_table(piece.text)) if is_table else piece


def _marked(text: str, change: str) -> str:
    return f"{{{change}{text}{change}}}" if change and text else text


def _stands_after(piece: Piece) -> bool:
    """Tell what of a cell cannot stand in the table's own text."""
    return piece.set_apart is not None or piece.kind in {BlockKind.NOTE, BlockKind.COMMENT}


def _shown(pieces: list[Piece]) -> str:
    """Give the text of a cell as one line."""
    shown = [p for p in pieces if not _stands_after(p)]
    return " ".join("".join((" " if p.separator else "") + p.text for p in shown).split())


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
