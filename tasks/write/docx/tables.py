"""Tables of Word files: a header row that repeats, and columns as wide as their text needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from tasks.write.columns import column_widths
from tasks.write.direction import reads_right_to_left
from tasks.write.docx.inline import runs
from tasks.write.docx.resources import Resources
from tasks.write.docx.xml import Paragraph
from tasks.write.inner import plain

MOST_COLUMNS = 63  # Word opens no table with more

_UNSPLIT_CHARACTERS = 800  # a longer row may be cut by the end of a page
_NARROW_FROM_COLUMNS = 7


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


def table(
    rows: Sequence[Sequence[Cell]],
    resources: Resources,
    *,
    indent_twips: int = 0,
    headed: bool = True,
) -> str:
    """Write a table; if `headed`, its first row repeats on each page.

    One without a header is short and stays on one page with the heading above it.
    """
    texts = [[cell.text for cell in row] for row in rows]
    widths = column_widths(texts, total=resources.sheet.width - indent_twips)
    lines = []
    for index, row in enumerate(rows):
        is_header = headed and index == 0
        kept = not headed and index < len(rows) - 1
        style = resources.sheet.id(_style(row, is_header=is_header))
        cells = "".join(
            _cell(cell, resources, width=width, style=style, shaded=is_header, kept=kept)
            for cell, width in zip(row, widths, strict=True)
        )
        lines.append(f"<w:tr>{_row_properties(row, is_header=is_header)}{cells}</w:tr>")
    opening = _opening(rows, widths, indent_twips, resources)
    # Without a paragraph between them Word joins two tables, and it wants one behind the last.
    gap = Paragraph(style=resources.sheet.id("Table Gap"))
    return f"<w:tbl>{opening}{''.join(lines)}</w:tbl>{gap}"


def _opening(
    rows: Sequence[Sequence[Cell]], widths: Sequence[int], indent_twips: int, resources: Resources
) -> str:
    """Write what stands before the rows; in a table from the right the first column is there."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    turned = "<w:bidiVisual/>" if reads_right_to_left(" ".join(c.text for c in rows[0])) else ""
    return (
        f'<w:tblPr><w:tblStyle w:val="{resources.sheet.id("Table Grid")}"/>{turned}'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="{indent_twips}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
    )


def _row_properties(row: Sequence[Cell], *, is_header: bool) -> str:
    """Say of a row that it is not to be cut, and of a header that it repeats."""
    short = sum(len(cell.text) for cell in row) < _UNSPLIT_CHARACTERS
    if not short:
        return ""
    return f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_header else ''}</w:trPr>"


def _style(row: Sequence[Cell], *, is_header: bool) -> str:
    narrow = " Narrow" if len(row) >= _NARROW_FROM_COLUMNS else ""
    return f"Table {'Heading' if is_header else 'Text'}{narrow}"


def _cell(
    cell: Cell, resources: Resources, *, width: int, style: str, shaded: bool, kept: bool
) -> str:
    """Write a cell with its text."""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if shaded else ""
    paragraph = Paragraph(
        style=style,
        content=runs(cell.tokens, resources),
        text=plain(cell.tokens),
        keep_next=kept,
        side=cell.alignment if cell.alignment in {"right", "center"} else None,
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{paragraph}</w:tc>'
