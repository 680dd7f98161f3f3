"""The walk over the tree of a web page, to pieces: what its reader sees, and what not."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tasks.core.documents import BlockKind
from tasks.extract.assemble import Piece
from tasks.extract.html.css import Element, Look, Sheet
from tasks.extract.links import Links
from tasks.extract.rows import markdown_table

_NO_TEXT = {"script", "style", "head", "title", "meta", "link", "base", "object", "embed"}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd"),
    *("details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
    *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("header", "hgroup", "hr", "html", "legend", "li", "main", "menu"),
    *("nav", "ol", "p", "pre", "section", "summary", "table", "tbody"),
    *("td", "template", "tfoot", "th", "thead", "tr", "ul"),
}
_HEADING = re.compile("h([1-6])")
_SPACES = re.compile("[ \t\n\r\f]+")
_MAX_COLUMNS = 200


@dataclass(slots=True)
class _Flow:
    """The paragraph that is being filled: text with the reason why nobody sees it, if so."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None
    parts: list[tuple[str, str | None]] = field(default_factory=list)
    verbatim: bool = False


class Walk:
    """Walks one page; `base` is put before the targets of its links."""

    def __init__(self, sheet: Sheet, links: Links) -> None:
        self._sheet = sheet
        self._links = links
        self._pieces: list[Piece] = []
        self._flow = _Flow()
        self._lists: list[int | None] = []  # the next number of each open list, None for bullets

    def read(self, root: Element, look: Look | None = None) -> list[Piece]:
        """Give the pieces of an element and all below it."""
        self._element(root, look or Look())
        self._close()
        return self._pieces

    def _element(self, element: Element, around: Look) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _NO_TEXT:
            return
        look = around.within(element, self._sheet.style_of(element))
        handler = _HANDLERS.get(tag)
        if handler is not None:
            handler(self, element, look)
        elif tag in _BLOCKS:
            self._block(element, look)
        else:
            self._inside(element, look)

    def _inside(self, element: Element, look: Look) -> None:
        self._say(element.text, look)
        for child in element:
            self._element(child, look)
            self._say(child.tail, look)

    def _block(self, element: Element, look: Look) -> None:
        around = self._flow
        self._close()
        heading = _HEADING.fullmatch(element.tag)
        if heading:
            self._flow = _Flow(BlockKind.HEADING, int(heading[1]))
        elif around.kind is not BlockKind.PARAGRAPH:
            self._flow = replace(around, parts=[])
        self._inside(element, look)
        self._close()
        self._flow = replace(around, parts=[])

    def _list(self, element: Element, look: Look) -> None:
        self._close()
        start = element.get("start") or "1"
        number = int(start) if start.lstrip("-").isdecimal() else 1
        self._lists.append(number if element.tag == "ol" else None)
        self._inside(element, look)
        self._close()
        self._lists.pop()

    def _item(self, element: Element, look: Look) -> None:
        around = self._flow
        self._close()
        number = self._lists[-1] if self._lists else None
        self._flow = _Flow(BlockKind.LIST_ITEM, max(len(self._lists), 1))
        self._say("• " if number is None else f"{number}. ", look)
        if number is not None:
            self._lists[-1] = number + 1
        self._inside(element, look)
        self._close()
        self._flow = replace(around, parts=[])

    def _preformatted(self, element: Element, look: Look) -> None:
        self._close()
        self._flow = _Flow(verbatim=True)
        self._inside(element, look)
        self._close()
        self._flow = _Flow()

    def _line_break(self, _: Element, look: Look) -> None:
        self._flow.parts.append(("\v", look.unseen))

    def _link(self, element: Element, look: Look) -> None:
        target = element.get("href")
        mark = len(self._flow.parts)
        flow = self._flow
        self._inside(element, look)
        has_text = any(text.strip() and not unseen for text, unseen in flow.parts[mark:])
        if target and flow is self._flow and has_text:
            before, after = self._links.marks(target)
            flow.parts.insert(mark, (before, None))
            flow.parts.append((after, None))

    def _picture(self, element: Element, look: Look) -> None:
        text = " ".join((element.get("alt") or "").split())
        if text:
            self._say(f"[Picture: {text}]", look)

    def _input(self, element: Element, look: Look) -> None:
        kind = (element.get("type") or "text").lower()
        if kind == "checkbox":
            self._say("☒" if "checked" in element.attrib else "☐", look)
        elif kind not in {"hidden", "password"}:
            self._say(element.get("value") or element.get("placeholder"), look)

    def _table(self, element: Element, look: Look) -> None:
        """Read a table of data as one block; one that only lays a page out, cell by cell."""
        if element.find(".//table") is not None or element.get("role") in {"presentation", "none"}:
            self._block(element, look)
            return
        self._close()
        caption = element.find("caption")
        if caption is not None:
            self._element(caption, look)
        rows, hidden = self._rows(element, look)
        if max(map(len, rows), default=0) < 2:
            self._block(element, look)
            return
        self._pieces.append(Piece(markdown_table(rows), BlockKind.TABLE))
        self._pieces += hidden

    def _rows(self, table: Element, look: Look) -> tuple[list[list[str]], list[Piece]]:
        rows: list[list[str]] = []
        hidden: list[Piece] = []
        down: dict[int, int] = {}  # column to the rows that a cell above still takes of it
        for row, row_look in self._table_rows(table, look):
            cells: list[str] = []
            for cell in row.iterchildren("td", "th"):
                _skip_taken(cells, down)
                pieces = Walk(self._sheet, self._links).read(cell, row_look)
                text = " ".join(p.text for p in pieces if p.set_apart is None)
                hidden += [p for p in pieces if p.set_apart is not None]
                wide, tall = (_span(cell, name) for name in ("colspan", "rowspan"))
                down |= dict.fromkeys(range(len(cells), len(cells) + wide), tall - 1)
                cells += [text, *[""] * (wide - 1)]
            _skip_taken(cells, down)
            if cells:
                rows.append(cells)
        return [row for row in rows if any(row)], hidden

    def _table_rows(self, table: Element, look: Look) -> Iterator[tuple[Element, Look]]:
        for child in table:
            if child.tag in {"thead", "tbody", "tfoot"}:
                inner = look.within(child, self._sheet.style_of(child))
                yield from self._table_rows(child, inner)
            elif child.tag == "tr":
                yield child, look.within(child, self._sheet.style_of(child))

    def _say(self, text: str | None, look: Look) -> None:
        if text:
            text = text.translate(_CONTROLS)
            collapsed = text if self._flow.verbatim else _SPACES.sub(" ", text)
            self._flow.parts.append((collapsed, look.unseen))

    def _close(self) -> None:
        """Give the paragraph as pieces: what is seen of it, then what is not."""
        flow = self._flow
        seen = _joined([text for text, unseen in flow.parts if unseen is None], flow.verbatim)
        bare = re.sub(r"^(?:•|-?\d+\.) ?$", "", seen) if flow.kind is BlockKind.LIST_ITEM else seen
        if bare:
            self._pieces.append(Piece(seen, flow.kind, flow.level))
        apart: dict[str, list[str]] = {}
        for text, unseen in flow.parts:
            if unseen is not None:
                apart.setdefault(unseen, []).append(text)
        for reason, texts in apart.items():
            hidden = _joined(texts, flow.verbatim)
            self._pieces.append(Piece(hidden, flow.kind, flow.level, set_apart=reason))
        flow.parts = []


# Marks of ours, and what XML would not hold: a page may bring them as `&#14;`.
_CONTROLS = {code: " " for code in range(32) if chr(code) not in "\t\n\r"}


def _joined(parts: list[str], verbatim: bool) -> str:  # noqa: FBT001 a private word on white space
    text = "".join(parts)
    if not verbatim:
        text = re.sub(" *\v *", "\v", re.sub(" +", " ", text))
    return text.replace("\v", "\n").strip("\n" if verbatim else None)


def _skip_taken(cells: list[str], down: dict[int, int]) -> None:
    """Leave empty the columns that cells of rows above still take."""
    while down.get(len(cells), 0) > 0:
        down[len(cells)] -= 1
        cells.append("")


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), _MAX_COLUMNS) if value.isdecimal() else 1


_Handler = Callable[[Walk, Any, Look], None]
_HANDLERS: dict[str, _Handler] = {
    "a": Walk._link,
    "br": Walk._line_break,
    "img": Walk._picture,
    "area": Walk._picture,
    "input": Walk._input,
    "li": Walk._item,
    "ol": Walk._list,
    "ul": Walk._list,
    "menu": Walk._list,
    "pre": Walk._preformatted,
    "textarea": Walk._preformatted,
    "table": Walk._table,
}
