"""Blocks of a Word file, made from Markdown tokens: headings, paragraphs, lists, quotes, code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from docx.document import Document
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph
from markdown_it.token import Token

from tasks.write.docx.inline import add_inline
from tasks.write.docx.lists import DEEPEST_LEVEL, STEP_TWIPS, Numbering
from tasks.write.docx.styles import DEEPEST_HEADING
from tasks.write.docx.tables import MOST_COLUMNS, Cell, add_paragraph, add_table, joined

_QUOTE_TWIPS = 440  # as the style has it
_FARTHEST_TWIPS = 5000  # beyond it deeper text would have no room left
_AFTER_LIST_PT = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a block stands: right inside a quote or list, and how deep in lists, from 0."""

    quoted: bool = False
    indent_twips: int = 0
    list_level: int = -1
    list_kind: str = ""
    list_number: int = 0

    def further_in(self, by_twips: int) -> "_Place":
        """Give a place with more indent."""
        return replace(self, indent_twips=min(self.indent_twips + by_twips, _FARTHEST_TWIPS))


class BlockWriter:
    """Writes Markdown tokens at the end of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._numbering = Numbering(document)
        self._places = [_Place()]
        self._mark_is_due = False
        self._top_heading = 1
        self._heading_level: int | None = None
        self._cell: Token | None = None
        self._rows: list[list[Cell]] = []
        self._last: Paragraph | None = None
        self._steps: dict[str, Callable[[Token], None]] = {
            "inline": self._add_inline,
            "heading_open": self._open_heading,
            "heading_close": self._close_heading,
            "blockquote_open": self._open_quote,
            "blockquote_close": self._leave,
            "bullet_list_open": self._open_list,
            "bullet_list_close": self._close_list,
            "ordered_list_open": self._open_list,
            "ordered_list_close": self._close_list,
            "list_item_open": self._open_item,
            "list_item_close": self._set_due_mark,
            "fence": self._add_code,
            "code_block": self._add_code,
            "hr": self._add_rule,
            "tr_open": self._open_row,
            "th_open": self._open_cell,
            "td_open": self._open_cell,
            "table_close": self._close_table,
        }

    def write(self, tokens: Sequence[Token]) -> None:
        """Write some blocks; their highest heading becomes Heading 1."""
        levels = [int(token.tag[1:]) for token in tokens if token.type == "heading_open"]
        self._top_heading = min(levels, default=1)
        for token in tokens:
            step = self._steps.get(token.type)
            if step is not None:
                step(token)

    @property
    def _place(self) -> _Place:
        return self._places[-1]

    def _add_inline(self, token: Token) -> None:
        """Set the text of a paragraph, heading or cell."""
        children = token.children or ()
        if self._cell is not None:
            side = str(self._cell.attrs.get("style", "")).removeprefix("text-align:")
            self._rows[-1].append(Cell(children, token.content, side))
            self._cell = None
            return
        paragraph = self._new_paragraph()
        add_inline(paragraph, children)
        if self._heading_level is not None and self._place != _Place():
            # A heading in a list or quote is none of the document's.
            for run in paragraph.runs:
                run.bold = True

    def _new_paragraph(self) -> Paragraph:
        """Begin a paragraph in the style of its place, with the list item's mark if it is due."""
        place = self._place
        marked, self._mark_is_due = self._mark_is_due, False
        self._last = paragraph = add_paragraph(self._document, self._style(marked=marked))
        if marked:
            self._number(paragraph)
        elif place.indent_twips and place != _Place(quoted=True, indent_twips=_QUOTE_TWIPS):
            paragraph.paragraph_format.left_indent = Twips(place.indent_twips)
        return paragraph

    def _style(self, *, marked: bool) -> str:
        """Name the style of a paragraph at this place."""
        place = self._place
        if place.quoted:
            return "Quote"
        if place.list_level >= 0:
            suffix = ("", " 2", " 3")[min(place.list_level, 2)]
            return f"List {place.list_kind if marked else 'Continue'}{suffix}"
        if self._heading_level is not None:
            level = self._heading_level - self._top_heading + 1
            return f"heading {min(level, DEEPEST_HEADING)}"
        return "Normal"

    def _number(self, paragraph: Paragraph) -> None:
        """Make a paragraph a list item, indented by hand only where its level does not say it."""
        place = self._place
        level = min(place.list_level, DEEPEST_LEVEL)
        numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbering.get_or_add_ilvl().val = level
        numbering.get_or_add_numId().val = place.list_number
        if place.indent_twips != STEP_TWIPS * (level + 1):
            paragraph.paragraph_format.left_indent = Twips(place.indent_twips)
            paragraph.paragraph_format.first_line_indent = Twips(-STEP_TWIPS)

    def _open_heading(self, token: Token) -> None:
        self._heading_level = int(token.tag[1:])

    def _close_heading(self, _token: Token) -> None:
        self._heading_level = None

    def _open_quote(self, token: Token) -> None:
        self._set_due_mark(token)
        self._places.append(replace(self._place, quoted=True).further_in(_QUOTE_TWIPS))

    def _leave(self, _token: Token) -> None:
        self._places.pop()

    def _open_list(self, token: Token) -> None:
        """Begin a list; an ordered one gets a numbering of its own."""
        self._set_due_mark(token)
        level = self._place.list_level + 1
        number = self._numbering.bullets
        if token.type == "ordered_list_open":
            start = int(token.attrs.get("start", 1))
            number = self._numbering.ordered(
                delimiter=token.markup or ".", start=start, level=min(level, DEEPEST_LEVEL)
            )
        kind = "Bullet" if token.type == "bullet_list_open" else "Number"
        place = _Place(
            indent_twips=self._place.indent_twips,
            list_level=level,
            list_kind=kind,
            list_number=number,
        )
        self._places.append(place.further_in(STEP_TWIPS))

    def _close_list(self, _token: Token) -> None:
        """End a list; below the outermost one stands the space of a paragraph."""
        self._places.pop()
        if self._place.list_level < 0 and self._last is not None:
            self._last.paragraph_format.space_after = Pt(_AFTER_LIST_PT)

    def _open_item(self, token: Token) -> None:
        self._set_due_mark(token)
        self._mark_is_due = True

    def _set_due_mark(self, _token: Token) -> None:
        """Set the mark of an item that does not begin with text in a paragraph of its own."""
        if self._mark_is_due:
            self._new_paragraph()

    def _add_code(self, token: Token) -> None:
        """Set code as one paragraph with line breaks, so that its box is one."""
        self._set_due_mark(token)
        self._last = paragraph = add_paragraph(self._document, "Code")
        paragraph.add_run(token.content.removesuffix("\n"))
        if self._place.indent_twips:
            paragraph.paragraph_format.left_indent = Twips(self._place.indent_twips + 100)

    def _add_rule(self, token: Token) -> None:
        self._set_due_mark(token)
        self._last = add_paragraph(self._document, "Rule")

    def _open_row(self, _token: Token) -> None:
        self._rows.append([])

    def _open_cell(self, token: Token) -> None:
        self._cell = token

    def _close_table(self, token: Token) -> None:
        self._set_due_mark(token)
        rows, self._rows = self._rows, []
        if len(rows[0]) <= MOST_COLUMNS:
            add_table(self._document, rows, indent_twips=self._place.indent_twips)
            return
        for row in rows:
            add_inline(self._new_paragraph(), joined(row))
