"""The passages of one page, its tables among them."""

from collections.abc import Iterator, Sequence

from tasks.core.documents import BlockKind, Doubt, Link
from tasks.extract.pdf.layout.hyphens import Hyphens
from tasks.extract.pdf.layout.paragraphs import Outline, Passage, lay_out, usual_leading
from tasks.extract.pdf.lines.boxes import around
from tasks.extract.pdf.lines.line import Line
from tasks.extract.pdf.page import PageText
from tasks.extract.pdf.tables.find import Table
from tasks.extract.rows import markdown_table


def passages_of(
    page: PageText, heads: frozenset[int], outline: Outline, hyphens: Hyphens
) -> Iterator[Passage]:
    """Give the passages of a page in reading order; a table stands where its first line does."""
    tables = {
        index: table for table in page.tables if not table.lines & heads for index in table.lines
    }
    leading = usual_leading(page.lines)
    lines: list[Line] = []
    written: set[Table] = set()
    for index, line in enumerate(page.lines):
        table = tables.get(index)
        if index in heads or table in written:
            continue
        if table is None:
            lines.append(line)
            continue
        yield from lay_out(lines, outline, hyphens, leading)
        yield _of_table(table, page.lines)
        written.add(table)
        lines = []
    yield from lay_out(lines, outline, hyphens, leading)


def _of_table(table: Table, lines: Sequence[Line]) -> Passage:
    text = markdown_table(table.rows)
    own = [lines[index] for index in sorted(table.lines)]
    return Passage(
        kind=BlockKind.TABLE,
        text=text,
        box=around(line.box for line in own),
        marks=tuple(_marks(text, own)),
        continues=table.continues,
    )


def _marks(text: str, lines: Sequence[Line]) -> Iterator[Link | Doubt]:
    """Find the marked words of a table's lines in its cells, in order as far as they are there."""
    at = 0
    for line in lines:
        for mark in line.marks:
            words = line.text[mark.start : mark.end]
            found = text.find(words, at)
            if words and found >= 0:
                at = found + len(words)
                yield mark.moved(found - mark.start)
