"""The tables of a document, and how many of their cells are right."""

from collections import Counter
from collections.abc import Sequence

from tasks.core.documents import BlockKind, Document
from tasks.core.tables import rows_of


def tables(document: Document, page: int | None = None) -> list[list[list[str]]]:
    return [
        rows_of(document.text_of(block))
        for block in document.blocks
        if block.kind is BlockKind.TABLE and page in {None, block.page}
    ]


def cell_f1(found: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> float:
    """Compare cells as (text, header above, first of the row), so that places count, too."""
    ours, theirs = _placed(found), _placed(wanted)
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def _placed(rows: Sequence[Sequence[str]]) -> Counter[tuple[str, int, str]]:
    return Counter(
        (cell.replace(" ", ""), column, row[0].replace(" ", ""))
        for row in rows
        for column, cell in enumerate(row)
        if cell.strip()
    )
