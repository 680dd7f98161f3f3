"""Blocks of a Word file, made from Markdown tokens: headings, paragraphs, lists, quotes, code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from tasks.write.anchors import ANCHOR
from tasks.write.docx.contents import Heading
from tasks.write.docx.inline import runs
from tasks.write.docx.lists import DEEPEST_LEVEL, STEP_TWIPS
from tasks.write.docx.looks import DEEPEST_HEADING
from tasks.write.docx.resources import Resources
from tasks.write.docx.tables import MOST_COLUMNS, Cell, joined, table
from tasks.write.docx.xml import Paragraph, run
from tasks.write.inner import plain

_QUOTE_TWIPS = 440  # as the style has it
_CODE_TWIPS = 100
_FARTHEST_TWIPS = 5000  # beyond it deeper text would have no room left
_AFTER_LIST_TWIPS = 140


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
    """Writes Markdown tokens as the blocks of a document, and keeps its headings."""

    def __init__(self, resources: Resources) -> None:
        self.headings: list[Heading] = []
        self._resources = resources
        self._blocks: list[Paragraph | str] = []
        self._places = [_Place()]
        self._mark_is_due = False
        self._top_heading = 1
        self._heading_level: int | None = None
        self._cell: Token | None = None
        self._rows: list[list[Cell]] = []
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

    def write(self, tokens: Sequence[Token]) -> str:
        """Write some blocks; their highest heading becomes Heading 1."""
        levels = [int(token.tag[1:]) for token in tokens if token.type == "heading_open"]
        self._top_heading = min(levels, default=1)
        for token in tokens:
            step = self._steps.get(token.type)
            if step is not None:
                step(token)
        blocks, self._blocks = self._blocks, []
        return "".join(map(str, blocks))

    @property
    def _place(self) -> _Place:
        return self._places[-1]

    def _add_inline(self, token: Token) -> None:
        """Set the text of a paragraph, heading or cell."""
        children = token.children or ()
        if self._cell is not None:
            side = str(self._cell.attrs.get("style", "")).removeprefix("text-align:")
            self._rows[-1].append(Cell(children, plain(children), side))
            self._cell = None
        elif self._heading_level is not None and self._place == _Place():
            self._add_heading(children, self._heading_level - self._top_heading + 1)
        else:
            # A heading in a list or quote is none of the document's.
            self._add_paragraph(children, strong=self._heading_level is not None)

    def _add_heading(self, children: Sequence[Token], level: int) -> None:
        """Set a heading under a name of its own, to which the contents lead."""
        text = plain(children)
        heading = Heading(level=level, text=text, number=len(self.headings) + 1)
        self.headings.append(heading)
        style = self._resources.sheet.id(f"heading {min(level, DEEPEST_HEADING)}")
        content = heading.bookmarked(runs(children, self._resources))
        self._blocks.append(Paragraph(style=style, content=content, text=text))

    def _add_paragraph(self, children: Sequence[Token] = (), *, strong: bool = False) -> None:
        """Set a paragraph in the style of its place, with the list item's mark if it is due."""
        place = self._place
        marked, self._mark_is_due = self._mark_is_due, False
        paragraph = Paragraph(
            style=self._resources.sheet.id(self._style(marked=marked)),
            content=runs(children, self._resources, strong=strong),
            text=plain(children),
        )
        if marked:
            paragraph = self._numbered(paragraph)
        elif place.indent_twips and place != _Place(quoted=True, indent_twips=_QUOTE_TWIPS):
            paragraph = replace(paragraph, left=place.indent_twips)
        self._blocks.append(paragraph)

    def _style(self, *, marked: bool) -> str:
        """Name the style of a paragraph at this place."""
        place = self._place
        if place.quoted:
            return "Quote"
        if place.list_level >= 0:
            suffix = ("", " 2", " 3")[min(place.list_level, 2)]
            return f"List {place.list_kind if marked else 'Continue'}{suffix}"
        return "Normal"

    def _numbered(self, paragraph: Paragraph) -> Paragraph:
        """Make a paragraph a list item, indented by hand only where its level does not say it."""
        place = self._place
        level = min(place.list_level, DEEPEST_LEVEL)
        paragraph = replace(paragraph, number=(level, place.list_number))
        if place.indent_twips == STEP_TWIPS * (level + 1):
            return paragraph
        return replace(paragraph, left=place.indent_twips, hanging=STEP_TWIPS)

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
        number = self._resources.numbering.bullets
        if token.type == "ordered_list_open":
            start = int(token.attrs.get("start", 1))
            number = self._resources.numbering.ordered(
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
        last = self._blocks[-1] if self._blocks else ""
        if self._place.list_level < 0 and isinstance(last, Paragraph):
            self._blocks[-1] = replace(last, after=_AFTER_LIST_TWIPS)

    def _open_item(self, token: Token) -> None:
        self._set_due_mark(token)
        self._mark_is_due = True

    def _set_due_mark(self, _token: Token) -> None:
        """Set the mark of an item that does not begin with text in a paragraph of its own."""
        if self._mark_is_due:
            self._add_paragraph()

    def _add_code(self, token: Token) -> None:
        """Set code as one paragraph with line breaks, so that its box is one."""
        self._set_due_mark(token)
        indent = self._place.indent_twips
        self._blocks.append(
            Paragraph(
                style=self._resources.sheet.id("Code"),
                content=run(ANCHOR.sub("", token.content.removesuffix("\n"))),
                left=indent + _CODE_TWIPS if indent else None,
            )
        )

    def _add_rule(self, token: Token) -> None:
        self._set_due_mark(token)
        self._blocks.append(Paragraph(style=self._resources.sheet.id("Rule")))

    def _open_row(self, _token: Token) -> None:
        self._rows.append([])

    def _open_cell(self, token: Token) -> None:
        self._cell = token

    def _close_table(self, token: Token) -> None:
        self._set_due_mark(token)
        rows, self._rows = self._rows, []
        if len(rows[0]) <= MOST_COLUMNS:
            self._blocks.append(table(rows, self._resources, indent_twips=self._place.indent_twips))
            return
        for row in rows:
            self._add_paragraph(joined(row))
