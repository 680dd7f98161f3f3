"""Tables of Word files: a header row that repeats, and columns as wide as their text needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph
from markdown_it.token import Token

from tasks.write.docx.inline import add_inline
from tasks.write.docx.styles import TEXT_WIDTH, style_id

MOST_COLUMNS = 63  # Word opens no table with more

_WIDEST = 60  # characters; what is longer is prose and wraps well
_LONGEST_WORD = 24
_PADDING = 3
_UNSPLIT_CHARACTERS = 800  # a longer row may be cut by the end of a page
_NARROW_FROM_COLUMNS = 7
_ALIGNMENTS = {"right": "end", "center": "center"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: its inline tokens, its text for measuring, and its alignment."""

    tokens: Sequence[Token]
    text: str
    alignment: str | None = None


def plain_cell(text: str) -> Cell:
    """Make a cell of plain text."""
    return Cell([Token("text", "", 0, content=text)], text)


def strong_cell(text: str) -> Cell:
    """Make a cell of plain text in bold."""
    return Cell([Token("strong_open", "strong", 1), *plain_cell(text).tokens], text)


def joined(row: Sequence[Cell]) -> list[Token]:
    """Give a row as one line, for a table that Word would not open."""
    between = Token("text", "", 0, content=" | ")
    return [token for cell in row for token in (between, *cell.tokens)][1:]


def add_table(
    document: Document,
    rows: Sequence[Sequence[Cell]],
    *,
    indent_twips: int = 0,
    headed: bool = True,
) -> None:
    """Set a table at the end of a document; if `headed`, its first row repeats on each page.

    One without a header is short and stays on one page with the heading above it.
    """
    widths = column_widths(rows, total=TEXT_WIDTH.twips - indent_twips)
    table = parse_xml(_opening(widths, indent_twips))
    for index, row in enumerate(rows):
        is_header = headed and index == 0
        line = parse_xml(_row(row, is_header=is_header))
        style = _style(row, is_header=is_header)
        kept = not headed and index < len(rows) - 1
        for cell, width in zip(row, widths, strict=True):
            line.append(_cell(document, cell, width=width, style=style, kept=kept))
        table.append(line)
    append(document, table)
    # Without a paragraph between them Word joins two tables, and it wants one behind the last.
    add_paragraph(document, "Table Gap")


def column_widths(rows: Sequence[Sequence[Cell]], *, total: int) -> list[int]:
    """Share a width out: each column gets its longest word, then by how much text it has."""
    columns = list(zip(*rows, strict=True))
    least = [_PADDING + min(_LONGEST_WORD, _longest(_words(column))) for column in columns]
    full = [_PADDING + min(_WIDEST, _longest(c.text for c in column)) for column in columns]
    # In characters; the text face of tables has about 100 twips to one.
    spare = max(0, total // 100 - sum(least))
    wish = [max(0, wide - narrow) for wide, narrow in zip(full, least, strict=True)]
    weights = [n + spare * w / (sum(wish) or 1) for n, w in zip(least, wish, strict=True)]
    widths = [int(total * weight / sum(weights)) for weight in weights]
    widths[-1] += total - sum(widths)
    return widths


def add_paragraph(document: Document, style: str) -> Paragraph:
    """Add an empty paragraph to a document's end, in time that does not grow with its length."""
    element = OxmlElement("w:p")
    element.style = style_id(style)
    append(document, element)
    return Paragraph(element, document._body)


def append(document: Document, element: BaseOxmlElement) -> None:
    """Put an element before the section's properties, which close the body."""
    document.element.body[-1].addprevious(element)


def _words(column: Iterable[Cell]) -> Iterable[str]:
    return (word for cell in column for word in cell.text.split())


def _longest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def _opening(widths: Sequence[int], indent_twips: int) -> str:
    """Write a table without its rows."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="{indent_twips}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid></w:tbl>'
    )


def _row(row: Sequence[Cell], *, is_header: bool) -> str:
    """Write a row without its cells."""
    short = sum(len(cell.text) for cell in row) < _UNSPLIT_CHARACTERS
    whole = "<w:cantSplit/>" if short else ""
    repeated = "<w:tblHeader/>" if is_header and short else ""
    return f"<w:tr {nsdecls('w')}><w:trPr>{whole}{repeated}</w:trPr></w:tr>"


def _style(row: Sequence[Cell], *, is_header: bool) -> str:
    narrow = " Narrow" if len(row) >= _NARROW_FROM_COLUMNS else ""
    return f"Table {'Heading' if is_header else 'Text'}{narrow}"


def _cell(document: Document, cell: Cell, *, width: int, style: str, kept: bool) -> BaseOxmlElement:
    """Make a cell with its text."""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if "Heading" in style else ""
    side = _ALIGNMENTS.get(cell.alignment or "")
    aligned = f'<w:jc w:val="{side}"/>' if side else ""
    keeping = "<w:keepNext/>" if kept else ""
    element = parse_xml(
        f'<w:tc {nsdecls("w")}><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style_id(style)}"/>{keeping}{aligned}</w:pPr></w:p></w:tc>'
    )
    add_inline(Paragraph(element[-1], document._body), cell.tokens)
    return element
